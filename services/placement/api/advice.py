"""PlacementService: recommendations and plans. Wire -> operation -> wire, nothing else."""

from __future__ import annotations

from datetime import date

import grpc

from inborough.placement.v1 import placement_pb2, placement_pb2_grpc
from services.placement import operations
from services.placement.api.checks import check_id
from services.placement.metrics import observe_plan, observe_recommendation
from services.placement.model.policy import Policy, list_policies
from shared import days


class PlacementServicer(placement_pb2_grpc.PlacementServiceServicer):
    """Ranks options and plans placements. See protos/inborough/placement/v1/placement.proto."""

    def __init__(self, context: operations.Context) -> None:
        self._context = context

    def RecommendOptions(
        self, request: placement_pb2.RecommendOptionsRequest, context: grpc.ServicerContext
    ) -> placement_pb2.RecommendOptionsResponse:
        case_id = check_id(request.case_id, "case_id", "case")
        given = operations.recommend_options(
            self._context, case_id, _first_day(request), request.top, request.policy, request.excluded_urns
        )
        observe_recommendation(given.beginning)
        return given.answer(operations.later_arrivals_shown(self._context, given.beginning))

    def GetRecommendation(
        self, request: placement_pb2.GetRecommendationRequest, context: grpc.ServicerContext
    ) -> placement_pb2.GetRecommendationResponse:
        found = operations.get_recommendation(
            self._context, check_id(request.recommendation_id, "recommendation_id", "rec")
        )
        later = operations.later_arrivals_shown(self._context, found)
        return placement_pb2.GetRecommendationResponse(recommendation=found, later_arrivals=later)

    def ProposePlan(
        self, request: placement_pb2.ProposePlanRequest, context: grpc.ServicerContext
    ) -> placement_pb2.ProposePlanResponse:
        plan = operations.propose_plan(self._context, _first_day(request), request.policy)
        observe_plan(plan)
        return placement_pb2.ProposePlanResponse(plan=plan)

    def GetPlan(
        self, request: placement_pb2.GetPlanRequest, context: grpc.ServicerContext
    ) -> placement_pb2.GetPlanResponse:
        plan = operations.get_plan(self._context, check_id(request.plan_id, "plan_id", "plan"))
        return placement_pb2.GetPlanResponse(plan=plan)

    def ListPlans(
        self, request: placement_pb2.ListPlansRequest, context: grpc.ServicerContext
    ) -> placement_pb2.ListPlansResponse:
        page = operations.list_plans(self._context, request.page_size, request.page_token)
        return placement_pb2.ListPlansResponse(plans=page.plans, next_page_token=page.next_page_token)

    def ExportProblem(
        self, request: placement_pb2.ExportProblemRequest, context: grpc.ServicerContext
    ) -> placement_pb2.ExportProblemResponse:
        problem = operations.export_problem(self._context, check_id(request.plan_id, "plan_id", "plan"))
        return placement_pb2.ExportProblemResponse(problem_json=problem)

    def ListPolicies(
        self, request: placement_pb2.ListPoliciesRequest, context: grpc.ServicerContext
    ) -> placement_pb2.ListPoliciesResponse:
        return placement_pb2.ListPoliciesResponse(policies=map(_policy, list_policies()))

    def RefreshStandingPlan(
        self, request: placement_pb2.RefreshStandingPlanRequest, context: grpc.ServicerContext
    ) -> placement_pb2.RefreshStandingPlanResponse:
        first_day = operations.refresh_standing_plan(self._context)
        return placement_pb2.RefreshStandingPlanResponse(first_day=days.to_wire(first_day) if first_day else None)


def _first_day(
    request: placement_pb2.RecommendOptionsRequest | placement_pb2.ProposePlanRequest,
) -> date | None:
    return days.from_wire(request.first_day, "first_day") if request.HasField("first_day") else None


def _policy(policy: Policy) -> placement_pb2.Policy:
    return placement_pb2.Policy(
        name=policy.name,
        version=policy.version,
        summary=policy.summary,
        terms=policy.terms,
        is_default=policy.is_default,
        request_threshold_pence=policy.request_threshold_pence,
    )
