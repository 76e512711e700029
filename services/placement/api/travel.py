"""TravelService. Wire -> operation -> wire, nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import grpc

from inborough.placement.v1 import travel_pb2, travel_pb2_grpc
from services.placement import operations
from services.placement.api.checks import check_id
from services.placement.metrics import observe_plan
from services.placement.operations import joint_plans, school_runs, transport_quotes
from shared import days


class TravelServicer(travel_pb2_grpc.TravelServiceServicer):
    """How children get to school. See protos/inborough/placement/v1/travel.proto."""

    def __init__(self, context: operations.Context) -> None:
        self._context = context

    def PlanSchoolRuns(
        self, request: travel_pb2.PlanSchoolRunsRequest, context: grpc.ServicerContext
    ) -> Iterator[travel_pb2.PlanSchoolRunsResponse]:
        first_day = days.from_wire(request.first_day, "first_day") if request.HasField("first_day") else None
        who = school_runs.who_travels(self._context, first_day)
        planned = self._context.neighbours.plan_runs(who)

        def end_the_work() -> None:
            planned.cancel()

        context.add_callback(end_the_work)  # once this call ends, however it does
        yield from school_runs.answers_of(planned)

    def QuoteTransport(
        self, request: travel_pb2.QuoteTransportRequest, context: grpc.ServicerContext
    ) -> travel_pb2.QuoteTransportResponse:
        case_id = check_id(request.case_id, "case_id", "case")
        first_day = days.from_wire(request.first_day, "first_day") if request.HasField("first_day") else None
        return transport_quotes.quote_transport(self._context, case_id, request.urn, first_day)

    def ProposeJointPlan(
        self, request: travel_pb2.ProposeJointPlanRequest, context: grpc.ServicerContext
    ) -> Iterator[travel_pb2.ProposeJointPlanResponse]:
        first_day = days.from_wire(request.first_day, "first_day") if request.HasField("first_day") else None
        caller = joint_plans.Caller()
        context.add_callback(caller.leave)  # once this call ends, however it does
        for answer in joint_plans.propose_joint_plan(self._context, first_day, request.policy, caller):
            if answer.HasField("joint_plan"):
                observe_plan(answer.joint_plan.plan)
            yield answer
