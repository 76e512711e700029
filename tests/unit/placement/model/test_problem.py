"""A problem that breaks a rule is refused, naming the place; and groups link as they nest."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from services.placement.model.groups import GroupForest, PlaceGroup
from services.placement.model.problem import PlacementProblem, build_problem
from services.placement.model.solve import solve


def _problem(**changes: Any) -> PlacementProblem:
    columns: dict[str, Any] = {
        "pool_ids": ["p0", "p1", "p2"],
        "pool_places": [1, 2, 0],
        "case_ids": ["c0", "c1"],
        "terms": ["cost"],
        "option_case": [0, 0, 1],
        "option_pool": [0, 1, 1],
        "option_terms": [[5, -3, 2]],
    }
    return build_problem(**(columns | changes))


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"pool_ids": ["p0", "p1", "p0"]}, r"pools\[2\]: 'p0' appears twice"),
        ({"case_ids": ["c0", "c0"]}, r"cases\[1\]: 'c0' appears twice"),
        ({"terms": ["unplaced"]}, r'terms\[0\]: "unplaced" always leads'),
        ({"terms": ["a", "a"], "option_terms": [[1] * 3] * 2}, r"terms\[1\]: 'a' appears twice"),
        ({"pool_places": [1, -1, 0]}, r"pools\[1\].places: -1 must be from 0 to 1000000000"),
        ({"pool_places": [1, 2]}, "expected one number of places for each of the 3"),
        ({"pool_places": [1.5, 2, 0]}, "pool_places: must hold whole numbers, not float64"),
        ({"option_case": [0, 2, 1]}, r"options\[1\].case: 2 must be an index from 0 to 1"),
        ({"option_case": [0, 2**33, 1]}, r"options\[1\].case: 8589934592 must be an index"),
        ({"option_pool": [0, 1, -1]}, r"options\[2\].pool: -1 must be an index from 0 to 2"),
        ({"option_pool": [1, 1, 1]}, r"options\[1\]: case 'c0' already has an option in pool 'p1'"),
        ({"option_terms": [[5, -3]]}, "expected 1 terms by 3 options"),
        ({"option_terms": [[5, 0.5, 2]]}, "option_terms: must hold whole numbers, not float64"),
        ({"option_terms": [[5, 10**11 + 1, 2]]}, r"options\[1\].terms\[0\]: 100000000001 must be from"),
        ({"groups": [PlaceGroup("g", (0,), -2)]}, r"groups\[0\].places: -2 must be from 0"),
        ({"groups": [PlaceGroup("g", (0,), 1), PlaceGroup("g", (1,), 1)]}, r"groups\[1\]: 'g' appears twice"),
        ({"groups": [PlaceGroup("g", (3,), 1)]}, r"groups\[0\].pools: every pool must be an index from 0 to 2"),
        ({"groups": [PlaceGroup("g", (1, 1), 1)]}, r"groups\[0\].pools: a pool may appear only once"),
        (
            {"groups": [PlaceGroup("g", (0, 1), 1), PlaceGroup("h", (1, 2), 1)]},
            r"groups\[1\].pools: group 'h' crosses group 'g': two groups must be nested or have no pool in common",
        ),
    ],
)
def test_a_broken_rule_is_refused_naming_the_place(changes: dict[str, Any], refusal: str) -> None:
    with pytest.raises(ValueError, match=refusal):
        _problem(**changes)


def test_options_are_kept_in_order_of_case_and_pool() -> None:
    problem = _problem(option_case=[1, 0, 0], option_pool=[1, 1, 0], option_terms=[[2, -3, 5]])
    assert problem.option_case.tolist() == [0, 0, 1]
    assert problem.option_pool.tolist() == [0, 1, 1]
    assert problem.option_terms.tolist() == [[5, -3, 2]]
    assert problem.first_option.tolist() == [0, 2, 3]


def test_there_may_be_no_terms_no_cases_and_no_pools() -> None:
    assert _problem(terms=[], option_terms=[]).option_terms.shape == (0, 3)
    nothing: dict[str, Any] = {"pool_ids": [], "pool_places": [], "case_ids": [], "option_case": [], "option_pool": []}
    assert _problem(**nothing, option_terms=[]).option_count == 0


def test_groups_nest_and_equal_ones_form_a_chain() -> None:
    groups = [
        PlaceGroup("all", (0, 1, 2, 3), 9),
        PlaceGroup("pair", (0, 1), 3),
        PlaceGroup("same pair", (1, 0), 2),
        PlaceGroup("empty", (), 1),
    ]
    forest = GroupForest.of(groups, 5)
    assert forest.pool_parent.tolist() == [1, 1, 0, 0, -1]
    assert forest.parent.tolist() == [-1, 2, 0, -1]
    order = forest.bottom_up()
    assert order.index(1) < order.index(2) < order.index(0)


def test_the_least_places_of_a_chain_of_equal_groups_bind() -> None:
    groups = [PlaceGroup("wide", (0, 1), 2), PlaceGroup("narrow", (0, 1), 1)]
    for order in (groups, groups[::-1]):
        problem = _problem(groups=order)
        assert solve(problem).totals.tolist() == [1, -3]
        assert np.count_nonzero(solve(problem).assigned_pool >= 0) == 1
