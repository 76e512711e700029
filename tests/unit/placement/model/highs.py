"""The same problem for HiGHS, an independent solver: tier after tier, each optimum fixed before the next."""

from __future__ import annotations

import highspy
import numpy as np

from services.placement.model.groups import PlaceGroup
from services.placement.model.problem import PlacementProblem


def optimal_totals(problem: PlacementProblem, groups: tuple[PlaceGroup, ...]) -> list[int]:
    """Return the fewest unplaced and then the least sum of each term, as integers."""
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.silent()
    solver.setOptionValue("threads", 1)  # HiGHS keeps one pool of threads: every test in a process must ask alike
    taken = [solver.addBinary() for _ in range(problem.option_count)]
    cases, pools = problem.option_case.tolist(), problem.option_pool.tolist()
    for case in range(problem.case_count):
        _at_most(solver, [x for x, k in zip(taken, cases, strict=True) if k == case], 1)
    limits: list[tuple[tuple[int, ...], int]] = [(group.pools, group.places) for group in groups]
    limits += [((pool,), int(places)) for pool, places in enumerate(problem.pool_places)]
    for members, places in limits:
        _at_most(solver, [x for x, pool in zip(taken, pools, strict=True) if pool in members], places)
    tiers = np.vstack([-np.ones(problem.option_count, dtype=np.int64), problem.option_terms])
    optima = [_minimised(solver, taken, tier.tolist()) for tier in tiers]
    return [problem.case_count + optima[0], *optima[1:]]


def _at_most(solver: highspy.Highs, taken: list[highspy.highs.highs_var], most: int) -> None:
    if taken:
        solver.addConstr(sum(taken[1:], start=1 * taken[0]) <= most)


def _minimised(solver: highspy.Highs, taken: list[highspy.highs.highs_var], weights: list[int]) -> int:
    """Return the least weighted sum, and keep it fixed from now on."""
    if not taken:
        return 0
    total = sum((weight * x for weight, x in zip(weights[1:], taken[1:], strict=True)), start=weights[0] * taken[0])
    solver.minimize(total)
    optimum = round(solver.getObjectiveValue())
    solver.addConstr(total == optimum)
    return optimum
