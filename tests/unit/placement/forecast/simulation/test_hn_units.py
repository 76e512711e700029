"""High Needs units: an opening decision with a yearly block and four to six pupils."""

from __future__ import annotations

from typing import Any

from services.placement.forecast.simulation.categories import KINDS
from services.placement.forecast.simulation.outcome import LINES, Outcome
from services.placement.forecast.simulation.simulate import simulate
from services.placement.forecast.simulation.world import World
from tests.builders.world import CHILDREN, child, definition, tiny_world, with_more

BLOCK, FEE = LINES.index("hn_unit_block"), LINES.index("inmss_fee")
NO_RISE = dict.fromkeys(("inmss_fee", "top_up", "place_funding", "transport", "hn_unit_block", "other"), 0.0)
UNIT = {
    "name": "unit",
    "kind": "hn_unit",
    "places": 6,
    "years": [0, 11],
    "opens": "2026-09-01",
    "urn": 900_001,
    "suitable_share": 1.0,
}


def world_with(pupils: int) -> World:
    """So many children with SEMH whom only an independent school or a unit suits, who have just got a plan."""
    advised = ("independent_special",)
    others = [one for one in CHILDREN if one.case.case_id != "ivy"]
    pupil = [child(f"u{at}", 5, "SEMH", reason="new_plan", advised_kinds=advised) for at in range(pupils)]
    return tiny_world(children=(*others, *pupil))


def outcome(pupils: int, units: dict[str, Any] | None = None, **unit: Any) -> Outcome:
    levers = {
        "breakdowns": {"factor": 0},
        "inflation": NO_RISE,
        "open": [{**UNIT, **unit}],
        "hn_units": units or {},
    }
    money = {"new_plan_share": 1.0}
    return simulate(world_with(pupils), definition(levers=levers, money=money), 0)


def test_a_unit_opens_with_enough_pupils() -> None:
    assert outcome(5).used[:, -1].tolist() == [5] * 4


def test_a_unit_takes_six_at_most() -> None:
    assert outcome(8).used[0, -1] == 6


def test_a_unit_with_too_few_stays_shut_and_they_go_elsewhere() -> None:
    found = outcome(2)
    assert not found.used[:, -1].any()
    assert not found.places[:, -1].any()
    assert found.children[0, ..., KINDS.index("unmet")].sum() == 0
    assert not found.spend[:, 0, BLOCK].any()


def test_a_unit_costs_its_block_once_however_many_come() -> None:
    assert outcome(4).spend[0, 0, BLOCK] == outcome(6).spend[0, 0, BLOCK] == 14_000_000


def test_of_two_units_the_emptier_stays_shut() -> None:
    levers = {
        "breakdowns": {"factor": 0},
        "open": [{**UNIT, "name": "one"}, {**UNIT, "name": "two"}],
    }
    found = simulate(world_with(7), definition(levers=levers), 0)
    assert sorted(found.used[0, -2:].tolist()) == [0, 6]


def test_take_up_limits_the_places_but_never_below_the_least_number() -> None:
    assert outcome(6, units={"take_up": 0.8}).used[0, -1] == 5
    assert outcome(6, units={"take_up": 0.1}).used[0, -1] == 4


def test_a_unit_that_opens_half_way_through_the_year_saves_half() -> None:
    shut, whole, half = outcome(3), outcome(4), outcome(4, units={"first_year_share": 0.5})
    assert shut.spend[0, 0, FEE] == 4 * 6_300_000
    assert whole.spend[0, 0, FEE] == 6_300_000
    assert half.spend[0, 0, FEE] == 6_300_000 + 2 * 6_300_000
    assert half.spend[0, 0, BLOCK] == 7_000_000


def test_a_unit_that_runs_stays_open_when_pupils_leave() -> None:
    found = outcome(4)
    assert found.used[1:, -1].tolist() == [4, 4, 4]


def test_a_child_of_another_need_is_not_for_the_unit() -> None:
    advised = ("independent_special",)
    world = with_more(*[child(f"v{at}", 5, "ASD", reason="new_plan", advised_kinds=advised) for at in range(5)])
    found = simulate(world, definition(levers={"open": [UNIT]}), 0)
    assert not found.used[:, -1].any()
