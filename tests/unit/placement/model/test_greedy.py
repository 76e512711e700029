"""Case by case: each takes the best place left, and together they never do better than the optimal plan."""

from __future__ import annotations

import numpy as np

from services.placement.model.greedy import greedy
from services.placement.model.groups import PlaceGroup
from services.placement.model.problem import build_problem
from services.placement.model.solution import NOT_PLACED
from services.placement.model.solve import solve
from tests.builders.problems import small_problem


def test_greedy_is_never_better_than_optimal() -> None:
    rng = np.random.default_rng(11)
    for _ in range(150):
        small = small_problem(rng)
        chosen = greedy(small.problem, rng.permutation(small.problem.case_count).tolist())
        rows = chosen[chosen != NOT_PLACED]
        found = [chosen.size - rows.size, *small.problem.option_terms[:, rows].sum(axis=1).tolist()]
        assert found >= solve(small.problem).totals.tolist()


def test_greedy_keeps_within_places_and_groups() -> None:
    rng = np.random.default_rng(12)
    for _ in range(100):
        small = small_problem(rng)
        chosen = greedy(small.problem, range(small.problem.case_count))
        pools = small.problem.option_pool[chosen[chosen != NOT_PLACED]]
        held = np.bincount(pools, minlength=small.problem.pool_count)
        assert (held <= small.problem.pool_places).all()
        assert all(held[list(group.pools)].sum() <= group.places for group in small.groups)


def test_the_first_case_in_the_order_takes_what_it_likes_best() -> None:
    problem = build_problem(
        pool_ids=["near", "far"],
        pool_places=[1, 1],
        case_ids=["flexible", "tied"],
        terms=["cost"],
        option_case=[0, 0, 1],
        option_pool=[0, 1, 0],
        option_terms=[[1, 2, 1]],
        groups=[PlaceGroup("school", (0, 1), 2)],
    )
    assert greedy(problem, [0, 1]).tolist() == [0, NOT_PLACED]
    assert greedy(problem, [1, 0]).tolist() == [1, 2]
    assert greedy(problem, [1]).tolist() == [NOT_PLACED, 2]
