"""A planner works with the whole plan and never sees whom it is about; an auditor and a panel do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from inborough.placement.v1 import placement_pb2, placement_pb2_grpc
from services.placement.model.problem_file import read_problem
from services.placement.model.solve_file import solve_file
from shared.errors import NotAllowed
from tests.builders.identity import connect
from tests.builders.system import running

Stub = placement_pb2_grpc.PlacementServiceStub


@pytest.fixture(scope="module")
def caller(neighbours: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Stub]]:
    """Makes clients of one placement with the roles given."""
    with ExitStack() as stack:
        server = stack.enter_context(running("placement", tmp_path_factory.mktemp("planners"), **neighbours))
        yield lambda *roles: Stub(stack.enter_context(connect("placement", server.address, *roles)))


@pytest.fixture(scope="module")
def chairs(caller: Callable[..., Stub]) -> placement_pb2.PlacementPlan:
    return caller("panel_chair").ProposePlan(placement_pb2.ProposePlanRequest(), timeout=60).plan


@pytest.fixture(scope="module")
def planners(caller: Callable[..., Stub], chairs: placement_pb2.PlacementPlan) -> placement_pb2.PlacementPlan:
    return caller("planner").GetPlan(placement_pb2.GetPlanRequest(plan_id=chairs.plan_id), timeout=10).plan


def export(placement: Stub, plan_id: str) -> str:
    request = placement_pb2.ExportProblemRequest(plan_id=plan_id)
    return placement.ExportProblem(request, timeout=30).problem_json.decode()


def test_a_planner_is_shown_the_same_plan_with_no_case_id_in_it(
    chairs: placement_pb2.PlacementPlan, planners: placement_pb2.PlacementPlan
) -> None:
    assert "case_" in str(chairs)
    assert "case_" not in str(planners).replace("case_id", "")
    assert Counter(planners.assignment.values()) == Counter(chairs.assignment.values())
    assert all(name.startswith("child_") for name in planners.assignment)
    assert len(planners.unplaced) == len(chairs.unplaced)
    asked = [(request.urn, request.why) for request in chairs.requests_not_given]
    assert sorted((request.urn, request.why) for request in planners.requests_not_given) == sorted(asked)
    assert _without_cases(planners) == _without_cases(chairs)


def _without_cases(plan: placement_pb2.PlacementPlan) -> placement_pb2.PlacementPlan:
    copy = placement_pb2.PlacementPlan()
    copy.CopyFrom(plan)
    copy.ClearField("assignment")
    copy.ClearField("unplaced")
    copy.ClearField("requests_not_given")
    return copy


def test_a_pseudonym_names_the_same_child_everywhere_and_its_order_tells_nothing(
    chairs: placement_pb2.PlacementPlan, planners: placement_pb2.PlacementPlan
) -> None:
    names = set(planners.assignment) | {case.case_id for case in planners.unplaced}
    assert len(names) == chairs.decisions_due
    requests = [request.case_id for request in planners.requests_not_given]
    assert set(requests) <= names
    assert requests == sorted(requests)
    digits = {case_id.partition("_")[2] for case_id in chairs.assignment}
    assert not digits & {name.partition("_")[2] for name in names}


def test_a_plan_that_a_planner_proposes_is_answered_with_pseudonyms_and_kept_with_cases(
    caller: Callable[..., Stub], chairs: placement_pb2.PlacementPlan, planners: placement_pb2.PlacementPlan
) -> None:
    request = placement_pb2.ProposePlanRequest(policy="suitable-then-least-travel")
    proposed = caller("planner").ProposePlan(request, timeout=60).plan
    assert set(proposed.assignment) <= set(planners.assignment) | {case.case_id for case in planners.unplaced}
    asked = placement_pb2.GetPlanRequest(plan_id=proposed.plan_id)
    kept = caller("panel_member").GetPlan(asked, timeout=10).plan
    assert set(kept.assignment) <= set(chairs.assignment) | {case.case_id for case in chairs.unplaced}


@pytest.mark.parametrize("role", ["auditor", "caseworker", "panel_member"])
def test_whoever_works_on_cases_or_audits_them_sees_case_ids(
    caller: Callable[..., Stub], chairs: placement_pb2.PlacementPlan, role: str
) -> None:
    request = placement_pb2.GetPlanRequest(plan_id=chairs.plan_id)
    assert caller(role).GetPlan(request, timeout=10).plan == chairs
    assert "case_" in export(caller(role), chairs.plan_id)


def test_the_problem_that_a_planner_takes_away_names_nobody_and_has_the_same_optimum(
    caller: Callable[..., Stub], chairs: placement_pb2.PlacementPlan, planners: placement_pb2.PlacementPlan
) -> None:
    text = export(caller("planner"), chairs.plan_id)
    assert "case_" not in text
    theirs, whole = read_problem(text), read_problem(export(caller("panel_chair"), chairs.plan_id))
    assert set(theirs.case_ids) == set(planners.assignment) | {case.case_id for case in planners.unplaced}
    assert (theirs.option_count, theirs.case_count) == (whole.option_count, whole.case_count)
    solved = solve_file(text)
    assert all(chairs.totals[term] == total for term, total in solved["totals"].items())


def test_planners_see_no_recommendation(caller: Callable[..., Stub], chairs: placement_pb2.PlacementPlan) -> None:
    case_id = min(chairs.assignment)
    with pytest.raises(NotAllowed, match="caseworker"):
        caller("planner").RecommendOptions(placement_pb2.RecommendOptionsRequest(case_id=case_id), timeout=10)


def test_another_key_gives_other_pseudonyms(
    neighbours: dict[str, str], tmp_path: Path, planners: placement_pb2.PlacementPlan
) -> None:
    with (
        running("placement", tmp_path, pseudonym_key="another key, of production", **neighbours) as server,
        connect("placement", server.address, "planner") as channel,
    ):
        plan = Stub(channel).ProposePlan(placement_pb2.ProposePlanRequest(), timeout=60).plan
    assert not set(plan.assignment) & set(planners.assignment)
