"""The pages of runs: planning with progress, one run plan, one run to print; and who sees what."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

import grpc
import openpyxl
import pytest

from inborough.cost.v1 import transport_pb2, transport_pb2_grpc
from inborough.placement.v1 import travel_pb2, travel_pb2_grpc
from services.web.pages.runs import planning
from shared.errors import NotFound, WrongState
from shared.grpc_server import Handled, start_server
from shared.settings import ServiceSettings
from tests.builders.pages import Authority, Somebody, somebody
from tests.builders.run_plans import HOMES, RUN_PLAN_ID, a_run_plan, case_id, totals
from tests.builders.running import wait_until

Visitor = Callable[[str], Somebody]


class Transport:
    """Cost's run plans, as somebody else planned them: one is kept."""

    def ListRunPlans(self, request: Any, context: grpc.ServicerContext) -> transport_pb2.ListRunPlansResponse:
        return transport_pb2.ListRunPlansResponse(run_plans=[transport_pb2.RunPlan(**totals())])

    def GetRunPlan(self, request: Any, context: grpc.ServicerContext) -> transport_pb2.GetRunPlanResponse:
        if request.run_plan_id != RUN_PLAN_ID:
            raise NotFound("run plan", request.run_plan_id)
        return transport_pb2.GetRunPlanResponse(run_plan=a_run_plan())

    def __getattr__(self, method: str) -> Any:
        return None


class Travel:
    """Placement's planning of runs: as slow as a test wants it, or with something in the way."""

    def __init__(self) -> None:
        self.asked: list[travel_pb2.PlanSchoolRunsRequest] = []
        self.may_go_on, self.ended = Event(), Event()
        self.may_go_on.set()
        self.wrong = ""

    def PlanSchoolRuns(
        self, request: travel_pb2.PlanSchoolRunsRequest, context: grpc.ServicerContext
    ) -> Iterator[travel_pb2.PlanSchoolRunsResponse]:
        self.asked.append(request)
        context.add_callback(self.ended.set)
        context.add_callback(self.may_go_on.set)
        if self.wrong:
            raise WrongState(self.wrong)
        yield travel_pb2.PlanSchoolRunsResponse(progress=transport_pb2.RunsProgress(done=1, total=3))
        self.may_go_on.wait(10)
        yield travel_pb2.PlanSchoolRunsResponse(run_plan=transport_pb2.RunPlan(**totals()))

    def __getattr__(self, method: str) -> Any:
        return None


@pytest.fixture
def travel() -> Travel:
    return Travel()


@pytest.fixture
def visit(services: Authority, travel: Travel, tmp_path: Path) -> Iterator[Visitor]:
    """Somebody of a role at pages whose run plans are those above."""
    register: Any = transport_pb2_grpc.add_TransportServiceServicer_to_server
    register_travel: Any = travel_pb2_grpc.add_TravelServiceServicer_to_server
    with ExitStack() as stack:
        addresses = {}
        for name, handled in {
            "COST": Handled("inborough.cost.v1.TransportService", partial(register, Transport())),
            "PLACEMENT": Handled("inborough.placement.v1.TravelService", partial(register_travel, travel)),
        }.items():
            server = start_server(ServiceSettings(port=0, threads=4), [handled])
            stack.callback(server.stop, 0)
            addresses[f"INBOROUGH_{name}_ADDRESS"] = server.address
        found = stack.enter_context(somebody(services, tmp_path, **addresses))
        yield found.sign_in


def test_runs_are_planned_and_a_caseworker_goes_on_to_every_run(visit: Visitor, travel: Travel) -> None:
    caseworker = visit("caseworker").open("/runs")
    assert caseworker.heading == "Runs"
    caseworker.send(first_day__day="2", first_day__month="9", first_day__year="2024")
    assert caseworker.heading == "Runs are planned"
    assert (travel.asked[0].first_day.year, travel.asked[0].first_day.month) == (2024, 9)
    assert "£20,000 less (33%)" in caseworker.text
    assert caseworker.follow("See every run").heading == "Runs from 2 September 2024"


def test_without_a_day_placement_chooses_one_and_a_wrong_day_is_said(visit: Visitor, travel: Travel) -> None:
    caseworker = visit("caseworker")
    assert caseworker.open("/runs").send().status == 200
    assert not travel.asked[0].HasField("first_day")
    caseworker.open("/runs").send(first_day__day="31", first_day__month="2", first_day__year="2024")
    assert (caseworker.status, "Enter a real date" in caseworker.text, len(travel.asked)) == (422, True, 1)


def test_planning_says_how_far_it_is_and_can_be_stopped(
    visit: Visitor, travel: Travel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "WAIT_SECONDS", 0.05)
    travel.may_go_on.clear()
    caseworker = visit("caseworker").open("/runs").send()
    assert caseworker.heading == "Planning runs"
    path = caseworker.path
    wait_until(lambda: "1 of 3 groups of settings" in caseworker.open(path).text, "how far it is")
    caseworker.send("/stop")
    assert "No run plan was kept" in caseworker.text
    assert travel.ended.wait(10), "placement goes on planning for nobody"


def test_what_stands_in_the_way_is_said(visit: Visitor, travel: Travel) -> None:
    travel.wrong = "No fleet is in force on 2 September 2024. Import one."
    assert "No fleet is in force" in visit("caseworker").open("/runs").send().text


def test_a_run_plan_shows_its_runs_settings_and_who_is_not_carried(visit: Visitor) -> None:
    caseworker = visit("caseworker").open(f"/runs/{RUN_PLAN_ID}")
    for said in ("minibus with a passenger assistant", "£28,000", "08:15", "Not carried: 1 child", "walking distance"):
        assert said in caseworker.text
    assert caseworker.open("/runs/runs_0000000000000000").status == 404


def test_a_run_is_a_sheet_to_print_with_its_map(visit: Visitor) -> None:
    caseworker = visit("caseworker").open(f"/runs/{RUN_PLAN_ID}").follow("Run 2")
    assert caseworker.heading.startswith("Run 2 to ")
    for said in ("app-map", "home in square 353 382", case_id(4), "15 of at most 45 minutes", "app-not-printed"):
        assert said in caseworker.text
    assert not any(str(metres) in caseworker.text for metres in HOMES[3])
    assert caseworker.open(f"/runs/{RUN_PLAN_ID}/9").status == 404


def test_every_stop_is_to_be_had_as_a_workbook(visit: Visitor) -> None:
    caseworker = visit("caseworker")
    answer = caseworker.client.get(f"/runs/{RUN_PLAN_ID}/all.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.content), read_only=True)
    assert book.sheetnames == ["stops", "runs", "not carried"]


def test_a_planner_sees_totals_and_no_child(visit: Visitor) -> None:
    planner = visit("planner").open("/runs").send()
    assert planner.heading == "Runs are planned"
    assert "See every run" not in planner.text
    assert "case_" not in planner.text
    assert RUN_PLAN_ID in planner.open("/runs").text
    assert [planner.open(f"/runs/{RUN_PLAN_ID}{more}").status for more in ("", "/1", "/all.xlsx")] == [403] * 3


def test_an_auditor_reads_and_plans_nothing(visit: Visitor) -> None:
    auditor = visit("auditor").open("/runs")
    assert not [form for form in auditor.page.forms if form.action != "/sign-out"]
    assert auditor.open(f"/runs/{RUN_PLAN_ID}").status == 200
