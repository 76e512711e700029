"""Placing and routing in turn: never dearer, never worse before money, and two children of one street go together."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
import pytest

from services.placement.model.joint.bound import joint_cost, least_total
from services.placement.model.joint.exchanges import exchanges, keeps_places, made
from services.placement.model.joint.improve import AGAIN, SEPARATE, TOGETHER, Limits, Search, improve
from services.placement.model.joint.problem import RunPricer
from tests.builders.joint import Guesses, Town, one_street, random_town, solved

SEEDS = range(60)


def separate_of(town: Town, draw: Random) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The optimal plan with some average of what travel costs."""
    joint = town.joint()
    average = np.array([draw.randrange(0, 200, 10) for _ in range(joint.without_transport.option_count)], np.int64)
    return solved(joint.with_transport(average))


def pricers(town: Town, seed: int) -> list[RunPricer]:
    return [town.pricer(), Guesses(town.pricer(), Random(seed))]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_total_never_rises_whatever_the_estimates_say(seed: int) -> None:
    town = random_town(Random(seed))
    separate = separate_of(town, Random(seed))
    for pricer in pricers(town, seed):
        found = improve(town.joint(), separate, pricer, solved)
        totals = [each.total for each in found.rounds]
        assert totals == sorted(totals, reverse=True)
        assert found.total == town.joint().cost_of_places(found.chosen) + town.pricer().total(found.chosen)


@pytest.mark.parametrize("seed", SEEDS)
def test_places_are_kept_and_nothing_before_money_is_lost(seed: int) -> None:
    town = random_town(Random(seed))
    joint, separate = town.joint(), separate_of(town, Random(seed))
    for pricer in pricers(town, seed):
        found = improve(joint, separate, pricer, solved)
        assert keeps_places(joint.without_transport, found.chosen)
        assert joint.before_money(found.chosen) == joint.before_money(separate)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_plan_as_good_before_money_costs_less_than_the_bound(seed: int) -> None:
    town = random_town(Random(seed), children=4)
    joint, pricer = town.joint(), town.pricer()
    found = improve(joint, separate_of(town, Random(seed)), pricer, solved)
    as_good = [plan for plan in town.plans() if joint.before_money(plan) == joint.before_money(found.chosen)]
    cheapest = min(joint.cost_of_places(plan) + pricer.total(plan) for plan in as_good)
    assert least_total(joint, town.least_of_others(), solved) <= cheapest <= found.total


def test_most_small_towns_end_at_the_cheapest_plan_there_is() -> None:
    hit = 0
    for seed in SEEDS:
        town = random_town(Random(seed), children=4)
        joint, pricer = town.joint(), town.pricer()
        found = improve(joint, separate_of(town, Random(seed)), pricer, solved)
        as_good = [plan for plan in town.plans() if joint.before_money(plan) == joint.before_money(found.chosen)]
        hit += found.total == min(joint.cost_of_places(plan) + pricer.total(plan) for plan in as_good)
    assert hit >= 0.9 * len(SEEDS)


def test_two_children_of_one_street_are_sent_together_though_neither_gains_alone() -> None:
    town = one_street()
    joint = town.joint()
    separate = np.array([0, 2])
    assert joint.destination[separate].tolist() == [0, 1]
    for alone in ([1, 2], [0, 3]):
        assert town.pricer().total(np.array(alone)) > town.pricer().total(separate)
    found = improve(joint, separate, town.pricer(), solved)
    assert joint.destination[found.chosen].tolist() == [2, 2]
    assert (found.rounds[0].total, found.total) == (200, 150)


def test_the_same_town_gives_the_same_plan() -> None:
    town = random_town(Random(7))
    first, second = (improve(town.joint(), separate_of(town, Random(7)), town.pricer(), solved) for _ in range(2))
    assert first.rounds == second.rounds
    assert first.chosen.tolist() == second.chosen.tolist()


def test_each_round_is_told_when_it_is_over_and_the_search_may_be_left_there() -> None:
    town = one_street()
    search = Search(town.joint(), town.pricer(), solved)
    told = search.rounds(np.array([0, 2]))
    assert (next(told).tried, search.found.total) == (SEPARATE, 200)
    assert (next(told).tried, next(told).tried, search.found.total) == (AGAIN, TOGETHER, 150)


def test_no_more_plans_are_priced_than_allowed() -> None:
    town = random_town(Random(3))
    pricer = town.pricer()
    improve(town.joint(), separate_of(town, Random(3)), pricer, solved, Limits(prices=2))
    assert pricer.asked <= 2


@pytest.mark.parametrize(("wrong", "rule"), [({"rounds": -1}, "rounds"), ({"prices": 0}, "prices")])
def test_limits_state_their_rule(wrong: dict[str, int], rule: str) -> None:
    with pytest.raises(ValueError, match=rule):
        Limits(**wrong)


def test_a_plan_that_overfills_a_place_is_no_beginning() -> None:
    town = replace(one_street(), places=(1, 1, 1))
    with pytest.raises(ValueError, match="overfills"):
        improve(town.joint(), np.array([1, 3]), town.pricer(), solved)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_difference_falls_into_exchanges_that_can_each_be_made_alone(seed: int) -> None:
    town, draw = random_town(Random(seed), children=9), Random(seed)
    problem = town.joint().without_transport
    present, proposed = separate_of(town, draw), separate_of(town, draw)
    found = exchanges(problem, present, proposed)
    assert sorted(case for cases in found for case in cases) == np.flatnonzero(present != proposed).tolist()
    assert all(keeps_places(problem, made(present, proposed, cases)) for cases in found)


def test_a_bound_is_what_the_optimiser_gives_with_the_least_that_travel_costs() -> None:
    town = one_street()
    joint = town.joint()
    assert joint.least.tolist() == [25, 37, 25, 37]
    assert joint_cost(joint, np.array([0, 2]), joint.least) == 50
    assert least_total(joint, 0, solved) == 50
    assert least_total(joint, 7, solved) == 57
