"""What children's joining would add: each put where it costs least into the runs there are, or on a run of its own.

Exact for every candidate: the added pence are the changed run priced again, less what it cost before. A child who rides
here already is first taken out of its run, so that what is added is to the runs without it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from services.cost.transport.runs.candidates import Candidates
from services.cost.transport.runs.inserting import IMPOSSIBLE, Inserter
from services.cost.transport.runs.leaving import run_without
from services.cost.transport.runs.pricing import RunPrices
from services.cost.transport.runs.problem import BoolArray, IntArray, RunsProblem, check_range
from services.cost.transport.runs.result import PlannedRuns, Run

OWN_RUN = -1


@dataclass(frozen=True, eq=False)
class Joined:
    """One entry a candidate.

    Parameters
    ----------
    carried
        bool[C]: whether the fleet has a vehicle for the child; all else is 0 where not.
    added_pence_per_day
        int64[C]: what all runs cost more with the child than without it.
    share_pence_per_day
        int64[C]: the run that it joined, then shared out evenly among the children aboard, rounded down.
    ride_minutes
        int64[C]: from leaving home to its setting.
    run
        int64[C]: the index of the run that it joined; -1, `OWN_RUN`: a run of its own.
    place
        int64[C]: how many others get in before it.
    """

    carried: BoolArray
    added_pence_per_day: IntArray
    share_pence_per_day: IntArray
    ride_minutes: IntArray
    run: IntArray
    place: IntArray


def price_joining(problem: RunsProblem, planned: PlannedRuns, candidates: Candidates) -> Joined:
    """The cheapest way for each candidate; between ways that cost the same, a run of its own, then the first run."""
    check_range("destination", candidates.destination, 0, problem.setting_count - 1)
    return join_runs(RunPrices(problem), planned.runs, candidates)


def join_runs(prices: RunPrices, runs: Sequence[Run], candidates: Candidates) -> Joined:
    """The same, into these runs."""
    inserter = Inserter(prices, candidates)
    every = np.arange(candidates.count)
    alone = inserter.insert((), every)
    found = Joined(
        alone.pence_per_day < IMPOSSIBLE,
        alone.pence_per_day,
        alone.pence_per_day.copy(),
        alone.ride_minutes,
        np.full(candidates.count, OWN_RUN, dtype=np.int64),
        alone.place,
    )
    for run, sequence, before, rows in _offers(prices, runs, candidates):
        inserted = inserter.insert(sequence, rows)
        cheaper = (inserted.pence_per_day - before) < found.added_pence_per_day[rows]
        taken = rows[cheaper]
        found.added_pence_per_day[taken] = inserted.pence_per_day[cheaper] - before
        found.share_pence_per_day[taken] = inserted.pence_per_day[cheaper] // (len(sequence) + 1)
        found.ride_minutes[taken] = inserted.ride_minutes[cheaper]
        found.run[taken], found.place[taken] = run, inserted.place[cheaper]
    for pence in (found.added_pence_per_day, found.share_pence_per_day):
        pence[~found.carried] = 0
    return found


def _offers(
    prices: RunPrices, runs: Sequence[Run], candidates: Candidates
) -> Iterator[tuple[int, tuple[int, ...], int, IntArray]]:
    """Runs as candidates meet them: index, children aboard, pence a day, and the candidates who meet it so."""
    riding = candidates.riding_as(prices.problem)
    for at, run in enumerate(runs):
        mine = np.isin(riding, run.travellers)
        if not mine.all():
            yield at, run.travellers, run.pence_per_day, np.flatnonzero(~mine)
        for traveller in sorted(set(riding[mine].tolist())):
            left = run_without(prices, run, traveller)
            if left and left is not run:
                yield at, left.travellers, left.pence_per_day, np.flatnonzero(riding == traveller)
