"""What later arrivals would lose by a place, and the terms that weigh it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from services.placement.model.later import LATER_TERMS, LaterArrivals, joined, keeping_places, later_terms
from services.placement.model.later_prices import price_joint_plans, price_later_arrivals
from services.placement.model.problem import PlacementProblem, build_problem
from services.placement.model.solve import solve
from tests.builders.placement import a_pool, priced, some_facts, the_policy
from tests.builders.problems import small_problem

TERMS = ("needs_judgement", "request_not_given", "inmss_or_out_of_borough", "annual_cost_pence", "travel_minutes")
KEEPS = "keeps-places-for-later-arrivals"


def problem(cases: int, options: list[tuple[int, int, int, int]], places: tuple[int, ...] = (1, 9)) -> PlacementProblem:
    """Options as (case, pool, away, cost); the first pool is near and scarce, the second away and roomy."""
    case, pool, away, cost = (list(column) for column in zip(*options, strict=True))
    nothing = [0] * len(options)
    return build_problem(
        pool_ids=["near", "away"],
        pool_places=places,
        case_ids=[f"c{at}" for at in range(cases)],
        terms=TERMS,
        option_case=case,
        option_pool=pool,
        option_terms=[nothing, nothing, away, cost, nothing],
    )


def test_a_places_worth_is_what_the_best_plans_of_the_futures_lose_without_it() -> None:
    rng = np.random.default_rng(7)
    for _ in range(40):
        future = small_problem(rng, most_cases=6, most_pools=4).problem
        lost = price_later_arrivals([future]).lost
        whole = solve(future).totals
        for pool in np.flatnonzero(future.pool_places > 0).tolist():
            if (future.groups.pool_parent >= 0).any():
                continue
            fewer = future.pool_places.copy()
            fewer[pool] -= 1
            assert (lost[:, pool] == solve(replace(future, pool_places=fewer)).totals - whole).all()


def test_the_mean_over_futures_is_told_in_thousandths() -> None:
    somebody = problem(1, [(0, 0, 0, 100), (0, 1, 1, 500)])
    nobody = problem(1, [(0, 1, 1, 500)])
    later = price_later_arrivals([somebody, nobody, nobody, nobody])
    assert later.away_thousandths().tolist() == [250, 0]
    assert later.cost_pence().tolist() == [100, 0]
    assert later.unsettled_thousandths().tolist() == [0, 0]


def test_a_later_child_who_would_have_no_place_is_counted() -> None:
    later = price_later_arrivals([problem(1, [(0, 0, 0, 100)])])
    assert later.unsettled_thousandths().tolist() == [1000, 0]
    assert later.cost_pence().tolist() == [-100, 0]


def test_an_option_counts_its_own_and_what_later_children_lose() -> None:
    later = LaterArrivals(2, ("unplaced", *TERMS), np.array([[1, 0], [0, 0], [0, 0], [1, 0], [600, 0], [0, 0]]))
    terms = later_terms(np.array([False, True]), np.array([1_000, 5_000]), np.array([0, 1]), later)
    assert {name: row.tolist() for name, row in terms.items()} == {
        "later_arrivals_unsettled": [500, 0],
        "away_with_later_arrivals": [500, 1_000],
        "cost_with_later_arrivals_pence": [1_300, 5_000],
    }


def test_a_place_is_kept_for_a_child_who_needs_it_more() -> None:
    """A child now could be near or away at GBP 1 more; one to come has nothing else."""
    now = problem(1, [(0, 0, 0, 400), (0, 1, 0, 500)])
    coming = problem(1, [(0, 0, 0, 400)])
    kept = keeping_places(now, price_later_arrivals([coming]), the_policy(KEEPS).terms)
    assert solve(now).assigned_pool.tolist() == [0]
    assert solve(kept).assigned_pool.tolist() == [1]


def test_a_child_now_never_goes_unsettled_or_without_a_place_for_one_to_come() -> None:
    coming = price_later_arrivals([problem(1, [(0, 0, 0, 400)])])
    unsettled = problem(1, [(0, 0, 0, 400), (0, 1, 0, 500)])
    terms = unsettled.option_terms.copy()
    terms[0, 1] = 1
    for now in (problem(1, [(0, 0, 0, 400)]), replace(unsettled, option_terms=terms)):
        assert solve(keeping_places(now, coming, the_policy(KEEPS).terms)).assigned_pool.tolist() == [0]


def test_a_live_request_is_given_whoever_may_come() -> None:
    coming = price_later_arrivals([problem(1, [(0, 0, 0, 400)])])
    asked = problem(1, [(0, 0, 0, 400), (0, 1, 0, 500)])
    terms = asked.option_terms.copy()
    terms[1, 1] = 1
    kept = keeping_places(replace(asked, option_terms=terms), coming, the_policy(KEEPS).terms)
    assert solve(kept).assigned_pool.tolist() == [0]


def test_a_joint_price_lies_between_one_place_fewer_and_one_more() -> None:
    """Of three who want the near place and one that is free, those who lose pay 400 and 300 more to be away."""
    now = problem(2, [(0, 0, 0, 100), (0, 1, 0, 500), (1, 0, 0, 100), (1, 1, 0, 400)])
    coming = replace(problem(1, [(0, 0, 0, 100), (0, 1, 0, 200)]), case_ids=("later",))
    joint = price_joint_plans([joined(now, coming)])
    fewer, more = 400, 300
    assert joint.cost_pence().tolist() == [(fewer + more) // 2, 0]


def test_those_due_now_and_those_who_come_are_joined_as_one_problem() -> None:
    rng = np.random.default_rng(3)
    for _ in range(40):
        whole = small_problem(rng, most_cases=7, most_pools=4).problem
        half = whole.case_count // 2
        rows = whole.option_case < half
        now = replace(
            whole,
            case_ids=whole.case_ids[:half],
            option_case=whole.option_case[rows],
            option_pool=whole.option_pool[rows],
            option_terms=whole.option_terms[:, rows],
        )
        future = replace(
            whole,
            case_ids=whole.case_ids[half:],
            option_case=whole.option_case[~rows] - np.int32(half),
            option_pool=whole.option_pool[~rows],
            option_terms=whole.option_terms[:, ~rows],
        )
        again = joined(now, future)
        assert again.case_ids == whole.case_ids
        assert solve(again).assigned_pool.tolist() == solve(whole).assigned_pool.tolist()


def test_problems_of_other_pools_cannot_be_joined() -> None:
    one = problem(1, [(0, 0, 0, 1)])
    with pytest.raises(ValueError, match="other pools or terms"):
        joined(one, replace(one, case_ids=("other",), pool_ids=("near", "far")))


def test_one_case_cannot_be_due_now_and_come_later() -> None:
    one = problem(1, [(0, 0, 0, 1)])
    with pytest.raises(ValueError, match="appears twice"):
        joined(one, one)


def test_futures_of_other_pools_cannot_be_summed() -> None:
    one = problem(1, [(0, 0, 0, 1)])
    with pytest.raises(ValueError, match=r"futures\[1\]: has other pools or terms"):
        price_later_arrivals([one, replace(one, pool_ids=("near", "far"))])


def test_at_least_one_future_is_needed() -> None:
    with pytest.raises(ValueError, match="at least one"):
        price_later_arrivals([])


def test_without_sampled_arrivals_the_policy_decides_as_the_default_one() -> None:
    pools = [a_pool("pool_A"), a_pool("pool_B", urn=2, in_borough=False)]
    facts = some_facts(pools=pools)
    default, keeps = (priced(facts, policy=the_policy(name)).problem() for name in ("", KEEPS))
    assert keeps.terms[2:5] == LATER_TERMS
    assert solve(default).assigned_pool.tolist() == solve(keeps).assigned_pool.tolist()
