"""Pairs of places of which something is known, to be found many at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.cost.transport.travel.overlay import Said
from services.cost.transport.travel.seam import UNKNOWN, Points

COLUMNS = ("start", "end", "metres", "minutes", "day")
NORTHING_BITS = 21
"""A northing is below 2**21, so that a point is one whole number."""


@dataclass(frozen=True, eq=False)
class PairRows:
    """What somebody said of pairs, an entry a pair in every column.

    `start` and `end` are point codes (`code_of`), `metres` and `minutes` one way, -1 where there is no way or nothing
    was said, `day` the proleptic ordinal of the day on which it was said.
    """

    start: NDArray[np.int64]
    end: NDArray[np.int64]
    metres: NDArray[np.int32]
    minutes: NDArray[np.int32]
    day: NDArray[np.int32]

    @staticmethod
    def none() -> PairRows:
        """No pairs."""
        code, number = np.zeros(0, np.int64), np.zeros(0, np.int32)
        return PairRows(code, code, number, number, number)

    @staticmethod
    def joined(parts: Sequence[PairRows]) -> PairRows:
        """All rows of the parts, in order."""
        return PairRows(*(np.concatenate([getattr(part, name) for part in parts]) for name in COLUMNS))

    def only(self, which: NDArray[np.bool_]) -> PairRows:
        """Some of them."""
        return PairRows(*(getattr(self, name)[which] for name in COLUMNS))


def codes_of(points: Points) -> NDArray[np.int64]:
    """Each point as one number, -1 where it is not known."""
    return np.where(points.known, code_of(points.easting, points.northing), UNKNOWN)


def code_of(easting: NDArray[np.int64], northing: NDArray[np.int64]) -> NDArray[np.int64]:
    """Points as one number each."""
    return (easting << NORTHING_BITS) | northing


def grid_of(codes: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Eastings and northings of point codes."""
    return codes >> NORTHING_BITS, codes & ((1 << NORTHING_BITS) - 1)


class KnownPairs:
    """Rows to be found by pair; of several of one pair the last stands. Never changed, so that threads may share it."""

    def __init__(self, rows: PairRows) -> None:
        self.rows = rows
        self._points = np.unique(np.concatenate([rows.start, rows.end]))
        keys = self._keys(np.searchsorted(self._points, rows.start), np.searchsorted(self._points, rows.end))
        order = np.argsort(keys, kind="stable")
        last = np.append(keys[order][1:] != keys[order][:-1], True)[: keys.size]
        self._order, self._sorted = order[last], keys[order][last]

    def say(
        self, start: NDArray[np.int64], end: NDArray[np.int64], start_at: NDArray[np.int32], end_at: NDArray[np.int32]
    ) -> Said:
        """What the rows say of every pair; see `find`."""
        at = self.find(start, end, start_at, end_at)
        if not self.rows.metres.size:
            unknown = np.full(at.size, UNKNOWN, np.int32)
            return Said(unknown, unknown, np.zeros(at.size, np.int32))
        there = at >= 0
        return Said(
            np.where(there, self.rows.metres[at], UNKNOWN).astype(np.int32),
            np.where(there, self.rows.minutes[at], UNKNOWN).astype(np.int32),
            np.where(there, self.rows.day[at], 0).astype(np.int32),
        )

    def find(
        self, start: NDArray[np.int64], end: NDArray[np.int64], start_at: NDArray[np.int32], end_at: NDArray[np.int32]
    ) -> NDArray[np.int64]:
        """The row of pair i, from start[start_at[i]] to end[end_at[i]] (point codes); -1 where there is none."""
        if not self._sorted.size:
            return np.full(start_at.size, UNKNOWN, np.int64)
        from_place, to_place = self._places(start)[start_at], self._places(end)[end_at]
        keys = self._keys(from_place, to_place)
        at = np.minimum(np.searchsorted(self._sorted, keys), self._sorted.size - 1)
        there = (self._sorted[at] == keys) & (from_place >= 0) & (to_place >= 0)
        return np.where(there, self._order[at], UNKNOWN)

    def _places(self, codes: NDArray[np.int64]) -> NDArray[np.int64]:
        """The place of each code among the points, -1 where it is none of them."""
        at = np.minimum(np.searchsorted(self._points, codes), self._points.size - 1)
        return np.where(self._points[at] == codes, at, UNKNOWN)

    def _keys(self, start: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.int64]:
        return start * max(self._points.size, 1) + end
