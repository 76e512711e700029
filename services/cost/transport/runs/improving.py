"""Children moved from run to run while that saves anything, by exact prices.

The engine counts a child's ride to its setting's bell. On a run to several settings it may be set down a little before,
and then some runs are possible that the engine does not see: this sees them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from services.cost.transport.runs.candidates import Candidates
from services.cost.transport.runs.joining import OWN_RUN, Joined, join_runs
from services.cost.transport.runs.leaving import run_without, saved_by_leaving
from services.cost.transport.runs.pricing import RunPrices
from services.cost.transport.runs.problem import Legs
from services.cost.transport.runs.result import Run

MOST_MOVES = 50
MOST_CHILDREN = 300


def improve_runs(prices: RunPrices, runs: Sequence[Run]) -> list[Run]:
    """Runs of the same children that cost no more. Above 300 children, as they are: it would take too long."""
    better = list(runs)
    rows = sorted(row for run in runs for row in run.travellers)
    if len(rows) > MOST_CHILDREN:
        return better
    candidates = _themselves(prices, rows)
    for _ in range(MOST_MOVES):
        joined = join_runs(prices, better, candidates)
        gain = saved_by_leaving(prices, better)[rows] - joined.added_pence_per_day
        if gain.max(initial=0) <= 0:
            break
        best = int(gain.argmax())
        better = _moved(prices, better, rows[best], joined, best)
    return better


def _themselves(prices: RunPrices, rows: list[int]) -> Candidates:
    """The children as candidates for where they go already."""
    problem, home = prices.problem, prices.problem.home[rows]
    return Candidates(
        travellers=problem.travellers.at(rows),
        to_points=Legs(problem.legs.metres[home], problem.legs.minutes[home]),
        from_points=Legs(problem.legs.metres[:, home], problem.legs.minutes[:, home]),
        traveller=np.arange(len(rows), dtype=np.int64),
        destination=problem.destination[rows],
    )


def _moved(prices: RunPrices, runs: list[Run], row: int, joined: Joined, at: int) -> list[Run]:
    """The runs after the child has moved."""
    left = [run_without(prices, run, row) if row in run.travellers else run for run in runs]
    place = int(joined.place[at])
    if joined.run[at] == OWN_RUN:
        sequence: tuple[int, ...] = (row,)
    else:
        into = left[int(joined.run[at])]
        others = into.travellers if into else ()
        sequence = (*others[:place], row, *others[place:])
        left[int(joined.run[at])] = None
    return [*(run for run in left if run), prices.get_run(sequence)]
