"""What runs are made from, the runs planned, and their prices."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date

import grpc

from inborough.common.v1 import common_pb2
from inborough.cost.v1 import transport_pb2
from services.cost.fleet_wire import fleet_to_wire
from services.cost.operations import fleets, planning_runs, pricing_runs, run_plans
from services.cost.operations.runs_office import RunsOffice
from shared.clock import today
from shared.days import from_wire
from shared.imports.report import files_from_wire, options_from_wire, report_to_wire


class RunCalls:
    """The calls of TransportService about fleets and runs."""

    def __init__(self, office: RunsOffice) -> None:
        self._office = office

    def ImportFleet(
        self, request: transport_pb2.ImportFleetRequest, context: grpc.ServicerContext
    ) -> transport_pb2.ImportFleetResponse:
        (file,) = files_from_wire([request.file])
        options = options_from_wire(request.mode, request.preview)
        imported = fleets.import_fleet(self._office.engine, file, options)
        return transport_pb2.ImportFleetResponse(report=report_to_wire(imported.report), fleet_id=imported.fleet_id)

    def GetFleet(
        self, request: transport_pb2.GetFleetRequest, context: grpc.ServicerContext
    ) -> transport_pb2.GetFleetResponse:
        day = _day(request.first_day) if request.HasField("first_day") else today()
        found = fleets.get_fleet(self._office.engine, day)
        return fleet_to_wire(found, self._office.habits.usual_bell_minutes)

    def PlanRuns(
        self, request: transport_pb2.PlanRunsRequest, context: grpc.ServicerContext
    ) -> Iterator[transport_pb2.PlanRunsResponse]:
        gone = threading.Event()
        context.add_callback(gone.set)
        for answer in planning_runs.plan_runs(self._office, _day(request.first_day), request, gone):
            if isinstance(answer, transport_pb2.RunPlan):
                yield transport_pb2.PlanRunsResponse(run_plan=answer)
            else:
                done, total = answer
                progress = transport_pb2.RunsProgress(done=done, total=total)
                yield transport_pb2.PlanRunsResponse(progress=progress)

    def GetRunPlan(
        self, request: transport_pb2.GetRunPlanRequest, context: grpc.ServicerContext
    ) -> transport_pb2.GetRunPlanResponse:
        day = _day(request.first_day) if request.HasField("first_day") else today()
        plan = run_plans.get_run_plan(self._office.engine, request.run_plan_id, day)
        return transport_pb2.GetRunPlanResponse(run_plan=plan)

    def ListRunPlans(
        self, request: transport_pb2.ListRunPlansRequest, context: grpc.ServicerContext
    ) -> transport_pb2.ListRunPlansResponse:
        page = run_plans.list_run_plans(self._office.engine, request.page_size, request.page_token)
        return transport_pb2.ListRunPlansResponse(run_plans=page.run_plans, next_page_token=page.next_page_token)

    def PriceRuns(
        self, request: transport_pb2.PriceRunsRequest, context: grpc.ServicerContext
    ) -> transport_pb2.PriceRunsResponse:
        gone = threading.Event()
        context.add_callback(gone.set)
        return pricing_runs.price_runs(self._office, _day(request.first_day), request, gone)


def _day(message: common_pb2.Date) -> date:
    return from_wire(message, "first_day")
