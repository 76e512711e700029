"""`inborough plan`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from inborough.placement.v1 import placement_pb2
from inborough.provision.v1 import provision_pb2
from shared.errors import WrongState
from tests.builders.cli import CASE_ID, a_plan, a_pool
from tests.service.cli.conftest import Ran, StandIns

Inborough = Callable[..., Ran]


@pytest.fixture
def planned(services: StandIns) -> StandIns:
    services.answer("ProposePlan", placement_pb2.ProposePlanResponse(plan=a_plan()))
    services.answer("ListPlacePools", provision_pb2.ListPlacePoolsResponse(pools=[a_pool()]))
    services.answer("ExportProblem", placement_pb2.ExportProblemResponse(problem_json=b'{"format": "x"}'))
    return services


def test_the_headline_says_who_is_placed_and_what_is_saved(planned: StandIns, inborough: Inborough) -> None:
    ran = inborough("plan")
    assert ran.status == 0
    said = " ".join(ran.out.split())
    for words in (
        "2 decisions due: 1 placed, 1 not placed.",
        "0 placements in independent and non-maintained special schools (INMSS); 1 child without a place.",
        "Against case by case: 1 fewer child in INMSS or without a place; £52,500 a year saved, with transport.",
        "case_0000000000000002: No pool takes Year 14 with SEMH.",
        "Astmoor Primary School, resource base: 1 fewer child without a place",
        "Advice only",
    ):
        assert words in said


def test_a_child_without_a_place_is_not_counted_as_a_saving(planned: StandIns, inborough: Inborough) -> None:
    inmss = placement_pb2.KindTotals(kind="independent_special", placed=2, annual_budget_cost_pence=14_000_000)
    ours = {"unplaced": 0, "inmss": 2, "annual_budget_cost_pence": 20_000_000}
    case_by_case = {"unplaced": 3, "inmss": 1, "annual_budget_cost_pence": 15_000_000}
    plan = a_plan(by_kind=[inmss], totals=ours, greedy_totals=case_by_case)
    planned.answer("ProposePlan", placement_pb2.ProposePlanResponse(plan=plan))
    said = " ".join(inborough("plan").out.split())
    assert "2 fewer children in INMSS or without a place; about £160,000 a year saved, with transport" in said
    assert "if a child without a place costs what an INMSS place costs here (£70,000)." in said


def test_requests_that_are_not_given_stay_the_panels_to_decide(planned: StandIns, inborough: Inborough) -> None:
    refusal = placement_pb2.RequestNotGiven(case_id=CASE_ID, urn=111217, why="full", reason="Every place is held.")
    plan = a_plan(requests_not_given=[refusal] * 12)
    planned.answer("ProposePlan", placement_pb2.ProposePlanResponse(plan=plan))
    out = inborough("plan").out
    assert "For the panel to decide: 12 requests that the plan does not give\nfull: 12\n" in out
    assert f"{CASE_ID} asked for Astmoor Primary School: " in " ".join(out.split())
    assert "A live request, as counted above, is one" in " ".join(out.split())
    assert "Every place is held." in out
    assert "and 2 more; --json lists all" in out


def test_pools_are_ordered_by_what_a_place_would_be_worth(planned: StandIns, inborough: Inborough) -> None:
    prices = {"pool_A": {"annual_cost_pence": 9_000_000}, "pool_B": {"unplaced": 1}, "pool_C": {"travel_minutes": 90}}
    plan = a_plan(shadow_prices={pool: placement_pb2.KnockOn(terms=terms) for pool, terms in prices.items()})
    planned.answer("ProposePlan", placement_pb2.ProposePlanResponse(plan=plan))
    out = inborough("plan").out
    assert out.index("pool_B") < out.index("pool_A: £90,000 less a year") < out.index("pool_C")


def test_pools_that_save_nothing_are_left_out(planned: StandIns, inborough: Inborough) -> None:
    plan = a_plan(shadow_prices={"pool_A": placement_pb2.KnockOn(terms={"unplaced": 0, "annual_cost_pence": 0})})
    planned.answer("ProposePlan", placement_pb2.ProposePlanResponse(plan=plan))
    out = inborough("plan").out
    assert "pool_A" not in out
    assert "Nothing to gain anywhere" in out


def test_pools_that_look_the_same_are_told_apart_by_needs_and_years(planned: StandIns, inborough: Inborough) -> None:
    twin = a_pool(pool_id="pool_ASTMOOR-ASD", needs=["ASD"], year_group_low=7, year_group_high=11)
    planned.answer("ListPlacePools", provision_pb2.ListPlacePoolsResponse(pools=[a_pool(), twin]))
    prices = {pool: placement_pb2.KnockOn(terms={"unplaced": 1}) for pool in ("pool_ASTMOOR-SEMH", "pool_ASTMOOR-ASD")}
    planned.answer("ProposePlan", placement_pb2.ProposePlanResponse(plan=a_plan(shadow_prices=prices)))
    said = " ".join(inborough("plan").out.split())
    assert "Astmoor Primary School, resource base, ASD, Years 7 to 11: 1 fewer" in said
    assert "Astmoor Primary School, resource base, SEMH, Reception to Year 6: 1 fewer" in said


def test_json_has_the_published_shape(planned: StandIns, inborough: Inborough) -> None:
    given = json.loads(inborough("plan", "--json").out)
    assert given["assignment"] == {CASE_ID: "pool_ASTMOOR-SEMH"}
    assert given["unplaced"] == [{"case_id": "case_0000000000000002", "reasons": ["No pool takes Year 14 with SEMH."]}]
    assert given["by_kind"]["resource_base"]["placed"] == 1
    assert given["greedy"]["totals"]["inmss"] == 1
    assert given["practice"]["totals"] == {}
    assert given["shadow_prices"] == {"pool_ASTMOOR-SEMH": {"unplaced": 1}}
    assert {"plan_id", "first_day", "status", "policy", "totals", "solve_seconds", "requests_not_given"} <= given.keys()


def test_export_writes_the_problem_of_the_plan(planned: StandIns, inborough: Inborough, tmp_path: Path) -> None:
    path = tmp_path / "problem.json"
    ran = inborough("plan", "--export", str(path), "--json")
    assert path.read_bytes() == b'{"format": "x"}'
    assert planned.asked["ExportProblem"].plan_id == json.loads(ran.out)["plan_id"]
    assert "inborough solve" in ran.err


def test_an_export_does_not_write_over_a_file_unless_told(
    planned: StandIns, inborough: Inborough, tmp_path: Path
) -> None:
    path = tmp_path / "problem.json"
    path.write_text("mine")
    assert inborough("plan", "--export", str(path)).status == 2
    assert path.read_text() == "mine"
    assert inborough("plan", "--export", str(path), "--force").status == 0
    assert path.read_bytes() == b'{"format": "x"}'


def test_an_export_that_cannot_be_written_says_so(planned: StandIns, inborough: Inborough, tmp_path: Path) -> None:
    ran = inborough("plan", "--export", str(tmp_path / "missing" / "problem.json"))
    assert ran.status == 2
    assert "No such file or directory" in ran.err


def test_a_day_without_decisions_due_says_so(planned: StandIns, inborough: Inborough) -> None:
    planned.answer("ProposePlan", placement_pb2.ProposePlanResponse(plan=a_plan(decisions_due=0, assignment={})))
    ran = inborough("plan")
    assert ran.out == "No decisions are due for 2 September 2024. See which are: inborough cases --due\n"


def test_nothing_to_plan_is_an_answer_of_no(planned: StandIns, inborough: Inborough) -> None:
    planned.answer("ProposePlan", WrongState("No decisions are due. Import them."))
    ran = inborough("plan")
    assert (ran.status, ran.err) == (1, "No decisions are due. Import them.\n")
