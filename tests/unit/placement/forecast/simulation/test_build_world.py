"""A world from an authority's facts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from services.placement.forecast.simulation.build_world import GroupYears, QuotedPrices, build_world
from services.placement.forecast.simulation.categories import NEW_PLAN, STAGES
from services.placement.forecast.simulation.places_near import Located
from services.placement.forecast.simulation.world import CHILD_LINES, ELSEWHERE_ROW, NO_PLACE, World
from tests.builders.world import CHILDREN, POOLS, asks, child, invented_prices, no_demand, pool, tiny_world, with_more


def row(world: World, case_id: str) -> int:
    return world.children.ids.index(case_id)


def at(world: World, pool_id: str) -> int:
    return world.pools.ids.index(pool_id)


def test_full_or_yet_to_open_pools_are_open_to_the_rules() -> None:
    """Places are limits of each year's problem, never a rule here."""
    full = pool("pool_full", "mainstream", (-1, 11), (0, 0, 3, 3, 3, 3), places_free=0, confirmed=False)
    world = tiny_world(pools=(*POOLS, full))
    signature = world.children.signature[1, row(world, "dee")]
    assert world.rules.open[signature, at(world, "pool_full")]


def test_a_closed_setting_is_open_to_nobody() -> None:
    shut = pool("pool_shut", "mainstream", (-1, 11), status="Closed")
    world = tiny_world(pools=(*POOLS, shut))
    assert not world.rules.open[:, at(world, "pool_shut")].any()


def test_a_pool_takes_its_year_groups_and_a_nursery_all_below_reception() -> None:
    world = tiny_world()
    takes = world.pools.takes
    assert takes[:, at(world, "pool_main")].nonzero()[0].tolist() == list(range(16))
    assert takes[:, at(world, "pool_special_high")].nonzero()[0].tolist() == list(range(11, 16))


def test_later_advice_names_kinds_like_the_one_held() -> None:
    world = tiny_world()
    signature = world.children.signature[1, row(world, "gil")]
    advised = world.rules.signatures[signature].advised_kinds
    assert advised == ("state_special", "non_maintained_special", "independent_special")


def test_from_sixteen_later_advice_names_colleges_too() -> None:
    world = tiny_world()
    signature = world.children.signature[len(STAGES) - 1, row(world, "gil")]
    assert "further_education" in world.rules.signatures[signature].advised_kinds


def test_a_request_is_judged_for_the_decision_that_is_due_alone() -> None:
    settled = child("ray", 3, "SEMH", "pool_main", requests=asks(900_001))
    due = child("sue", 3, "SEMH", reason="new_plan", advised_kinds=("sen_unit",), requests=asks(900_001))
    world = with_more(settled, due)
    asked = world.children.request_first
    assert asked[row(world, "ray") + 1] - asked[row(world, "ray")] == 0
    assert asked[row(world, "sue") + 1] - asked[row(world, "sue")] == 2


def test_a_child_without_any_place_has_a_new_plan_to_decide() -> None:
    world = with_more(child("tom", 3, "SEMH"))
    assert world.children.due[row(world, "tom")] == NEW_PLAN
    assert world.children.pool[row(world, "tom")] == NO_PLACE
    assert world.children.pool[row(world, "joe")] == ELSEWHERE_ROW


def test_lines_are_kept_by_what_they_pay_for() -> None:
    world = tiny_world()
    cal, indie = row(world, "cal"), at(world, "pool_indie")
    lines = dict(zip(CHILD_LINES, world.prices.child[1, :, cal, indie].tolist(), strict=True))
    assert lines == {"top_up": 0, "inmss_fee": 6_300_000, "transport": 20 * 30_000}
    assert world.pools.place_funding[at(world, "pool_special_low")] == 1_000_000


def test_a_home_belongs_to_the_nearest_centre() -> None:
    centres = (Located("Runcorn", 351_000, 382_000), Located("Widnes", 351_000, 386_000))
    world = build_world(2026, CHILDREN, POOLS, (), invented_prices(CHILDREN, POOLS), no_demand(), centres)
    assert world.areas == ("Runcorn", "Widnes", "")
    assert {world.areas[area] for area in world.children.area} == {"Widnes"}


def test_without_centres_areas_are_squares_of_five_kilometres() -> None:
    assert "350,385" in tiny_world().areas


def test_a_child_in_a_pool_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="held in the pool 'pool_x', which is not among the pools"):
        with_more(child("uma", 3, "SEMH", "pool_x"))


def test_a_group_of_an_unknown_pool_is_refused() -> None:
    with pytest.raises(ValueError, match="group_x names the pool 'pool_x'"):
        tiny_world(groups=(GroupYears("group_x", ("pool_x",), (1,) * 6),))


def test_places_for_unequal_years_are_refused() -> None:
    with pytest.raises(ValueError, match=r"places are given for \[2, 6\] years"):
        tiny_world(pools=(replace(POOLS[0], places=(1, 2)), *POOLS[1:]))


def test_prices_of_every_stage_are_needed() -> None:
    quoted = invented_prices(CHILDREN, POOLS)
    with pytest.raises(ValueError, match="lines are given for 1 stages of age; expected 3"):
        build_world(2026, CHILDREN, POOLS, (), QuotedPrices(quoted.lines[:1], quoted.minutes), no_demand())


def test_bytes_that_are_no_world_are_refused() -> None:
    with pytest.raises(ValueError, match="not packed arrays"):
        World.from_bytes(b"nothing")


def test_a_world_of_nobody_is_a_world() -> None:
    world = build_world(2026, (), POOLS, (), invented_prices((), POOLS), no_demand())
    assert world.children.count == 0
    assert np.array_equal(World.from_bytes(world.to_bytes()).pools.places, world.pools.places)
