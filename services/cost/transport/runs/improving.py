"""Children moved from run to run, and runs joined into one, while that saves anything, by exact prices.

The engine moves a few children at a time, and counts a ride to its setting's bell. It does not see that two full cars
are dearer than one minibus, nor, on a run to several settings, that a child may be set down a little before the bell.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np

from services.cost.transport.runs.candidates import Candidates
from services.cost.transport.runs.joining import OWN_RUN, Joined, RunsToJoin
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
        changed = _with_one_moved(prices, better, candidates, rows) or _with_two_joined(prices, better)
        if not changed:
            break
        better = changed
    return better


def _with_one_moved(prices: RunPrices, runs: list[Run], candidates: Candidates, rows: list[int]) -> list[Run] | None:
    """The runs after the child has moved whose moving saves most; None if none saves anything.

    A child whose leaving saves nothing stays: where roads go shorter past its door, its run has no way without it.
    """
    joined = RunsToJoin(prices, runs).join(candidates)
    saved = saved_by_leaving(prices, runs)[rows]
    gain = np.where(saved > 0, saved - joined.added_pence_per_day, 0)
    if gain.max(initial=0) <= 0:
        return None
    best = int(gain.argmax())
    return _moved(prices, runs, rows[best], joined, best)


def _with_two_joined(prices: RunPrices, runs: list[Run]) -> list[Run] | None:
    """The runs after the two are one whose joining saves most; None if none saves anything."""
    ways = [
        (one.pence_per_day + other.pence_per_day - joined.pence_per_day, one, other, joined)
        for one, other in combinations(runs, 2)
        for joined in _joined(prices, one, other)
    ]
    gain, one, other, joined = max(ways, key=lambda way: way[0], default=(0, None, None, None))
    return [*(run for run in runs if run not in (one, other)), joined] if gain > 0 and joined else None


def _joined(prices: RunPrices, one: Run, other: Run) -> Iterator[Run]:
    """All children of both in one run: after each other either way, or those who live farthest first."""
    direct = prices.problem.direct_minutes
    both = (*one.travellers, *other.travellers)
    for sequence in (both, (*other.travellers, *one.travellers), sorted(both, key=lambda row: -direct[row])):
        run = prices.find_run(sequence)
        if run:
            yield run


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
