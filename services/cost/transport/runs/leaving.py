"""What a child's leaving its run saves: the run without it, in the same order, in whatever vehicle then is cheapest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from services.cost.transport.runs.pricing import RunPrices
from services.cost.transport.runs.problem import IntArray, RunsProblem
from services.cost.transport.runs.result import PlannedRuns, Run


def saved_pence_per_day(problem: RunsProblem, planned: PlannedRuns) -> IntArray:
    """int64[N] a school day, 0 or more: what each child's leaving saves; 0 where it is not carried."""
    return saved_by_leaving(RunPrices(problem), planned.runs)


def saved_by_leaving(prices: RunPrices, runs: Sequence[Run]) -> IntArray:
    """The same, of these runs."""
    saved: IntArray = np.zeros(prices.problem.travellers.count, dtype=np.int64)
    for run in runs:
        for traveller in run.travellers:
            left = run_without(prices, run, traveller)
            saved[traveller] = run.pence_per_day - (left.pence_per_day if left else 0)
    return saved


def run_without(prices: RunPrices, run: Run, traveller: int) -> Run | None:
    """The run that is left; None if nobody is.

    Where roads make the way without the child longer than past its door, the vehicle goes past its door.
    """
    others = [who for who in run.travellers if who != traveller]
    if not others:
        return None
    left = prices.find_run(others)
    return left if left and left.pence_per_day <= run.pence_per_day else run
