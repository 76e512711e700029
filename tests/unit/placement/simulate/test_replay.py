"""A year replayed panel by panel."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np

from services.placement.forecast.arrivals import YearOfArrivals, year_of_arrivals
from services.placement.forecast.prepare import prepare
from services.placement.forecast.replaying import for_later_too, for_now, in_hindsight, one_by_one, replay
from services.placement.forecast.simulate import run
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
