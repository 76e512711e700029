"""What must hold in every year of every replicate, whatever the levers."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from services.placement.forecast.simulation.categories import KEEPS_PLACE, NOT_DUE
from services.placement.forecast.simulation.levers import Definition
from services.placement.forecast.simulation.outcome import LINES, Outcome
from services.placement.forecast.simulation.prepare import prepare
from services.placement.forecast.simulation.simulate import Year, run, simulate
from services.placement.forecast.simulation.world import NO_PLACE, World
from services.placement.model.solve import solve
from tests.builders.world import definition, steady_demand, tiny_world

examples = settings(max_examples=15, deadline=None, derandomize=True, database=None)


@cache
def busy_world() -> World:
    """The tiny world with some 30 new plans a year, far more than it has places for."""
    return tiny_world(rates=steady_demand(yearly=30))


def share() -> st.SearchStrategy[float]:
    return st.sampled_from([0.0, 0.3, 1.0])


@st.composite
def definitions(draw: st.DrawFn) -> Definition:
    """Scenarios that pull every lever, at random."""
    levers: dict[str, Any] = {
        "growth": draw(st.sampled_from([-0.2, 0.0, 0.4])),
        "breakdowns": {"factor": draw(st.sampled_from([0, 1, 10]))},
        "cease": [{"factor": draw(st.sampled_from([0, 1, 3]))}],
        "inflation": {"inmss_fee": draw(st.sampled_from([0.0, 0.08]))},
        "opportunities": {
            "no_plan_needed": draw(share()),
            "base_rather_than_mss": draw(share()),
            "mss_rather_than_inmss": draw(share()),
        },
        "preferences": {"mainstream": draw(st.sampled_from([0.0, 0.5])), "independent_special": 0.2},
        "hn_units": {"first_year_share": draw(share())},
    }
    if draw(st.booleans()):
        levers["open"] = [
            {"name": "unit", "kind": "hn_unit", "years": [0, 11], "places": 6, "opens": "2027-02-01", "urn": URN},
            {"name": "base", "kind": "resource_base", "places": 3, "opens": "2027-09-01", "urn": URN},
        ]
        levers["risks"] = {"late_chance": 0.5, "low_take_up_chance": 0.5, "not_secured_chance": 0.2}
    if draw(st.booleans()):
        levers["close"] = [{"pool": "pool_base", "closes": "2028-09-01"}]
    probes = [{"need": "SEMH", "phase": "KS3", "places": 4}, {"need": "ASD", "phase": "KS2", "kind": "resource_base"}]
    return definition(levers=levers, probes=probes, seed=draw(st.integers(0, 99)))


URN = next(
    int(urn) for at, urn in zip(busy_world().pools.ids, busy_world().pools.urn, strict=True) if at == "pool_main"
)


def years(scenario: Definition) -> list[Year]:
    return list(run(prepare(busy_world(), scenario), 0))


def outcome(scenario: Definition) -> Outcome:
    return simulate(busy_world(), scenario, 0)


@examples
@given(definitions())
def test_every_child_is_accounted_for_each_year(scenario: Definition) -> None:
    found = outcome(scenario)
    start, new, ceased, aged_out, end = found.flows.T
    assert (start + new - ceased - aged_out == end).all()
    assert (start[1:] == end[:-1]).all()
    assert (found.children.sum(axis=(1, 2, 3, 4)) == end).all()
    assert (found.new_plans.sum(axis=(1, 2)) == new).all()


@examples
@given(definitions())
def test_no_decision_overfills_a_pool_or_a_group(scenario: Definition) -> None:
    for year in years(scenario):
        problem, pool = year.decided.problem, year.decided.pool
        taken = np.bincount(pool[pool >= 0], minlength=problem.pool_count)
        assert (taken <= year.room.pools).all()
        around = problem.groups.pool_parent
        for group in range(len(problem.groups.ids)):
            assert taken[around == group].sum() <= year.room.groups[group]


@examples
@given(definitions())
def test_what_is_over_a_number_was_held_before_it_shrank(scenario: Definition) -> None:
    for year in years(scenario):
        places = year.numbers.places[:, year.index]
        settled = (year.before.pool >= 0) & ((year.before.due == NOT_DUE) | KEEPS_PLACE[year.before.due])
        held = np.bincount(year.before.pool[settled], minlength=places.size)
        used = np.bincount(year.after.pool[year.after.pool >= 0], minlength=places.size)
        fixed = places >= 0
        assert (used[fixed] <= np.maximum(places, held)[fixed]).all()


@examples
@given(definitions())
def test_nobody_is_moved_without_a_decision_due(scenario: Definition) -> None:
    for year in years(scenario):
        settled = year.before.due == NOT_DUE
        assert (year.before.pool[settled] == year.after.pool[settled]).all()
        assert (year.before.pool[settled] != NO_PLACE).all()


@examples
@given(definitions())
def test_the_deficit_is_the_last_one_plus_spend_less_income_to_the_penny(scenario: Definition) -> None:
    found = outcome(replace(scenario, money=replace(scenario.money, opening_deficit_pence=290_000_000)))
    spend = found.spend[:, 0].sum(axis=1)
    before = np.concatenate([[290_000_000], found.deficit[:-1]])
    assert (found.deficit == before + spend - found.income).all()


@examples
@given(definitions())
def test_a_childs_lines_are_the_same_on_both_ledgers(scenario: Definition) -> None:
    spend = outcome(scenario).spend
    of_child = [LINES.index(line) for line in ("top_up", "inmss_fee", "transport")]
    assert (spend[:, 0, of_child] == spend[:, 1, of_child]).all()
    assert not np.delete(spend[:, 1], of_child, axis=1).any()


@examples
@given(definitions())
def test_one_more_place_never_costs_more(scenario: Definition) -> None:
    """In the plan's own order: no child more unplaced, and where as many are, nothing later is worse first."""
    for year in years(scenario):
        problem = year.decided.problem
        for pool in np.flatnonzero(problem.pool_places < problem.case_count)[:3].tolist():
            more = problem.pool_places.copy()
            more[pool] += 1
            better = solve(replace(problem, pool_places=more)).totals.tolist()
            assert better <= year.decided.solution.totals.tolist()


@examples
@given(definitions())
def test_a_probe_leaves_the_plan_as_it_is(scenario: Definition) -> None:
    with_probes, without = outcome(scenario), outcome(replace(scenario, probes=()))
    assert (with_probes.children == without.children).all()
    assert (with_probes.spend == without.spend).all()


@examples
@given(definitions())
def test_a_high_needs_unit_opens_with_four_to_six_or_not_at_all(scenario: Definition) -> None:
    for year in years(scenario):
        opened = np.flatnonzero(year.opened)
        pupils = np.bincount(year.after.pool[year.after.pool >= 0], minlength=year.opened.size)[opened]
        assert ((pupils >= 4) & (pupils <= 6)).all()


@examples
@given(definitions())
def test_more_places_of_a_probe_are_worth_no_less_than_one(scenario: Definition) -> None:
    found = outcome(scenario)
    told = found.places.shape[1]
    for year in range(found.years):
        assert found.value[year, 0].tolist() >= found.price[year, told].tolist()
