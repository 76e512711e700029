"""Each lever alone, on the tiny world."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from services.placement.forecast.rates.rates import NEEDS
from services.placement.forecast.simulation.categories import KINDS, PHASES
from services.placement.forecast.simulation.draws import Draws
from services.placement.forecast.simulation.joining import expected
from services.placement.forecast.simulation.outcome import LINES, OPPORTUNITIES, Outcome
from services.placement.forecast.simulation.place_numbers import place_numbers
from services.placement.forecast.simulation.prepare import prepare
from services.placement.forecast.simulation.simulate import simulate
from services.placement.forecast.simulation.world import World
from tests.builders.world import child, definition, steady_demand, tiny_world, with_more, with_places

SPECIAL_URN = 900_001
MANY = 400
WORLD = tiny_world()


def outcome(world: World, **levers: Any) -> Outcome:
    return simulate(world, definition(levers={"breakdowns": {"factor": 0}, **levers}), 0)


def places(world: World, pool_id: str, levers: dict[str, Any], replicate: int = 0) -> list[int]:
    """Places of a pool, year by year."""
    prepared = prepare(world, definition(levers=levers))
    numbers = place_numbers(prepared, Draws(1, replicate))
    found: list[int] = numbers.places[prepared.pools.ids.index(pool_id)].tolist()
    return found


def opening(**changes: Any) -> dict[str, Any]:
    """A resource base of five places from September 2027."""
    base = {"name": "base", "kind": "resource_base", "places": 5, "opens": "2027-09-01", "urn": SPECIAL_URN}
    return {"open": [{**base, **changes}]}


def in_kind(found: Outcome, kind: str) -> list[int]:
    counted: list[int] = found.children[..., KINDS.index(kind)].sum(axis=(1, 2, 3)).tolist()
    return counted


def new_semh(count: int, advised: tuple[str, ...] = ("independent_special",)) -> World:
    """The tiny world with so many more new plans for SEMH in Year 8."""
    more = [child(f"semh{at}", 8, "SEMH", reason="new_plan", advised_kinds=advised) for at in range(count)]
    return with_more(*more)


def test_a_pool_opens_on_its_first_september() -> None:
    assert places(WORLD, "lever:base", opening()) == [0, 5, 5, 5]


def test_a_pool_that_opens_within_a_year_has_places_from_the_next() -> None:
    assert places(WORLD, "lever:base", opening(opens="2027-09-02")) == [0, 0, 5, 5]


def test_a_pool_may_be_delayed_by_months() -> None:
    late = {"delay": [{"pool": "lever:base", "months": 10}]}
    assert places(WORLD, "lever:base", {**opening(), **late}) == [0, 0, 5, 5]


def test_places_coming_to_a_pool_on_file_may_be_delayed() -> None:
    world = with_places("pool_base", (4, 10, 10, 9, 9, 9))
    late = {"delay": [{"pool": "pool_base", "months": 12}]}
    assert places(world, "pool_base", late) == [4, 4, 10, 9]


def test_an_extension_adds_places_to_the_pool_and_its_group() -> None:
    grown = {"extend": [{"pool": "pool_special_low", "places": 3, "opens": "2027-09-01"}]}
    prepared = prepare(tiny_world(), definition(levers=grown))
    numbers = place_numbers(prepared, Draws(1, 0))
    assert numbers.places[prepared.pools.ids.index("pool_special_low")].tolist() == [4, 7, 7, 7]
    assert numbers.group_places[0].tolist() == [6, 9, 9, 9]


def test_a_closed_pool_has_no_places() -> None:
    shut = {"close": [{"pool": "pool_base", "closes": "2028-08-31"}]}
    assert places(WORLD, "pool_base", shut) == [4, 4, 0, 0]


@pytest.mark.parametrize(
    ("risks", "wanted"),
    [
        ({"not_secured_chance": 0.3}, 0.7),
        ({"late_chance": 0.3, "late_months": [12]}, 0.7),
        ({"low_take_up_chance": 0.3, "low_take_up_share": 0.4}, 0.7),
    ],
)
def test_a_risk_strikes_by_its_chance(risks: dict[str, Any], wanted: float) -> None:
    levers = {**opening(), "risks": risks}
    seen = [places(WORLD, "lever:base", levers, replicate)[1] for replicate in range(MANY)]
    assert abs(np.mean([number == 5 for number in seen]) - wanted) < 0.07
    assert set(seen) <= {0, 2, 5}


def test_a_pool_opens_by_its_own_chance() -> None:
    seen = [places(WORLD, "lever:base", opening(chance=0.25), replicate)[1] for replicate in range(MANY)]
    assert abs(np.mean([number == 5 for number in seen]) - 0.25) < 0.07


def test_a_lever_pool_is_open_to_those_whom_it_suits() -> None:
    world = new_semh(4)
    opens = opening(opens="2026-09-01", needs=["SEMH"], suitable_share=1.0)
    assert in_kind(outcome(world, **opens), "resource_base")[0] == 2 + 5
    assert in_kind(outcome(world, **opening(opens="2026-09-01", suitable_share=0.0)), "resource_base")[0] == 2


def test_a_lever_pool_for_another_need_takes_nobody() -> None:
    opens = opening(opens="2026-09-01", needs=["HI"], suitable_share=1.0)
    assert in_kind(outcome(new_semh(4), **opens), "resource_base")[0] == 2


@pytest.mark.parametrize(
    ("name", "advised", "kind"),
    [
        ("mainstream_rather_than_mss", ("state_special",), "mainstream"),
        ("mainstream_rather_than_inmss", ("independent_special",), "mainstream"),
        ("base_rather_than_inmss", ("independent_special",), "resource_base"),
        ("mss_rather_than_inmss", ("independent_special",), "state_special"),
    ],
)
def test_an_opportunity_opens_another_kind_to_its_share(name: str, advised: tuple[str, ...], kind: str) -> None:
    more = [child(f"a{at}", 5, "ASD", reason="new_plan", advised_kinds=advised) for at in range(2)]
    special = [child(f"b{at}", 5, "SEMH", reason="new_plan", advised_kinds=advised) for at in range(2)]
    needs = special if kind == "state_special" or advised == ("state_special",) else more
    world = with_more(*needs, child("ann2", 3, "ASD", "pool_base"))
    before, after = outcome(world), outcome(world, opportunities={name: 1.0})
    assert after.opportunities[0, OPPORTUNITIES.index(name), 0] >= 2
    assert in_kind(after, kind)[0] > in_kind(before, kind)[0]


def test_a_base_rather_than_a_special_school_needs_a_base_for_the_need() -> None:
    world = with_more(
        *[child(f"b{at}", 5, "SEMH", reason="new_plan", advised_kinds=("state_special",)) for at in range(2)]
    )
    opens = opening(opens="2026-09-01", needs=["SEMH"], suitable_share=0.0)
    before = outcome(world, **opens)
    after = outcome(world, **opens, opportunities={"base_rather_than_mss": 1.0})
    assert in_kind(after, "resource_base")[0] > in_kind(before, "resource_base")[0]
    assert after.opportunities[0, OPPORTUNITIES.index("base_rather_than_mss")].tolist() == [3, 3]  # Ivy too


def test_an_opportunity_moves_nobody_who_is_settled() -> None:
    found = outcome(tiny_world(), opportunities={"mss_rather_than_inmss": 1.0})
    assert in_kind(found, "independent_special") == [1] * 4


def test_a_share_of_new_plans_may_not_be_needed() -> None:
    world = tiny_world(rates=steady_demand(yearly=60))
    before, after = outcome(world), outcome(world, opportunities={"no_plan_needed": 0.5})
    assert 0.3 < after.flows[:, 1].sum() / before.flows[:, 1].sum() < 0.7
    assert (after.opportunities[:, 0, 0] == before.flows[:, 1] - after.flows[:, 1]).all()


def test_demand_may_grow_faster() -> None:
    world = tiny_world(rates=steady_demand(growth_sd=0, level_sd=0))
    usual, faster = (
        expected(prepare(world, definition(levers={"growth": growth})), Draws(1, 0), 2).sum() for growth in (0.0, 0.1)
    )
    assert faster / usual == pytest.approx(1.1**2)


def test_demand_of_one_need_and_phase_may_change_from_a_year_on() -> None:
    world = tiny_world(rates=steady_demand(growth_sd=0, level_sd=0))
    change = {"demand": [{"need": "SEMH", "phase": "KS3", "factor": 2, "from_year": 2027}]}
    prepared, draws = prepare(world, definition(levers=change)), Draws(1, 0)
    before, after = expected(prepared, draws, 0), expected(prepared, draws, 1)
    ratio = after / np.where(before, before, 1)
    semh = NEEDS.index("SEMH")
    assert ratio[11, semh] / ratio[10, semh] == pytest.approx(2)
    assert ratio[11, NEEDS.index("ASD")] == pytest.approx(ratio[10, semh])


def test_plans_may_cease_more_often_in_a_phase() -> None:
    world = tiny_world(rates=steady_demand(yearly=0, cease=0.5))
    found = outcome(world, cease=[{"phase": "post_16", "factor": 2}, {"phase": "KS2", "factor": 0}])
    assert found.ceased[1, :, PHASES.index("post_16")].sum() == 1
    assert not found.ceased[1, :, PHASES.index("KS2")].any()


def test_a_price_may_rise_on_its_own() -> None:
    flat = dict.fromkeys(("inmss_fee", "top_up", "place_funding", "transport", "hn_unit_block", "other"), 0.0)
    before, after = (outcome(tiny_world(), inflation={**flat, "inmss_fee": rise}) for rise in (0.0, 0.08))
    fee = LINES.index("inmss_fee")
    assert after.spend[:, 0, fee].tolist() == [round(6_300_000 * 1.08**year) for year in range(4)]
    assert (np.delete(after.spend[0], fee, axis=1) == np.delete(before.spend[0], fee, axis=1)).all()


def test_a_policy_may_be_another() -> None:
    world = with_more(
        child("pat", 8, "SEMH", reason="new_plan", advised_kinds=("state_special", "independent_special"))
    )
    for policy in ("suitable-then-least-cost", "suitable-then-least-travel"):
        assert simulate(world, definition(levers={"policy": policy}), 0).flows[0, 4] == 11


def test_mainstream_schools_take_more_as_plans_grow() -> None:
    world = with_places("pool_main", (10, 10, 10, 0, 10, 10))
    prepared = prepare(world, definition(mainstream_growth=0.1))
    numbers = place_numbers(prepared, Draws(1, 0))
    assert numbers.places[prepared.pools.ids.index("pool_main")].tolist() == [10, 11, 12, 0]
    assert numbers.places[prepared.pools.ids.index("pool_base")].tolist() == [4] * 4


def test_who_is_placed_against_the_advice_is_told_as_unsettled() -> None:
    """Ben grows out of his base; only mainstream is open to him, which the advice does not name."""
    found = outcome(tiny_world())
    assert found.unsettled[1, NEEDS.index("ASD"), PHASES.index("KS3")] == 1
