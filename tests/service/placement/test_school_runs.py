"""Runs of everybody who is placed, from the real neighbours with a small demonstration loaded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import grpc
import pytest

from inborough.caseload.v1 import caseload_pb2, caseload_pb2_grpc
from inborough.common.v1 import common_pb2
from inborough.cost.v1 import cost_pb2, transport_pb2, transport_pb2_grpc
from inborough.placement.v1 import travel_pb2, travel_pb2_grpc
from shared.errors import NotAllowed
from tests.builders.identity import connect
from tests.builders.system import load_demonstration, neighbours_of_placement, running, send

SECONDS = 120
FIRST_DAY = common_pb2.Date(year=2024, month=9, day=2)


@dataclass(frozen=True)
class Town:
    """Addresses of the services, by name."""

    addresses: dict[str, str]

    def channel(self, service: str, *roles: str) -> grpc.Channel:
        return connect(service, self.addresses[service], *roles)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """An invented town of 120 plans with its fleet, bell times and travel needs."""
    folder = tmp_path_factory.mktemp("town")
    with neighbours_of_placement(folder) as neighbours:
        files = folder / "demonstration"
        load_demonstration(neighbours, files, scale=120, due=10)
        send(neighbours, files, "travel-needs", "fleet", "bell-times")
        with running("placement", folder, **neighbours) as placement:
            named = {name.removesuffix("_address"): address for name, address in neighbours.items()}
            yield Town({**named, "placement": placement.address})


@pytest.fixture(scope="module")
def planned(town: Town) -> list[travel_pb2.PlanSchoolRunsResponse]:
    """Every answer of one planning."""
    with town.channel("placement", "caseworker") as channel:
        stub = travel_pb2_grpc.TravelServiceStub(channel)
        return list(stub.PlanSchoolRuns(travel_pb2.PlanSchoolRunsRequest(), timeout=SECONDS))


@pytest.fixture(scope="module")
def whole(town: Town, planned: list[travel_pb2.PlanSchoolRunsResponse]) -> transport_pb2.RunPlan:
    """The same with its runs, as cost gives it."""
    with town.channel("cost", "caseworker") as channel:
        request = transport_pb2.GetRunPlanRequest(run_plan_id=planned[-1].run_plan.run_plan_id)
        return transport_pb2_grpc.TransportServiceStub(channel).GetRunPlan(request, timeout=SECONDS).run_plan


@pytest.fixture(scope="module")
def cases(town: Town) -> dict[str, caseload_pb2.Case]:
    with town.channel("caseload") as channel:
        request = caseload_pb2.ListOpenCasesRequest(first_day=FIRST_DAY)
        found = caseload_pb2_grpc.CaseloadServiceStub(channel).ListOpenCases(request, timeout=SECONDS).cases
    return {case.case_id: case for case in found}


def aboard(plan: transport_pb2.RunPlan) -> list[list[transport_pb2.Ride]]:
    """Rides of each run, each child once."""
    return [[ride for stop in run.stops if not stop.urn for ride in stop.rides] for run in plan.runs]


def test_it_says_how_far_it_is_and_at_last_totals_for_the_usual_day(
    planned: list[travel_pb2.PlanSchoolRunsResponse],
) -> None:
    *before, last = planned
    assert before
    assert all(each.HasField("progress") for each in before)
    totals = last.run_plan
    assert (totals.first_day, totals.carried > 5, len(totals.runs)) == (FIRST_DAY, True, 0)
    assert 0 < totals.annual_pence < totals.solo_annual_pence


def test_who_is_placed_and_not_due_travels_and_nobody_else(
    whole: transport_pb2.RunPlan, cases: dict[str, caseload_pb2.Case]
) -> None:
    told = [ride.case_id for rides in aboard(whole) for ride in rides] + [each.case_id for each in whole.not_carried]
    assert len(told) == len(set(told))
    assert whole.carried == sum(len(rides) for rides in aboard(whole))
    assert not [case_id for case_id in told if cases[case_id].HasField("decision_due")]
    assert all(cases[case_id].current_placement.urn for case_id in told)


def test_travel_needs_reach_the_runs(whole: transport_pb2.RunPlan, cases: dict[str, caseload_pb2.Case]) -> None:
    for run, rides in zip(whole.runs, aboard(whole), strict=True):
        needs = {ride.case_id: cases[ride.case_id].travel_needs for ride in rides}
        assert all(ride.wheelchair == needs[ride.case_id].wheelchair for ride in rides)
        assert run.assistant or not any(each.passenger_assistant for each in needs.values())
        assert len(needs) == 1 or not any(each.solo for each in needs.values())
        assert not any(other in needs for each in needs.values() for other in each.apart_from)


def test_a_quote_is_then_added_to_the_run_plan(
    town: Town, whole: transport_pb2.RunPlan, cases: dict[str, caseload_pb2.Case]
) -> None:
    rider, urn = next((stop.rides[0].case_id, stop.urn) for run in whole.runs for stop in run.stops if stop.urn)
    request = travel_pb2.QuoteTransportRequest(case_id=rider, urn=urn, first_day=FIRST_DAY)
    with town.channel("placement", "caseworker") as channel:
        quoted = travel_pb2_grpc.TravelServiceStub(channel).QuoteTransport(request, timeout=SECONDS)
    assert quoted.run_plan_id == whole.run_plan_id
    assert quoted.eligibility.travel_paid
    marginal = [line.annual_pence for line in quoted.lines if line.ledger == cost_pb2.LEDGER_MARGINAL]
    assert marginal
    assert min(marginal) >= 0


def test_a_planner_is_told_totals_and_a_panel_member_may_not_plan(town: Town, whole: transport_pb2.RunPlan) -> None:
    with town.channel("placement", "planner") as channel:
        stub = travel_pb2_grpc.TravelServiceStub(channel)
        *_, last = stub.PlanSchoolRuns(travel_pb2.PlanSchoolRunsRequest(), timeout=SECONDS)
    assert (last.run_plan.carried, last.run_plan.annual_pence) == (whole.carried, whole.annual_pence)
    assert "case_" not in str(last)
    with town.channel("placement", "panel_member") as channel, pytest.raises(NotAllowed):
        list(travel_pb2_grpc.TravelServiceStub(channel).PlanSchoolRuns(travel_pb2.PlanSchoolRunsRequest(), timeout=5))
