"""A plan made together with its runs, from the real neighbours with a small demonstration loaded."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest

from inborough.common.v1 import common_pb2
from inborough.placement.v1 import placement_pb2, placement_pb2_grpc, travel_pb2, travel_pb2_grpc
from services.placement.model.problem_file import read_problem
from services.placement.operations import joint_plans
from services.placement.operations.joint_work import JointWork
from shared.errors import NotAllowed, WrongState
from tests.builders.identity import connect
from tests.builders.system import channel_to, load_demonstration, neighbours_of_placement, running, send

SECONDS = 120
Neighbours = dict[str, str]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neighbours]:
    """Addresses of the neighbours, which hold an invented town of 120 plans, 12 decisions due, and a fleet."""
    folder = tmp_path_factory.mktemp("town")
    with neighbours_of_placement(folder) as addresses:
        load_demonstration(addresses, folder / "demonstration", scale=120, due=12)
        send(addresses, folder / "demonstration", "travel-needs", "fleet", "bell-times")
        yield addresses


@pytest.fixture
def placement(database_url: str, town: Neighbours, tmp_path: Path) -> Iterator[grpc.Channel]:
    """A channel to placement on an empty database."""
    server = running("placement", tmp_path, database_url=database_url, **town)
    with server as started, channel_to(started, "placement") as channel:
        yield channel


@pytest.fixture(scope="module")
def address(town: Neighbours, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Placement for tests in which the database plays no part."""
    with running("placement", tmp_path_factory.mktemp("placement"), **town) as server:
        yield server.address


def proposed(channel: grpc.Channel, policy: str = "") -> list[travel_pb2.ProposeJointPlanResponse]:
    stub = travel_pb2_grpc.TravelServiceStub(channel)
    return list(stub.ProposeJointPlan(travel_pb2.ProposeJointPlanRequest(policy=policy), timeout=SECONDS))


def test_rounds_come_one_by_one_never_dearer_and_the_plan_last(placement: grpc.Channel) -> None:
    *rounds, last = proposed(placement)
    made = last.joint_plan
    totals = [answer.round.annual_pence for answer in rounds]
    assert [answer.round for answer in rounds] == list(made.rounds)
    assert (made.separate_annual_pence, made.joint_annual_pence) == (totals[0], totals[-1])
    assert totals == sorted(totals, reverse=True)
    assert 0 < made.least_annual_pence <= made.joint_annual_pence
    assert made.plan.status == "joint"
    assert made.plan.decisions_due == 12
    assert len(made.plan.assignment) + len(made.plan.unplaced) == 12
    assert not made.plan.shadow_prices
    assert not made.plan.greedy_totals


def test_it_is_kept_like_any_plan_and_is_the_same_again(placement: grpc.Channel) -> None:
    stub = placement_pb2_grpc.PlacementServiceStub(placement)
    first, again = (proposed(placement)[-1].joint_plan for _ in range(2))
    assert again.plan.plan_id == first.plan.plan_id
    assert again.changes == first.changes
    kept = stub.GetPlan(placement_pb2.GetPlanRequest(plan_id=first.plan.plan_id), timeout=SECONDS).plan
    assert kept.assignment == first.plan.assignment
    listed = stub.ListPlans(placement_pb2.ListPlansRequest(), timeout=SECONDS).plans
    assert [(plan.plan_id, plan.status) for plan in listed] == [(first.plan.plan_id, "joint")]
    export = placement_pb2.ExportProblemRequest(plan_id=first.plan.plan_id)
    problem = read_problem(stub.ExportProblem(export, timeout=SECONDS).problem_json.decode())
    assert problem.case_count == 12


