"""A router's answers: kept, so that it is asked only for pairs that nobody asked for yet."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from services.cost.transport.travel.grid import to_degrees
from services.cost.transport.travel.known_pairs import KnownPairs, PairRows, codes_of
from services.cost.transport.travel.overlay import Said, overlay
from services.cost.transport.travel.router import MOST_AT_ONCE, Router
from services.cost.transport.travel.seam import UNKNOWN, Journeys, Points, Travel

Codes = NDArray[np.int64]
At = NDArray[np.int32]


class PairStore(Protocol):
    """Where the answers of one router in one mode are kept."""

    def load(self) -> PairRows:
        """All that is kept."""

    def add(self, rows: PairRows) -> None:
        """Keep these; a pair that is there already stays as it is."""

    def forget_before(self, day: date) -> None:
        """Delete what was said before a day. What is asked for again may be said otherwise, so prices may change."""


class AskedPairs:
    """What one router said, in memory and in its store. Safe to share between threads: one asks at a time.

    `keep_days`: an answer older than this is deleted, and asked for again when it is needed.
    """

    def __init__(self, router: Router, store: PairStore, keep_days: int, today: Callable[[], date]) -> None:
        self.router, self._store, self._keep_days, self._today = router, store, keep_days, today
        self._known: KnownPairs | None = None
        self._fetched: list[PairRows] = []
        self._lock = threading.Lock()

    def say(self, start: Codes, end: Codes, start_at: At, end_at: At) -> Said:
        """What it says of pair i, from start[start_at[i]] to end[end_at[i]]. Raises NeighbourDown."""
        known = self._known
        if known is None or self._oldest(known) or _missing(known, start, end, start_at, end_at).any():
            with self._lock:
                known = self._known = self._current()
                missing = _missing(known, start, end, start_at, end_at)
                known = self._ask(known, start[start_at[missing]], end[end_at[missing]])
        return known.say(start, end, start_at, end_at)

    def _oldest(self, known: KnownPairs) -> bool:
        """Whether something is too old."""
        return bool((known.rows.day < self._first_kept().toordinal()).any())

    def _first_kept(self) -> date:
        return self._today() - timedelta(days=self._keep_days)

    def _current(self) -> KnownPairs:
        """What is known and not too old; the rest is forgotten."""
        known = self._known or KnownPairs(self._store.load())
        if not self._oldest(known):
            return known
        self._store.forget_before(self._first_kept())
        return KnownPairs(known.rows.only(known.rows.day >= self._first_kept().toordinal()))

    def _ask(self, known: KnownPairs, start: Codes, end: Codes) -> KnownPairs:
        """Fetch pairs, a block of starts and ends at a time; what was fetched is kept also when a later block fails."""
        (starts, row), (ends, column) = np.unique(start, return_inverse=True), np.unique(end, return_inverse=True)
        wanted = np.zeros((starts.size, ends.size), bool)
        wanted[row, column] = True
        try:
            for top, left in product(range(0, starts.size, MOST_AT_ONCE), range(0, ends.size, MOST_AT_ONCE)):
                block = slice(top, top + MOST_AT_ONCE), slice(left, left + MOST_AT_ONCE)
                if wanted[block].any():
                    self._fetch(starts[block[0]], ends[block[1]], wanted[block])
        finally:
            self._known = known = self._with_fetched(known)
        return known

    def _fetch(self, starts: Codes, ends: Codes, wanted: NDArray[np.bool_]) -> None:
        """One block, of which only the pairs wanted are kept."""
        table = self.router.fetch(to_degrees(starts), to_degrees(ends))
        row, column = np.nonzero(wanted)
        day = np.full(row.size, self._today().toordinal(), np.int32)
        rows = PairRows(starts[row], ends[column], table.metres[row, column], table.minutes[row, column], day)
        self._store.add(rows)
        self._fetched.append(rows)

    def _with_fetched(self, known: KnownPairs) -> KnownPairs:
        fetched, self._fetched = self._fetched, []
        return KnownPairs(PairRows.joined([known.rows, *fetched])) if fetched else known


def _missing(known: KnownPairs, start: Codes, end: Codes, start_at: At, end_at: At) -> NDArray[np.bool_]:
    """The pairs of known places of which nothing was said."""
    placed = (start[start_at] >= 0) & (end[end_at] >= 0)
    return placed & (known.find(start, end, start_at, end_at) < 0)


@dataclass(frozen=True)
class Routed:
    """Driving by one router and walking by another; where one knows no way, or there is none, `below` answers.

    Minutes are those on the road alone.
    """

    below: Travel
    driving: AskedPairs
    walking: AskedPairs | None

    @property
    def method(self) -> str:
        """Example: "OSRM; on foot: straight line x 1.30, 30 km/h and 5 minutes"."""
        name = self.driving.router.provider
        return name if self.walking else f"{name}; on foot: {self.below.method}"

    def find_journeys(
        self, homes: Points, settings: Points, home_at: NDArray[np.int32], setting_at: NDArray[np.int32]
    ) -> Journeys:
        """Journey i is from homes[home_at[i]] to settings[setting_at[i]]. Raises NeighbourDown naming the router."""
        below = self.below.find_journeys(homes, settings, home_at, setting_at)
        pairs = codes_of(homes), codes_of(settings), home_at, setting_at
        name = self.driving.router.provider
        by_road = self.driving.say(*pairs)
        on_foot = self.walking.say(*pairs) if self.walking else _nothing_said(home_at.size)
        return overlay(below, by_road, on_foot, name, f"{name} knows no way")

    def close(self) -> None:
        """Close the routers' connections."""
        for asked in (self.driving, self.walking):
            if asked:
                asked.router.close()


def _nothing_said(count: int) -> Said:
    unknown = np.full(count, UNKNOWN, np.int32)
    return Said(unknown, unknown, np.zeros(count, np.int32))
