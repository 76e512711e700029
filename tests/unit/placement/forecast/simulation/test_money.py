"""Money of a simulated year, in whole pence."""

from __future__ import annotations

from typing import Any

from services.placement.forecast.simulation.categories import PLACE_KINDS
from services.placement.forecast.simulation.outcome import LINES, Outcome
from services.placement.forecast.simulation.simulate import simulate
from tests.builders.world import definition, steady_demand, tiny_world, with_places

NO_RISE = dict.fromkeys(("inmss_fee", "top_up", "place_funding", "transport", "hn_unit_block", "other"), 0.0)
EMPTY = LINES.index("empty_places")


def outcome(money: dict[str, Any] | None = None, levers: dict[str, Any] | None = None, **table: Any) -> Outcome:
    pulled = {"breakdowns": {"factor": 0}, "inflation": NO_RISE, **(levers or {})}
    return simulate(tiny_world(), definition(levers=pulled, money=money or {}, **table), 0)


def test_income_left_out_is_what_the_children_on_file_cost() -> None:
    """Cal's fee and transport, two places each in base, mainstream and special school, and Hal's college."""
    cal = 6_300_000 + 20 * 300_00
    others = 2 * (900_000 + 600_000) + 2 * 800_000 + 2 * (1_400_000 + 1_000_000) + 700_000
    assert outcome(years=1).income[0] == cal + others


def test_income_grows_by_the_rate() -> None:
    found = outcome({"income_pence": 100_000_000, "income_growth": 0.03})
    assert found.income.tolist() == [100_000_000, 103_000_000, 106_090_000, 109_272_700]


def test_the_deficit_starts_from_the_opening_one() -> None:
    found = outcome({"opening_deficit_pence": 290_000_000, "income_pence": 0}, years=1)
    assert found.deficit[0] == 290_000_000 + found.spend[0, 0].sum()


def test_other_spend_is_a_line_of_its_own_and_rises() -> None:
    rising = {"inflation": {**NO_RISE, "other": 0.1}}
    found = outcome({"other_spend_pence": 1_000_000}, rising)
    assert found.spend[:, 0, LINES.index("other")].tolist() == [1_000_000, 1_100_000, 1_210_000, 1_331_000]


def test_a_new_plan_is_paid_for_part_of_its_first_year_only_when_it_joins_in_the_simulation() -> None:
    """Ivy is on file: her place is paid for in full."""
    half, whole = outcome({"new_plan_share": 0.5}), outcome({"new_plan_share": 1.0})
    assert (half.spend == whole.spend).all()


def test_empty_places_of_a_base_and_a_special_school_cost_until_they_are_filled() -> None:
    """The base has two of four empty; the special school, whose number counts once, three of six (Ivy joins)."""
    assert outcome(years=1).spend[0, 0, EMPTY] == (2 + 3) * 1_000_000


def test_places_that_open_within_a_year_are_paid_for_by_the_day() -> None:
    opens = {"open": [{"name": "b", "kind": "resource_base", "places": 3, "opens": "2027-03-01", "urn": 900_001}]}
    with_it, without = outcome(levers=opens, years=1), outcome(years=1)
    days = 184  # from 1 March to 31 August
    assert with_it.spend[0, 0, EMPTY] - without.spend[0, 0, EMPTY] == round(3 * 1_000_000 * days / 365)


def test_the_price_of_one_more_place_is_what_it_saves() -> None:
    """Two more children want a place at the full special school: one more place there spares an independent one."""
    world = with_places("pool_special_low", (1,) * 6)
    found = simulate(world, definition(levers={"breakdowns": {"factor": 0}, "inflation": NO_RISE}), 0)
    low = world.pools.ids.index("pool_special_low")
    unmet, unsettled, requests, inmss, pence = found.price[0, low].tolist()
    assert (unmet, unsettled, requests, inmss) == (0, 0, 0, 1)
    assert pence == (6_300_000 + 20 * 300_00) - (1_400_000 + 1_000_000)


def test_spend_by_kind_is_all_of_the_budget_ledger_but_transport() -> None:
    found = simulate(tiny_world(rates=steady_demand()), definition(years=4), 0)
    without = found.spend[:, 0].sum(axis=1) - found.spend[:, 0, LINES.index("transport")]
    assert found.spend_by_kind.sum(axis=1).tolist() == without.tolist()
    independent = PLACE_KINDS.index("independent_special")
    assert (found.spend_by_kind[:, independent] >= found.spend[:, 0, LINES.index("inmss_fee")]).all()
