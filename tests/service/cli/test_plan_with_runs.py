"""`inborough plan --with-runs`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inborough.placement.v1 import placement_pb2, travel_pb2
from inborough.provision.v1 import provision_pb2
from shared.errors import WrongState
from tests.builders.cli import CASE_ID, FIRST_DAY, a_plan, a_pool
from tests.service.cli.conftest import Ran, StandIns

Inborough = Callable[..., Ran]
ROUNDS = (
    travel_pb2.JointRound(number=0, annual_pence=10_000_000, runs_annual_pence=4_000_000, tried="average transport"),
    travel_pb2.JointRound(number=1, annual_pence=8_000_000, runs_annual_pence=2_500_000, changed=1, tried="again"),
)


def a_joint_plan(**changes: Any) -> travel_pb2.JointPlan:
    """Two rounds; one child goes elsewhere, which saves GBP 20,000."""
    facts: dict[str, Any] = {
        "plan": a_plan(status="joint", greedy_totals={}, practice_totals={}, shadow_prices={}),
        "rounds": ROUNDS,
        "separate_annual_pence": 10_000_000,
        "joint_annual_pence": 8_000_000,
        "least_annual_pence": 7_000_000,
        "changes": [travel_pb2.JointChange(case_id=CASE_ID, separate_pool_id="pool_X", joint_pool_id=a_pool().pool_id)],
    }
    return travel_pb2.JointPlan(**{**facts, **changes})


def answers(made: travel_pb2.JointPlan) -> list[travel_pb2.ProposeJointPlanResponse]:
    told = [travel_pb2.ProposeJointPlanResponse(round=each) for each in made.rounds]
    return [*told, travel_pb2.ProposeJointPlanResponse(joint_plan=made)]


@pytest.fixture
def planned(services: StandIns) -> StandIns:
    services.answer("ProposeJointPlan", answers(a_joint_plan()))
    services.answer("ListPlacePools", provision_pb2.ListPlacePoolsResponse(pools=[a_pool()]))
    services.answer("ExportProblem", placement_pb2.ExportProblemResponse(problem_json=b'{"format": "x"}'))
    return services


def said(ran: Ran) -> str:
    assert ran.status == 0
    return " ".join(ran.out.split())


def test_it_says_what_is_saved_how_far_from_the_best_and_who_goes_elsewhere(
    planned: StandIns, inborough: Inborough
) -> None:
    out = said(inborough("plan", "--with-runs", "--first-day", "2024-09-02"))
    assert planned.asked["ProposeJointPlan"].first_day == FIRST_DAY
    for words in (
        "2 decisions due: 1 placed, 1 not placed. Made together with its runs under policy",
        "Planned with average transport £100,000 a year for places and all runs",
        "Planned together £80,000 a year",
        "Saved by planning together £20,000 a year",
        "The best there can be at most 12.5% less: no plan as good before money is below £70,000",
        "Placed elsewhere than with average transport: 1 child",
        f"{CASE_ID}: Astmoor Primary School, resource base; with average transport pool_X",
        "Advice only",
    ):
        assert words in out


def test_each_round_is_told_as_it_ends(planned: StandIns, inborough: Inborough) -> None:
    told = " ".join(inborough("plan", "--with-runs").err.split())
    assert "round 0, £100,000 a year …" in told
    assert "round 1, £80,000 a year, 1 child placed elsewhere …" in told


def test_what_belongs_to_a_proven_optimum_is_not_shown(planned: StandIns, inborough: Inborough) -> None:
    out = said(inborough("plan", "--with-runs"))
    assert "worth most" not in out
    assert "Case by case" not in out
    assert "Today's" not in out


def test_a_plan_that_no_round_betters_is_said_to_save_nothing(planned: StandIns, inborough: Inborough) -> None:
    planned.answer("ProposeJointPlan", answers(a_joint_plan(joint_annual_pence=10_000_000, changes=[])))
    out = said(inborough("plan", "--with-runs"))
    assert "nothing: no round found a cheaper plan" in out
    assert "Every child has the place that it has in the plan with average transport." in out


def test_nobody_due_is_said(planned: StandIns, inborough: Inborough) -> None:
    empty = placement_pb2.PlacementPlan(first_day=FIRST_DAY, status="joint")
    planned.answer("ProposeJointPlan", answers(travel_pb2.JointPlan(plan=empty)))
    assert "No decisions are due for 2 September 2024" in said(inborough("plan", "--with-runs"))


def test_as_json_it_is_a_plan_with_what_planning_together_has_done(planned: StandIns, inborough: Inborough) -> None:
    found = json.loads(inborough("plan", "--with-runs", "--json").out)
    assert (found["status"], found["shadow_prices"]) == ("joint", {})
    joint = found["joint"]
    assert (joint["separate_annual_pence"], joint["joint_annual_pence"], joint["least_annual_pence"]) == (
        10_000_000,
        8_000_000,
        7_000_000,
    )
    assert joint["rounds"][1] == {
        "number": 1,
        "tried": "again",
        "annual_pence": 8_000_000,
        "runs_annual_pence": 2_500_000,
        "changed": 1,
    }
    assert joint["changes"] == [
        {"case_id": CASE_ID, "separate_pool_id": "pool_X", "joint_pool_id": a_pool().pool_id},
    ]


def test_its_problem_can_be_written(planned: StandIns, inborough: Inborough, tmp_path: Path) -> None:
    assert inborough("plan", "--with-runs", "--export", str(tmp_path / "problem.json")).status == 0
    assert planned.asked["ExportProblem"].plan_id == a_plan().plan_id
    assert (tmp_path / "problem.json").exists()


def test_what_stands_in_the_way_is_said(services: StandIns, inborough: Inborough) -> None:
    services.answer("ProposeJointPlan", WrongState("No fleet is in force on 2 September 2024. Import one."))
    ran = inborough("plan", "--with-runs")
    assert (ran.status, "No fleet is in force" in ran.err) == (1, True)
