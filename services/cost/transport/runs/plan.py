"""The runs of one group of settings: solved, checked, priced, and the same for any order of the input."""

from __future__ import annotations

from collections.abc import Sequence

from services.cost.transport.runs.improving import improve_runs
from services.cost.transport.runs.pricing import RunPrices
from services.cost.transport.runs.problem import RunsProblem
from services.cost.transport.runs.result import PlannedRuns, Run
from services.cost.transport.runs.solve import Engine, Sequences

LEAST_ITERATIONS, ITERATIONS_A_CHILD, MOST_ITERATIONS = 200, 40, 5_000
Warm = Sequence[Sequence[str]]


def plan_runs(problem: RunsProblem, warm: Warm = ()) -> PlannedRuns:
    """Runs that carry every child for whom the fleet has a place, at the least cost found.

    `warm`, runs as ids of children in the order in which they get in, is where the search begins, and what the answer
    is never dearer than. Children who do not travel here any more are passed over; those it does not name begin alone.
    """
    prices = RunPrices(problem)
    rows = sorted(range(problem.travellers.count), key=problem.travellers.ids.__getitem__)
    carried = [row for row in rows if prices.vehicles_for([row])]
    sharing = [row for row in carried if not problem.travellers.solo[row]]
    alone = [row for row in carried if problem.travellers.solo[row]]
    runs = [*(prices.get_run([row]) for row in alone), *_share(prices, sharing, warm)]
    first = {run: min(problem.travellers.ids[row] for row in run.travellers) for run in runs}
    return PlannedRuns(
        runs=tuple(sorted(runs, key=first.__getitem__)),
        not_carried=tuple(sorted(set(rows) - set(carried))),
    )


def iterations_for(children: int) -> int:
    """How long to search: measured in docs/decisions/0034-runs.md."""
    return min(LEAST_ITERATIONS + ITERATIONS_A_CHILD * children, MOST_ITERATIONS)


def _share(prices: RunPrices, rows: list[int], warm: Warm) -> list[Run]:
    """The cheapest runs found for children who may share."""
    apart = [[row] for row in rows]
    starts = [_runs(prices, apart), _runs(prices, _begin(prices, rows, warm))]
    if len(rows) > 1:
        engine, iterations = Engine(prices, rows), iterations_for(len(rows))
        found = engine.solve(iterations, [run.travellers for run in starts[1]] if warm else ())
        found = found or engine.solve(iterations, apart) or apart
        starts.append(_runs(prices, _kept(prices, rows, found)))
    return improve_runs(prices, min(starts, key=lambda runs: sum(run.pence_per_day for run in runs)))


def _begin(prices: RunPrices, rows: list[int], warm: Warm) -> Sequences:
    """What is left of the runs to begin with; a run that keeps no longer to every rule is taken apart."""
    row_of = {prices.problem.travellers.ids[row]: row for row in rows}
    left = [[row_of[traveller] for traveller in run if traveller in row_of] for run in warm]
    return _kept(prices, rows, left)


def _kept(prices: RunPrices, rows: list[int], sequences: Sequences) -> Sequences:
    """These runs as far as they keep every rule; the other children each alone."""
    kept = [sequence for sequence in sequences if sequence and prices.find_run(sequence)]
    named = {row for sequence in kept for row in sequence}
    return [*kept, *([row] for row in rows if row not in named)]


def _runs(prices: RunPrices, sequences: Sequence[Sequence[int]]) -> list[Run]:
    return [prices.get_run(sequence) for sequence in sequences]
