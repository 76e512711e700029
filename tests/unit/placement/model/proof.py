"""The proof of a plan checked without the model's own arithmetic."""

from __future__ import annotations

import numpy as np

from services.placement.model.lots import lots_of
from services.placement.model.problem import PlacementProblem
from services.placement.model.solution import NOT_PLACED, Solution


def check_proof(solution: Solution) -> None:
    """Check every reduced cost in Python's own whole numbers, which have no limit and no packing."""
    problem = solution.problem
    prices = [tuple(column) for column in solution.potentials.T.tolist()]
    root = len(prices) - 1
    assert prices[root] == (0,) * len(prices[root])
    _check_places(problem, solution, prices)
    lots = lots_of(problem.case_seeds[problem.option_case], problem.pool_seeds[problem.option_pool]).tolist()
    nothing = [0] * len(problem.terms)
    now = [_less((1, *nothing, 0), prices[root])] * problem.case_count
    costs = [
        _less((0, *terms, lot), prices[pool])
        for terms, lot, pool in zip(problem.option_terms.T.tolist(), lots, problem.option_pool.tolist(), strict=True)
    ]
    for case, row in enumerate(solution.chosen.tolist()):
        if row != NOT_PLACED:
            assert costs[row] <= now[case]
            now[case] = costs[row]
    assert all(cost >= now[case] for cost, case in zip(costs, problem.option_case.tolist(), strict=True))


def _check_places(problem: PlacementProblem, solution: Solution, prices: list[tuple[int, ...]]) -> None:
    """A place free is worth nothing beyond the node around it; a case held shows that it is worth no less."""
    held = np.bincount(solution.assigned_pool[solution.assigned_pool != NOT_PLACED], minlength=problem.pool_count)
    parents = np.concatenate([problem.groups.pool_parent, problem.groups.parent]).tolist()
    loads = [*held.tolist(), *[0] * len(problem.groups.ids)]
    for group in problem.groups.bottom_up():
        node = problem.pool_count + group
        loads[node] = sum(loads[at] for at, parent in enumerate(parents) if parent == group)
    for node, places in enumerate([*problem.pool_places.tolist(), *problem.groups.places.tolist()]):
        around = prices[problem.pool_count + parents[node] if parents[node] >= 0 else len(prices) - 1]
        assert loads[node] <= places
        assert loads[node] == places or prices[node] >= around
        assert loads[node] == 0 or prices[node] <= around


def _less(cost: tuple[int, ...], price: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(one - other for one, other in zip(cost, price, strict=True))
