"""Putting each of many children where it costs least into each of many openings: whole columns of pairs at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from services.cost.transport.runs.candidates import Candidates
from services.cost.transport.runs.opening_columns import Openings
from services.cost.transport.runs.openings import NOBODY
from services.cost.transport.runs.pricing import RunPrices
from services.cost.transport.runs.problem import BoolArray, IntArray, Legs
from services.cost.transport.runs.vehicles import IMPOSSIBLE, VehicleColumns


@dataclass(frozen=True, eq=False)
class Inserted:
    """One entry a pair of a candidate and an opening that can take it, `candidate` and `opening` being their rows.

    Pence a school day of the whole run with the child, its ride, and how many get in before it.
    """

    candidate: IntArray
    opening: IntArray
    pence_per_day: IntArray
    ride_minutes: IntArray
    place: IntArray


class Inserter:
    """Candidates and the openings that they may be put into."""

    def __init__(self, prices: RunPrices, openings: Openings, candidates: Candidates) -> None:
        self._openings, self._candidates = openings, candidates
        self._vehicles = VehicleColumns.of(prices.vehicles)
        self._riding = candidates.riding_as(prices.problem)
        self._run = openings.runs_of(prices.problem.travellers.count)[self._riding]
        apart = candidates.kept_apart(prices.problem)
        self._apart = np.pad(apart, ((0, 0), (0, 1))) if apart.any() else None

    def insert(self, rows: IntArray) -> Inserted:
        """Each of the candidates `rows` by the shortest way that keeps every ride within its limit."""
        at, opening = np.nonzero(self._meets(rows))
        candidate = rows[at]
        free = self._may_share(candidate, opening)
        candidate, opening = candidate[free], opening[free]
        room = self._room(candidate, opening)
        some = room.any(axis=1)
        return self._insert(candidate[some], opening[some], room[some])

    def _meets(self, rows: IntArray) -> BoolArray:
        """bool[C, W]: whoever rides on a run already meets it without itself, and every other one whole."""
        here, child = self._openings, self._candidates.traveller[rows]
        own = self._run[rows][:, None] == here.run
        as_met: BoolArray = np.where(own, self._riding[rows][:, None] == here.without, here.without == NOBODY)
        shared: BoolArray = ~self._candidates.travellers.solo[child][:, None] | (here.count == 0)
        as_met &= shared
        as_met &= here.serves.T[self._candidates.destination[rows]]
        return as_met

    def _may_share(self, candidate: IntArray, opening: IntArray) -> BoolArray:
        if self._apart is None:
            return np.ones(candidate.size, np.bool_)
        child = self._candidates.traveller[candidate]
        apart: BoolArray = self._apart[child[:, None], self._openings.aboard[opening]]
        free: BoolArray = np.logical_not(apart.any(axis=1))
        return free

    def _room(self, candidate: IntArray, opening: IntArray) -> BoolArray:
        """bool[P, V]: which vehicles have a place for everybody."""
        here, theirs, child = self._openings, self._candidates.travellers, self._candidates.traveller[candidate]
        wheelchairs = here.wheelchairs[opening] + theirs.wheelchair[child]
        seated = here.count[opening] + 1 - wheelchairs
        return self._vehicles.have_room(seated, wheelchairs, here.assistant[opening] | theirs.assistant[child])

    def _insert(self, candidate: IntArray, opening: IntArray, room: BoolArray) -> Inserted:
        here, child = self._openings, self._candidates.traveller[candidate]
        ride = self._rides(candidate, child, opening)
        fits = self._keeps_limits(child, opening) & (ride <= self._limits(candidate, child)[:, None])
        longer = self._detours("metres", here.leg_metres, child, opening)
        metres = np.where(fits, here.metres[opening][:, None] + longer, IMPOSSIBLE)
        place, every = metres.argmin(axis=1), np.arange(candidate.size)
        found = metres[every, place] < IMPOSSIBLE
        at, place = every[found], place[found]
        pence = self._vehicles.least_pence(metres[at, place], room[at])
        return Inserted(candidate[at], opening[at], pence, ride[at, place], place)

    def _rides(self, candidate: IntArray, child: IntArray, opening: IntArray) -> IntArray:
        """int64[P, K + 1]: how long each child would ride from each place."""
        here, goes_to = self._openings, self._candidates.destination[candidate]
        drive = self._candidates.to_points.minutes[child[:, None], here.follows[opening]]
        late = here.minutes_after_first[opening, goes_to][:, None]
        found: IntArray = drive + here.minutes_after[opening] + late
        return found

    def _limits(self, candidate: IntArray, child: IntArray) -> IntArray:
        direct = self._candidates.to_points.minutes[child, self._candidates.destination[candidate]]
        found: IntArray = np.maximum(self._candidates.travellers.guide_minutes[child], direct)
        return found

    def _keeps_limits(self, child: IntArray, opening: IntArray) -> BoolArray:
        """bool[P, K + 1]: whether there is the place, and those who got in before ride within their limits yet."""
        longer = self._detours("minutes", self._openings.leg_minutes, child, opening)
        longer[:, 1:] += self._candidates.travellers.boarding_minutes[child][:, None]
        longer[:, 0] = 0
        found: BoolArray = longer <= self._openings.slack[opening]
        return found

    def _detours(self, unit: str, legs: IntArray, child: IntArray, opening: IntArray) -> IntArray:
        """int64[P, K + 1]: how much longer the run becomes by each place; nobody gets in before the first."""
        here, to, back = self._openings, self._candidates.to_points, self._candidates.from_points
        longer: IntArray = _of(to, unit)[child[:, None], here.follows[opening]]
        longer[:, 1:] += _of(back, unit)[here.before[opening], child[:, None]] - legs[opening]
        return longer


def _of(legs: Legs, unit: str) -> IntArray:
    return legs.metres if unit == "metres" else legs.minutes
