"""Every effect and price equals the difference that solving again makes, by going through every plan."""

from random import Random

import pytest

from services.placement.model.replan import replan_places
from services.placement.model.solve import solve
from tests.builders.instances import EXTREME, SMALL, Instance, chain_instance, instances
from tests.unit.placement.optimum.prices import NEWCOMER, Price, SolvedAgain, prices_of
from tests.unit.placement.optimum.searched import searched_optimum


def wrong_prices(instance: Instance, prices: list[Price]) -> list[str]:
    again = SolvedAgain(instance, searched_optimum)
    found = [(asked, again.price(asked)) for asked in prices]
    return [f"{asked} should be {should}" for asked, should in found if asked.said != should]


@pytest.mark.parametrize("seed", range(8))
def test_every_price_equals_a_plan_searched_again(seed: int) -> None:
    for name, instance in instances(8, seed, SMALL):
        assert wrong_prices(instance, list(prices_of(instance))) == [], name


@pytest.mark.parametrize("seed", range(4))
def test_prices_are_exact_with_the_largest_numbers_that_a_problem_may_hold(seed: int) -> None:
    for name, instance in instances(6, seed, SMALL, EXTREME):
        assert wrong_prices(instance, list(prices_of(instance))) == [], name


@pytest.mark.parametrize("seed", range(12))
def test_prices_along_the_longest_chains_are_exact(seed: int) -> None:
    instance = chain_instance(Random(seed), 7)
    assert wrong_prices(instance, list(prices_of(instance))) == []


def test_prices_of_a_plan_made_again_after_a_change_are_those_of_one_made_from_scratch() -> None:
    for name, instance in instances(100, 31):
        for pool, places in enumerate(instance.places[:2]):
            changed = instance.with_places(pool, places + 1)
            replanned = replan_places(solve(instance.problem()), pool, places + 1)
            assert list(prices_of(changed, replanned)) == list(prices_of(changed)), name


def test_a_pool_that_can_hold_nobody_is_priced_as_not_possible_and_no_other_is() -> None:
    for name, instance in instances(100, 32):
        for price in prices_of(instance):
            if price.question == "one place fewer":
                assert (price.said is None) == (instance.places[price.pool] == 0), name
            elif price.question != "one more place":
                assert (price.said is None) == (instance.room(price.pool) == 0), name


def test_a_newcomers_id_is_never_that_of_a_case() -> None:
    assert all(NEWCOMER not in instance.case_ids for _, instance in instances(20, 33))
