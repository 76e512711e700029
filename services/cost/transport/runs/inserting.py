"""Putting each of many children where it costs least into one order of homes. Whole columns of candidates at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from services.cost.transport.runs.candidates import Candidates
from services.cost.transport.runs.describing import minutes_to_first, run_metres
from services.cost.transport.runs.pricing import RunPrices
from services.cost.transport.runs.problem import BoolArray, IntArray, RunsProblem
from services.cost.transport.runs.timetable import SettingOrder
from services.cost.transport.runs.vehicles import METRES_A_KM, WAYS

IMPOSSIBLE = np.iinfo(np.int64).max // 4
"""In place of metres or pence where no rule-keeping way there is."""


@dataclass(frozen=True, eq=False)
class Inserted:
    """One entry a candidate: pence a school day of the whole run with it, its ride, and how many get in before it.

    `pence_per_day` is `IMPOSSIBLE` where the child cannot be put into the run.
    """

    pence_per_day: IntArray
    ride_minutes: IntArray
    place: IntArray

    @staticmethod
    def nowhere(count: int) -> Inserted:
        """No candidate can be put in."""
        return Inserted(*(np.full(count, first, dtype=np.int64) for first in (IMPOSSIBLE, 0, 0)))

    def take_cheaper(self, at: IntArray, other: Inserted) -> None:
        """Where `other`, whose entries are those of rows `at`, is cheaper, take it."""
        cheaper = other.pence_per_day < self.pence_per_day[at]
        for name in ("pence_per_day", "ride_minutes", "place"):
            getattr(self, name)[at[cheaper]] = getattr(other, name)[cheaper]


class Inserter:
    """Candidates and the runs that they may be put into."""

    def __init__(self, prices: RunPrices, candidates: Candidates) -> None:
        self._prices, self._problem, self._candidates = prices, prices.problem, candidates
        self._apart = candidates.kept_apart(prices.problem)

    def insert(self, sequence: Sequence[int], rows: IntArray) -> Inserted:
        """Each of the candidates `rows` put into the run that fetches `sequence`; into none, `()`: a run of its own."""
        best, given = Inserted.nowhere(rows.size), self._candidates.destination[rows]
        if self._problem.travellers.solo[list(sequence)].any():
            return best
        aboard = frozenset(self._problem.destination[list(sequence)].tolist())
        for setting in sorted(set(given.tolist()), key=self._problem.destination_ids.__getitem__):
            at = np.flatnonzero((given == setting) & self._may_share(sequence, rows))
            for order in self._prices.timetable.orders(aboard | {setting}):
                best.take_cheaper(at, self._insert_by(sequence, rows[at], setting, order))
        return best

    def _may_share(self, sequence: Sequence[int], rows: IntArray) -> BoolArray:
        children = self._candidates.traveller[rows]
        alone = self._candidates.travellers.solo[children] & bool(len(sequence))
        free: BoolArray = ~alone & ~self._apart[children][:, list(sequence)].any(axis=1)
        return free

    def _insert_by(self, sequence: Sequence[int], rows: IntArray, setting: int, order: SettingOrder) -> Inserted:
        """With the settings reached in this order: the shortest way that keeps every ride within its limit."""
        children = self._candidates.traveller[rows]
        way = _Way.of(self._problem, sequence, order)
        if way.slack[0] < 0:
            return Inserted.nowhere(rows.size)
        ride = self._rides(way, children, setting, order)
        fits = self._keeps_limits(way, children) & (ride <= self._limits(children, setting)[:, None])
        longer = self._detours(way, children, "metres")
        metres = np.where(fits, way.metres + longer, IMPOSSIBLE)
        place, every = metres.argmin(axis=1), np.arange(rows.size)
        return Inserted(self._prices_of(sequence, children, metres[every, place]), ride[every, place], place)

    def _rides(self, way: _Way, children: IntArray, setting: int, order: SettingOrder) -> IntArray:
        """int64[C, k + 1]: how long each child would ride from each place."""
        drive = self._candidates.to_points.minutes[np.ix_(children, way.follows)]
        found: IntArray = drive + way.minutes_after + order.minutes_after_first(setting)
        return found

    def _limits(self, children: IntArray, setting: int) -> IntArray:
        direct = self._candidates.to_points.minutes[children, setting]
        found: IntArray = np.maximum(self._candidates.travellers.guide_minutes[children], direct)
        return found

    def _keeps_limits(self, way: _Way, children: IntArray) -> BoolArray:
        """bool[C, k + 1]: whether those who got in before ride within their limits yet."""
        longer = self._detours(way, children, "minutes")
        longer[:, 1:] += self._candidates.travellers.boarding_minutes[children][:, None]
        longer[:, 0] = 0
        found: BoolArray = longer <= way.slack
        return found

    def _detours(self, way: _Way, children: IntArray, unit: str) -> IntArray:
        """int64[C, k + 1]: how much longer the run becomes by each place; nobody gets in before the first."""
        to, back = getattr(self._candidates.to_points, unit), getattr(self._candidates.from_points, unit)
        longer: IntArray = to[np.ix_(children, way.follows)].copy()
        before, after = way.follows[:-1], way.follows[1:]
        longer[:, 1:] += back[np.ix_(before, children)].T - getattr(self._problem.legs, unit)[before, after]
        return longer

    def _prices_of(self, sequence: Sequence[int], children: IntArray, metres: IntArray) -> IntArray:
        """int64[C]: the cheapest vehicle that has a place for everybody."""
        own, theirs = self._problem.travellers, self._candidates.travellers
        row = list(sequence)
        wheelchairs = int(own.wheelchair[row].sum()) + theirs.wheelchair[children]
        seated = len(row) + 1 - wheelchairs
        assistant = bool(own.assistant[row].any()) | theirs.assistant[children]
        best: IntArray = np.full(children.size, IMPOSSIBLE)
        for vehicle in self._prices.vehicles:
            room = (seated <= vehicle.seats) & (wheelchairs <= vehicle.wheelchair_places)
            fits = room & (vehicle.assistant | ~assistant) & (metres < IMPOSSIBLE)
            distance = (WAYS * np.where(fits, metres, 0) * vehicle.pence_per_km + METRES_A_KM // 2) // METRES_A_KM
            best = np.where(fits, np.minimum(best, vehicle.pence_per_day + distance), best)
        return best


@dataclass(frozen=True, eq=False)
class _Way:
    """An order of k homes and a first setting, seen from its k + 1 places for one child more.

    Parameters
    ----------
    metres
        Of the run without it.
    follows
        int64[k + 1]: the point that follows each place.
    minutes_after
        int64[k + 1]: from standing at that point to reaching the first setting.
    slack
        int64[k + 1]: by how many minutes all who get in before may ride longer. Before the first place 0, or below
        where this order of settings makes anybody's ride too long as it is.
    """

    metres: int
    follows: IntArray
    minutes_after: IntArray
    slack: IntArray

    @staticmethod
    def of(problem: RunsProblem, sequence: Sequence[int], order: SettingOrder) -> _Way:
        """The way of these children, which may be none."""
        rows = list(sequence)
        if not rows:
            none: IntArray = np.zeros(1, dtype=np.int64)
            return _Way(order.metres, none + order.first, none, none)
        to_first = np.array(minutes_to_first(problem, rows, order.first), dtype=np.int64)
        late = np.array([order.minutes_after_first(setting) for setting in problem.destination[rows].tolist()])
        spare = problem.limit_minutes[rows] - to_first - late
        return _Way(
            metres=run_metres(problem, rows, order),
            follows=np.array([*problem.home[rows], order.first], dtype=np.int64),
            minutes_after=np.array([*(to_first + problem.travellers.boarding_minutes[rows]), 0], dtype=np.int64),
            slack=np.array([min(0, int(spare.min())), *np.minimum.accumulate(spare)], dtype=np.int64),
        )
