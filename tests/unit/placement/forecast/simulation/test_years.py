"""What happens to children from year to year, on the tiny world where nothing else does."""

from __future__ import annotations

from typing import Any

import numpy as np

from services.placement.forecast.simulation.categories import KINDS, PHASE_TRANSFER, PHASES, REASONS
from services.placement.forecast.simulation.outcome import Outcome
from services.placement.forecast.simulation.prepare import prepare
from services.placement.forecast.simulation.simulate import Year, run, simulate
from services.placement.forecast.simulation.world import World
from tests.builders.world import asks, child, definition, steady_demand, tiny_world, with_more, with_places


def years(world: World, **table: Any) -> list[Year]:
    return list(run(prepare(world, definition(**table)), 0))


def pool_of(year: Year, case_id: str) -> str:
    """Where a child is after the year's decisions."""
    found = np.flatnonzero(year.after.ids == case_id)
    if not found.size:
        return "gone"
    pool = int(year.after.pool[found[0]])
    return year.decided.problem.pool_ids[pool] if pool >= 0 else {-1: "elsewhere", -2: "unmet"}[pool]


def whereabouts(world: World, case_id: str, **table: Any) -> list[str]:
    return [pool_of(year, case_id) for year in years(world, **table)]


def kinds(outcome: Outcome) -> dict[str, list[int]]:
    by_kind = outcome.children.sum(axis=(1, 2, 3))
    return {kind: by_kind[:, at].tolist() for at, kind in enumerate(KINDS)}


def test_a_settled_child_stays() -> None:
    assert whereabouts(tiny_world(), "dee") == ["pool_main"] * 4


def test_the_first_year_stands_on_its_own_first_day_and_nobody_is_older_yet() -> None:
    assert years(tiny_world())[0].after.age.tolist()[:2] == [6, 10]


def test_a_case_due_on_file_is_decided_in_the_first_year() -> None:
    assert whereabouts(tiny_world(), "ivy")[0] == "pool_special_low"


def test_who_grows_out_of_a_pool_has_a_transfer_due() -> None:
    second = years(tiny_world())[1]
    at = np.flatnonzero(second.before.ids == "ben")[0]
    assert second.before.due[at] == PHASE_TRANSFER
    assert pool_of(second, "ben") == "pool_main"


def test_a_move_inside_one_group_is_no_decision() -> None:
    second = years(tiny_world())[1]
    at = np.flatnonzero(second.before.ids == "fay")[0]
    assert second.before.due[at] == 0
    assert pool_of(second, "fay") == "pool_special_high"


def test_a_child_educated_elsewhere_stays_so() -> None:
    assert whereabouts(tiny_world(), "joe") == ["elsewhere"] * 4


def test_early_years_elsewhere_end_at_reception() -> None:
    world = with_more(child("kit", -1, "ASD", elsewhere=True))
    assert whereabouts(world, "kit")[:2] == ["elsewhere", "pool_main"]


def test_a_young_person_grows_out_of_all_plans_after_25() -> None:
    world = with_more(child("lou", 20, "SEMH", "college"))
    found = simulate(world, definition(), 0)
    assert found.flows[:, 3].tolist() == [0, 0, 1, 0]


def test_plans_cease_by_chance_of_the_age_that_children_had() -> None:
    certain = steady_demand(yearly=0, cease=1.0)
    assert simulate(tiny_world(rates=certain), definition(), 0).flows[:, 4].tolist() == [10, 0, 0, 0]


def test_plans_may_cease_between_the_facts_and_the_first_day() -> None:
    certain = steady_demand(yearly=0, cease=1.0)
    world = tiny_world(rates=certain, share_of_year_before=0.5)
    assert simulate(world, definition(), 0).flows[0].tolist() == [10, 0, 10, 0, 0]


def test_who_is_unmet_is_due_again_next_year() -> None:
    world = with_more(child("max", 3, "HI", reason="new_plan", advised_kinds=("sen_unit",)))
    closed = {"close": [{"pool": "pool_main", "closes": "2026-09-01"}]}
    found = simulate(world, definition(levers={"breakdowns": {"factor": 0}, **closed}), 0)
    assert found.unplaced[1, REASONS.index("unmet")] >= 1


def test_a_closed_pool_makes_its_childrens_decisions_due() -> None:
    closes = {"close": [{"pool": "pool_base", "closes": "2027-09-01"}]}
    found = simulate(tiny_world(), definition(levers={"breakdowns": {"factor": 0}, **closes}), 0)
    assert found.due[1, REASONS.index("closure")] == 1
    assert found.used[:, tiny_world().pools.ids.index("pool_base")].tolist() == [2, 0, 0, 0]


def test_places_that_shrink_under_children_are_told_and_nobody_moves() -> None:
    world = with_places("pool_base", (4, 0, 0, 0, 0, 0))
    found = simulate(world, definition(), 0)
    base = world.pools.ids.index("pool_base")
    assert found.over_held[:, base].tolist() == [0, 1, 1, 1]
    assert found.used[:, base].tolist() == [2, 1, 1, 1]


def test_a_breakdown_leaves_the_setting_and_holds_the_place_until_moved() -> None:
    broken = {"breakdowns": {"factor": 1, "mainstream": 1.0}}
    moved = whereabouts(tiny_world(), "dee", levers=broken)
    assert moved[0] == "pool_main"
    assert moved[1] != "unmet"
    found = simulate(tiny_world(), definition(levers=broken), 0)
    assert found.due[1, REASONS.index("breakdown")] == found.due[1].sum() - found.due[1, PHASE_TRANSFER]


def test_a_request_on_file_is_given_where_there_is_room() -> None:
    world = with_more(
        child("ned", 3, "SEMH", reason="new_plan", advised_kinds=("state_special",), requests=asks(900_001))
    )
    found = simulate(world, definition(), 0)
    assert found.requests[0].tolist() == [1, 1]


def test_preferences_ask_for_the_nearest_setting_of_a_kind() -> None:
    asked = {"breakdowns": {"factor": 0}, "preferences": {"state_special": 1.0}}
    found = simulate(tiny_world(), definition(levers=asked), 0)
    assert found.requests[0].tolist() == [1, 1]


def test_a_request_far_dearer_than_the_policy_allows_is_not_live() -> None:
    asked = {"breakdowns": {"factor": 0}, "preferences": {"independent_special": 1.0}}
    found = simulate(tiny_world(), definition(levers=asked), 0)
    assert found.requests[0].tolist() == [0, 0]


def test_a_full_special_school_sends_children_to_an_independent_one() -> None:
    more = [
        child(f"extra{at}", 3, "SEMH", reason="new_plan", advised_kinds=("state_special", "independent_special"))
        for at in range(6)
    ]
    found = simulate(with_more(*more), definition(), 0)
    assert kinds(found)["state_special"][0] == 5
    assert kinds(found)["independent_special"][0] == 5


def test_new_plans_are_counted_by_need_and_phase() -> None:
    found = simulate(tiny_world(rates=steady_demand(yearly=40)), definition(), 0)
    assert found.new_plans.shape == (4, 14, len(PHASES))
    assert not found.new_plans[:, :, [PHASES.index("early_years"), PHASES.index("post_16")]].any()
