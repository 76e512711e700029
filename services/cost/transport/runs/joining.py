"""What children's joining would add: each put where it costs least into the runs there are, or on a run of its own.

Exact for every candidate: the added pence are the changed run priced again, less what it cost before. A child who rides
here already is first taken out of its run, so that what is added is to the runs without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from services.cost.transport.runs.candidates import Candidates
from services.cost.transport.runs.inserting import Inserted, Inserter
from services.cost.transport.runs.leaving import run_without
from services.cost.transport.runs.opening_columns import Openings
from services.cost.transport.runs.openings import Opening, list_openings
from services.cost.transport.runs.pricing import RunPrices
from services.cost.transport.runs.problem import BoolArray, IntArray, RunsProblem, check_range
from services.cost.transport.runs.result import PlannedRuns, Run
from services.cost.transport.runs.vehicles import IMPOSSIBLE

OWN_RUN = -1
AT_ONCE = 1_000_000
"""Places tried at a time, so that the columns stay small."""


@dataclass(frozen=True, eq=False)
class Joined:
    """One entry a candidate.

    Parameters
    ----------
    carried
        bool[C]: whether the fleet has a vehicle for the child; all else is 0 where not.
    added_pence_per_day
        int64[C]: what all runs cost more with the child than without it.
    ride_minutes
        int64[C]: from leaving home to its setting.
    run
        int64[C]: the index of the run that it joined; -1, `OWN_RUN`: a run of its own.
    place
        int64[C]: how many others get in before it.
    """

    carried: BoolArray
    added_pence_per_day: IntArray
    ride_minutes: IntArray
    run: IntArray
    place: IntArray


def price_joining(problem: RunsProblem, planned: PlannedRuns, candidates: Candidates) -> Joined:
    """The cheapest way for each candidate; between ways that cost the same, a run of its own, then the first run."""
    return RunsToJoin(RunPrices(problem), planned.runs).join(candidates)


class RunsToJoin:
    """Runs made ready to be joined: by many children at once, and by others later. Threads may share it."""

    def __init__(self, prices: RunPrices, runs: Sequence[Run]) -> None:
        self._prices, self._runs = prices, runs
        own = list_openings(prices, OWN_RUN, (), 0)
        whole = (list_openings(prices, at, run.travellers, run.pence_per_day) for at, run in enumerate(runs))
        self._whole = [*own, *chain.from_iterable(whole)]
        self._openings = Openings.of(prices.problem, self._whole)

    def join(self, candidates: Candidates) -> Joined:
        """As `price_joining`."""
        check_range("destination", candidates.destination, 0, self._prices.problem.setting_count - 1)
        openings = self._met_by(candidates)
        inserter = Inserter(self._prices, openings, candidates)
        blocks = np.array_split(np.arange(candidates.count), candidates.count * openings.follows.size // AT_ONCE + 1)
        parts = [_best(openings, inserter.insert(rows), rows) for rows in blocks]
        return Joined(*(np.concatenate(column) for column in zip(*parts, strict=True)))

    def _met_by(self, candidates: Candidates) -> Openings:
        """The runs, and those that candidates ride on already without them, in the order of the runs."""
        riding = set(candidates.riding_as(self._prices.problem).tolist())
        left = [
            opening
            for at, run in enumerate(self._runs)
            for traveller in sorted(riding.intersection(run.travellers))
            for opening in self._without(at, run, traveller)
        ]
        if not left:
            return self._openings
        return Openings.of(self._prices.problem, sorted([*self._whole, *left], key=lambda opening: opening.run))

    def _without(self, at: int, run: Run, traveller: int) -> list[Opening]:
        left = run_without(self._prices, run, traveller)
        if left is None or left is run:
            return []
        return list_openings(self._prices, at, left.travellers, left.pence_per_day, without=traveller)


def _best(openings: Openings, inserted: Inserted, rows: IntArray) -> tuple[BoolArray | IntArray, ...]:
    """The columns of `Joined` for the candidates `rows`, from 0: of ways that cost the same, the first."""
    added = np.full((rows.size, openings.run.size), IMPOSSIBLE)
    pair = np.zeros(added.shape, np.int64)
    at = (inserted.candidate - rows[:1], inserted.opening)
    added[at] = inserted.pence_per_day - openings.pence_before[inserted.opening]
    pair[at] = np.arange(inserted.opening.size)
    every, best = np.arange(rows.size), added.argmin(axis=1)
    least = added[every, best]
    carried = least < IMPOSSIBLE
    chosen = pair[every, best][carried]
    return (
        carried,
        np.where(carried, least, 0),
        _filled(carried, inserted.ride_minutes[chosen], 0),
        _filled(carried, openings.run[best][carried], OWN_RUN),
        _filled(carried, inserted.place[chosen], 0),
    )


def _filled(where: BoolArray, values: IntArray, otherwise: int) -> IntArray:
    """The values where they are told, in order, and the same number elsewhere."""
    found: IntArray = np.full(where.size, otherwise, dtype=np.int64)
    found[where] = values
    return found
