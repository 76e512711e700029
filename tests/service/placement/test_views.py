"""Who ranked, planned and looked at what is told by events, in the same transaction; nothing personal is in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import grpc
import pytest

from inborough.events.v1 import events_pb2, events_pb2_grpc
from inborough.placement.v1 import placement_pb2, placement_pb2_grpc
from tests.builders.identity import connect
from tests.builders.system import running

Stub = placement_pb2_grpc.PlacementServiceStub


class Placement:
    """A placement and its log."""

    def __init__(self, connected: Callable[..., grpc.Channel]) -> None:
        self._connected = connected

    def as_(self, *roles: str) -> Stub:
        return Stub(self._connected(*roles))

    def events(self) -> list[events_pb2.Event]:
        stub = events_pb2_grpc.EventServiceStub(self._connected())
        return list(stub.ListEvents(events_pb2.ListEventsRequest(), timeout=5).events)


@pytest.fixture
def placement(database_url: str, neighbours: dict[str, str], tmp_path: Path) -> Iterator[Placement]:
    with ExitStack() as stack:
        server = stack.enter_context(running("placement", tmp_path, database_url=database_url, **neighbours))
        yield Placement(lambda *roles: stack.enter_context(connect("placement", server.address, *roles)))


def propose(stub: Stub) -> placement_pb2.PlacementPlan:
    return stub.ProposePlan(placement_pb2.ProposePlanRequest(), timeout=60).plan


def test_every_ranking_is_told_also_when_it_is_the_same_again(placement: Placement) -> None:
    chair = placement.as_("panel_chair")
    case_id = min(propose(chair).assignment)
    asked = placement_pb2.RecommendOptionsRequest(case_id=case_id)
    given = [chair.RecommendOptions(asked, timeout=30).recommendation for _ in range(2)]
    ranked = [event for event in placement.events() if event.name == "options_ranked"]
    assert [list(event.case_ids) for event in ranked] == [[case_id]] * 2
    assert {event.actor for event in ranked} == {"user_panel_chair"}
    assert dict(ranked[0].facts) == {
        "recommendation_id": given[0].recommendation_id,
        "first_day": "2024-09-02",
        "policy": given[0].policy,
        "rules_version": given[0].rules_version,
    }


def test_a_plan_tells_of_every_case_it_decides(placement: Placement) -> None:
    plan = propose(placement.as_("panel_chair"))
    (told,) = [event for event in placement.events() if event.name == "plan_proposed"]
    assert set(told.case_ids) == set(plan.assignment) | {case.case_id for case in plan.unplaced}
    assert told.facts["plan_id"] == plan.plan_id


def test_whoever_looks_is_on_record_and_a_service_that_asks_is_not(placement: Placement) -> None:
    chair = placement.as_("panel_chair")
    plan = propose(chair)
    cases = sorted([*plan.assignment, *(case.case_id for case in plan.unplaced)])
    asked = placement_pb2.RecommendOptionsRequest(case_id=cases[0])
    recommendation = chair.RecommendOptions(asked, timeout=30).recommendation
    before = len(placement.events())
    for roles in ((), ("auditor",), ("planner",)):
        stub = placement.as_(*roles)
        stub.GetPlan(placement_pb2.GetPlanRequest(plan_id=plan.plan_id), timeout=10)
        stub.ExportProblem(placement_pb2.ExportProblemRequest(plan_id=plan.plan_id), timeout=30)
        if roles != ("planner",):
            request = placement_pb2.GetRecommendationRequest(recommendation_id=recommendation.recommendation_id)
            stub.GetRecommendation(request, timeout=5)
    told = [(event.actor, event.name, list(event.case_ids)) for event in placement.events()[before:]]
    assert told == [
        ("user_auditor", "plan_viewed", cases),
        ("user_auditor", "problem_exported", cases),
        ("user_auditor", "recommendation_viewed", [cases[0]]),
        ("user_planner", "plan_viewed", []),  # it was shown nobody
        ("user_planner", "problem_exported", []),
    ]


def test_what_is_not_found_is_not_viewed(placement: Placement) -> None:
    with pytest.raises(Exception, match="There is no recommendation"):
        placement.as_("auditor").GetRecommendation(
            placement_pb2.GetRecommendationRequest(recommendation_id="rec_0000000000000000"), timeout=5
        )
    assert placement.events() == []
