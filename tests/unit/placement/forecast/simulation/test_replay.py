"""A year replayed panel by panel."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from services.placement.forecast.simulation.arrivals import YearOfArrivals, sampled_futures, year_of_arrivals
from services.placement.forecast.simulation.prepare import prepare
from services.placement.forecast.simulation.replaying import for_later_too, for_now, in_hindsight, one_by_one, replay
from services.placement.forecast.simulation.simulate import run
from services.placement.forecast.simulation.world import World
from services.placement.model.later import LaterArrivals
from services.placement.model.later_prices import price_later_arrivals
from tests.builders.world import definition, steady_demand, tiny_world

WAYS = (one_by_one, for_now, for_later_too)
PANELS, SAMPLES = 5, 3


@cache
def replayed_years() -> tuple[YearOfArrivals, ...]:
    prepared = prepare(tiny_world(rates=steady_demand(yearly=20)), definition())
    return tuple(
        year_of_arrivals(prepared, year, replicate, SAMPLES, PANELS)
        for replicate in range(4)
        for year in run(prepared, replicate)
    )


def test_decisions_due_on_the_first_day_come_first_and_new_plans_after() -> None:
    for year in replayed_years():
        later = {one for one, panel in zip(year.problem.case_ids, year.panel, strict=True) if panel}
        assert all(one.startswith(("new:", "sample:")) for one in later)
        assert not any(one.startswith("sample:") for one in set(year.problem.case_ids) - later)
        assert year.panel.max() <= PANELS


def test_every_child_comes_once() -> None:
    for year in replayed_years():
        rows = np.concatenate([year.coming(panel) for panel in range(PANELS + 1)])
        assert sorted(rows.tolist()) == year.everybody().tolist()


def test_a_sampled_future_holds_nobody_who_comes() -> None:
    for year in replayed_years():
        for sample in range(year.samples):
            assert not set(year.still_to_come(sample, 0).tolist()) & set(year.everybody().tolist())


def test_no_way_of_deciding_beats_hindsight() -> None:
    for year in replayed_years():
        best = in_hindsight(year).totals.tolist()
        for way in WAYS:
            assert replay(year, way).totals.tolist() >= best


def test_with_everybody_at_once_planning_is_hindsight() -> None:
    for year in replayed_years():
        at_once = replace(year, panel=np.where(year.future < 0, 0, year.panel))
        assert replay(at_once, for_now).totals.tolist() == in_hindsight(year).totals.tolist()


def test_a_replay_is_the_same_twice() -> None:
    year = replayed_years()[1]
    assert replay(year, for_later_too).totals.tolist() == replay(year, for_later_too).totals.tolist()


def priced(free: list[int], *, year_left: float = 1.0, world: World | None = None) -> LaterArrivals:
    """What later arrivals lose by each place, with so many free in the special school's lower part and its group."""
    world = world or tiny_world(rates=steady_demand(yearly=30))
    numbers = np.full(world.pools.count, -1)
    numbers[world.pools.ids.index("pool_special_low")] = free[0]
    groups = np.array([free[1]])
    return price_later_arrivals(sampled_futures(world, numbers, groups, year_left, samples=20))


def lower_part(later: LaterArrivals) -> int:
    """Thousandths of a child sent away for want of a place in the special school's lower part."""
    return int(later.away_thousandths()[tiny_world().pools.ids.index("pool_special_low")])


def test_the_fewer_places_are_free_the_more_each_is_worth_to_those_who_come() -> None:
    plenty, few = lower_part(priced([100, 100])), lower_part(priced([2, 100]))
    assert plenty == 0
    assert few > 500


def test_a_group_without_room_makes_the_place_worth_as_much() -> None:
    assert lower_part(priced([100, 2])) > 500


def test_at_the_years_end_nobody_is_still_to_come() -> None:
    assert not priced([2, 100], year_left=0.0).lost.any()


def test_a_place_is_worth_less_the_less_of_the_year_is_left() -> None:
    worth = [lower_part(priced([2, 100], year_left=left)) for left in (1.0, 0.3, 0.1)]
    assert worth == sorted(worth, reverse=True)
    assert worth[0] > worth[2]


def test_what_is_left_of_a_year_is_a_part_of_it() -> None:
    with pytest.raises(ValueError, match="year_left: 2 is not from 0 to 1"):
        priced([1, 1], year_left=2)


def test_free_places_are_given_for_every_pool() -> None:
    world = tiny_world()
    with pytest.raises(ValueError, match="free: has shape"):
        list(sampled_futures(world, np.zeros(1, np.int64), np.zeros(1, np.int64), 1.0, 1))