def test_nothing_before_money_is_lost_and_changes_are_the_differences(address: str) -> None:
    with connect("placement", address) as channel:
        plan = placement_pb2_grpc.PlacementServiceStub(channel)
        separate = plan.ProposePlan(placement_pb2.ProposePlanRequest(), timeout=SECONDS).plan
        made = proposed(channel)[-1].joint_plan
    for term in ("unplaced", "needs_judgement", "request_not_given", "inmss_or_out_of_borough"):
        assert made.plan.totals[term] == separate.totals[term]
    cases = sorted({*separate.assignment, *made.plan.assignment})
    pools = [(case, separate.assignment.get(case, ""), made.plan.assignment.get(case, "")) for case in cases]
    assert [(c.case_id, c.separate_pool_id, c.joint_pool_id) for c in made.changes] == [
        found for found in pools if found[1] != found[2]
    ]


def test_a_planner_sees_pseudonyms(address: str) -> None:
    with connect("placement", address, "planner") as planner, connect("placement", address, "panel_chair") as chair:
        theirs, ours = proposed(planner)[-1].joint_plan, proposed(chair)[-1].joint_plan
    assert theirs.plan.plan_id == ours.plan.plan_id
    assert not set(theirs.plan.assignment) & set(ours.plan.assignment)
    unplaced = {case.case_id for case in theirs.plan.unplaced}
    assert {change.case_id for change in theirs.changes} <= {*theirs.plan.assignment, *unplaced}
    assert len(theirs.changes) == len(ours.changes)


def test_a_policy_without_a_tier_for_money_is_refused_with_those_that_have_one(address: str) -> None:
    able = pytest.raises(WrongState, match="Choose one of: suitable-then-least-cost")
    with connect("placement", address) as channel, able:
        proposed(channel, "keeps-places-for-later-arrivals")


def test_for_a_day_without_decisions_due_the_plan_is_empty(address: str) -> None:
    request = travel_pb2.ProposeJointPlanRequest(first_day=common_pb2.Date(year=2024, month=10, day=7))
    with connect("placement", address) as channel:
        *_, last = travel_pb2_grpc.TravelServiceStub(channel).ProposeJointPlan(request, timeout=SECONDS)
    made = last.joint_plan
    assert (made.plan.decisions_due, len(made.changes)) == (0, 0)
    assert made.joint_annual_pence == made.separate_annual_pence >= made.least_annual_pence > 0


def test_an_auditor_may_not_ask(address: str) -> None:
    with connect("placement", address, "auditor") as channel, pytest.raises(NotAllowed):
        proposed(channel)


def test_who_leaves_leaves_nothing_behind(placement: grpc.Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even when all is worked out by the time that they leave."""
    worked_out, gone = threading.Event(), threading.Event()
    leave, finished = joint_plans.Caller.leave, JointWork.finished

    def leave_and_tell(self: joint_plans.Caller) -> None:
        leave(self)
        gone.set()

    def finish_once_gone(self: JointWork) -> travel_pb2.JointPlan:
        worked_out.set()
        assert gone.wait(SECONDS)
        return finished(self)

    monkeypatch.setattr(joint_plans.Caller, "leave", leave_and_tell)
    monkeypatch.setattr(JointWork, "finished", finish_once_gone)
    left = travel_pb2.ProposeJointPlanRequest(policy="suitable-then-least-cost")
    call = travel_pb2_grpc.TravelServiceStub(placement).ProposeJointPlan(left, timeout=SECONDS)
    next(call)
    assert worked_out.wait(SECONDS)
    call.cancel()
    made = proposed(placement)[-1].joint_plan.plan
    stub = placement_pb2_grpc.PlacementServiceStub(placement)
    plans = stub.ListPlans(placement_pb2.ListPlansRequest(), timeout=SECONDS).plans
    assert [plan.policy for plan in plans] == [made.policy] != [left.policy]


def test_without_a_fleet_it_says_what_to_do(tmp_path: Path) -> None:
    with neighbours_of_placement(tmp_path) as addresses:
        load_demonstration(addresses, tmp_path / "demonstration", scale=60, due=5)
        server = running("placement", tmp_path, **addresses)
        with server as started, channel_to(started, "placement") as channel, pytest.raises(WrongState, match="fleet"):
            proposed(channel)
