"""The product's optimum is that of solvers which share nothing with it."""

import pytest

from services.placement.model.solve import solve
from tests.builders.instances import EXTREME, SMALL, TINY, instances
from tests.unit.placement.optimum.highs import optimum_by_faces, optimum_by_rows
from tests.unit.placement.optimum.searched import NOWHERE, best_of_all_plans, best_plan, totals_of

SEEDS = range(10)


@pytest.mark.parametrize("seed", SEEDS)
def test_totals_equal_those_of_highs_tier_by_tier(seed: int) -> None:
    for name, instance in instances(60, seed):
        totals = tuple(solve(instance.problem()).totals.tolist())
        assert totals == optimum_by_rows(instance) == optimum_by_faces(instance, seconds=20), name


@pytest.mark.parametrize("seed", SEEDS)
def test_the_plan_is_the_only_best_one_of_all_plans_there_are(seed: int) -> None:
    for name, instance in instances(20, seed, TINY):
        (best,) = best_of_all_plans(instance)
        assert tuple(solve(instance.problem()).assigned_pool.tolist()) == best.pools, name


@pytest.mark.parametrize("seed", SEEDS)
def test_the_plan_is_the_searched_one_lots_and_all(seed: int) -> None:
    for name, instance in instances(40, seed, SMALL):
        best = best_plan(instance)
        assert best is not None
        assert tuple(solve(instance.problem()).assigned_pool.tolist()) == best.pools, name


@pytest.mark.parametrize("seed", SEEDS)
def test_the_largest_numbers_that_a_problem_may_hold_are_summed_exactly(seed: int) -> None:
    for name, instance in instances(30, seed, SMALL, EXTREME):
        best, solution = best_plan(instance), solve(instance.problem())
        assert best is not None
        assert tuple(solution.assigned_pool.tolist()) == best.pools, name
        assert tuple(solution.totals.tolist()) == best.totals, name


def test_totals_are_sums_over_the_options_chosen() -> None:
    for name, instance in instances(60, 99):
        solution = solve(instance.problem())
        pools = {case: pool for case, pool in enumerate(solution.assigned_pool.tolist()) if pool != NOWHERE}
        assert tuple(solution.totals.tolist()) == totals_of(instance, pools), name
