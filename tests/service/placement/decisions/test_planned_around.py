"""Deciding as the plan has it leaves the rest of the plan as it was: every place is counted once, whoever holds it."""

from __future__ import annotations

from pathlib import Path

import grpc
import pytest

from inborough.caseload.v1 import caseload_pb2, caseload_pb2_grpc
from inborough.placement.v1 import decisions_pb2, decisions_pb2_grpc, placement_pb2, placement_pb2_grpc
from shared.ids import new_id
from tests.builders.deciding import SECONDS
from tests.builders.identity import connect
from tests.builders.system import load_demonstration, neighbours_of_placement, running


@pytest.mark.timeout(300)
def test_what_is_left_is_planned_as_before(tmp_path: Path) -> None:
    with neighbours_of_placement(tmp_path) as addresses:
        load_demonstration(addresses, tmp_path / "demonstration", scale=400)
        with (
            running("placement", tmp_path, **addresses) as server,
            connect("placement", server.address, "panel_chair") as channel,
        ):
            advising = placement_pb2_grpc.PlacementServiceStub(channel)
            before = propose(advising)
            decided = [case for case in due(addresses)[::3] if decide(channel, case, before.assignment[case.case_id])]
            after = propose(advising)
    reasons = {case.decision_due.reason for case in decided}
    assert caseload_pb2.DUE_REASON_PHASE_TRANSFER in reasons
    assert len(decided) > 10
    assert after.decisions_due == before.decisions_due - len(decided)
    left = {case_id: pool for case_id, pool in before.assignment.items() if case_id in after.assignment}
    assert dict(after.assignment) == left


def propose(advising: placement_pb2_grpc.PlacementServiceStub) -> placement_pb2.PlacementPlan:
    return advising.ProposePlan(placement_pb2.ProposePlanRequest(), timeout=60).plan


def due(addresses: dict[str, str]) -> list[caseload_pb2.Case]:
    with connect("caseload", addresses["caseload_address"]) as channel:
        request = caseload_pb2.ListCasesRequest(only_due=True, page_size=500)
        return list(caseload_pb2_grpc.CaseloadServiceStub(channel).ListCases(request, timeout=SECONDS).cases)


def decide(channel: grpc.Channel, case: caseload_pb2.Case, pool_id: str) -> bool:
    """Agree with the place that the plan gives, where that refuses no request; whether it is offered."""
    ranking = placement_pb2.RecommendOptionsRequest(case_id=case.case_id, top=1)
    advice = placement_pb2_grpc.PlacementServiceStub(channel).RecommendOptions(ranking, timeout=SECONDS).recommendation
    first = next(option for option in advice.options if option.rank == 1)
    if any(option.requested and option.urn != first.urn for option in advice.options):
        return False
    assert first.pool_id == pool_id
    request = decisions_pb2.RecordDecisionRequest(
        request_id=new_id("req"),
        case_id=case.case_id,
        recommendation_id=advice.recommendation_id,
        kind=decisions_pb2.DECISION_KIND_AGREE,
        pool_id=pool_id,
        section_33_steps="Invented steps.",
        urgency="Invented urgency.",
    )
    made = decisions_pb2_grpc.DecisionServiceStub(channel).RecordDecision(request, timeout=SECONDS).decision
    assert made.state == decisions_pb2.DECISION_STATE_OFFERED
    return True
