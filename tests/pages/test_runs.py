"""The pages of runs at several widths, as a caseworker sees them."""

from __future__ import annotations

import pytest

from inborough.common.v1 import common_pb2
from inborough.cost.v1 import transport_pb2, transport_pb2_grpc
from tests.builders.identity import connect
from tests.builders.runs import fleet_file, plan_request, street, traveller
from tests.pages.conftest import Seat, Site
from tests.pages.test_accessible import check

SECONDS = 60


@pytest.fixture(scope="module")
def run_plan_id(site: Site) -> str:
    """A run plan of invented children: neighbours, and one who lives elsewhere and travels in a wheelchair."""
    file = common_pb2.ImportFile(name="fleet.csv", content=fleet_file())
    with connect("cost", site.authority.addresses["cost_address"]) as channel:
        stub = transport_pb2_grpc.TransportServiceStub(channel)
        everything = common_pb2.IMPORT_MODE_ALL_OR_NOTHING
        fleet = transport_pb2.ImportFleetRequest(file=file, mode=everything)
        assert stub.ImportFleet(fleet, timeout=SECONDS).report.accepted
        children = [*street(6), traveller("chair", east=-9_000, wheelchair=True), traveller("near", east=100)]
        *_, last = stub.PlanRuns(plan_request(children), timeout=SECONDS)
    return last.run_plan.run_plan_id


def test_the_pages_of_runs(seat: Seat, run_plan_id: str) -> None:
    seat.sign_in("caseworker")
    seat.open("/runs")
    wrong = check(seat.page, "runs")
    seat.page.locator("#first_day-day").fill("31")
    seat.press("Plan runs")
    wrong += check(seat.page, "runs, refused")
    seat.open("/runs")
    seat.press("Plan runs")
    wrong += check(seat.page, "planned, or what stands in the way")
    seat.open(f"/runs/{run_plan_id}")
    wrong += check(seat.page, "run plan")
    seat.press("Run 1")
    wrong += check(seat.page, "run")
    assert wrong == [], "\n".join(wrong)


def test_a_planner_sees_run_plans_as_totals(seat: Seat, run_plan_id: str) -> None:
    seat.sign_in("planner")
    seat.open("/runs")
    assert run_plan_id in seat.page.content()
    assert check(seat.page, "runs") == []
