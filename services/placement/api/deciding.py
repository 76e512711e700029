"""DecisionService. Wire -> operation -> wire, nothing else."""

from __future__ import annotations

import grpc

from inborough.placement.v1 import decisions_pb2, decisions_pb2_grpc
from services.placement import operations
from services.placement.api.checks import check_id, check_texts
from services.placement.decision_wire import KINDS, STATES
from services.placement.operations.appeals import record_appeal_step
from services.placement.operations.deciding import record_decision
from services.placement.operations.naming import name_placement
from services.placement.operations.reading_decisions import get_record, list_decisions
from services.placement.operations.withdrawing import withdraw_decision
from shared import days
from shared.errors import InvalidInput

MOST_REFUSALS = 20


class DecisionServicer(decisions_pb2_grpc.DecisionServiceServicer):
    """Records what people decided. See protos/inborough/placement/v1/decisions.proto."""

    def __init__(self, context: operations.Context) -> None:
        self._context = context

    def RecordDecision(
        self, request: decisions_pb2.RecordDecisionRequest, context: grpc.ServicerContext
    ) -> decisions_pb2.RecordDecisionResponse:
        check_id(request.case_id, "case_id", "case")
        check_id(request.recommendation_id, "recommendation_id", "rec")
        if request.panel_id:
            check_id(request.panel_id, "panel_id", "panel")
        if request.kind not in KINDS:
            raise InvalidInput("kind", "say what was decided: agree, choose_other, defer or refuse_request")
        if len(request.refusals) > MOST_REFUSALS:
            raise InvalidInput("refusals", f"at most {MOST_REFUSALS}")
        check_texts(request, "reason", "views_of_child", "views_of_parents", "section_33_steps", "urgency")
        for refusal in request.refusals:
            check_texts(refusal, "evidence", "not_consulted_because")
        return record_decision(self._context, request)

    def NamePlacement(
        self, request: decisions_pb2.NamePlacementRequest, context: grpc.ServicerContext
    ) -> decisions_pb2.NamePlacementResponse:
        check_id(request.decision_id, "decision_id", "dec")
        return name_placement(self._context, request)

    def WithdrawDecision(
        self, request: decisions_pb2.WithdrawDecisionRequest, context: grpc.ServicerContext
    ) -> decisions_pb2.WithdrawDecisionResponse:
        check_id(request.decision_id, "decision_id", "dec")
        check_texts(request, "reason")
        return withdraw_decision(self._context, request)

    def RecordAppealStep(
        self, request: decisions_pb2.RecordAppealStepRequest, context: grpc.ServicerContext
    ) -> decisions_pb2.RecordAppealStepResponse:
        check_id(request.decision_id, "decision_id", "dec")
        given = request.HasField("happened_on")
        happened_on = days.from_wire(request.happened_on, "happened_on") if given else None
        return record_appeal_step(self._context, request, happened_on)

    def GetDecision(
        self, request: decisions_pb2.GetDecisionRequest, context: grpc.ServicerContext
    ) -> decisions_pb2.GetDecisionResponse:
        record = get_record(self._context, check_id(request.decision_id, "decision_id", "dec"))
        return decisions_pb2.GetDecisionResponse(record=record)

    def ListDecisions(
        self, request: decisions_pb2.ListDecisionsRequest, context: grpc.ServicerContext
    ) -> decisions_pb2.ListDecisionsResponse:
        if request.case_id:
            check_id(request.case_id, "case_id", "case")
        if request.panel_id:
            check_id(request.panel_id, "panel_id", "panel")
        if not set(request.states) <= set(STATES):
            raise InvalidInput("states", "holds one that is not known")
        page = list_decisions(
            self._context,
            request.case_id,
            request.panel_id,
            [STATES[state] for state in request.states],
            request.page_size,
            request.page_token,
            request.only_under_appeal,
        )
        return decisions_pb2.ListDecisionsResponse(decisions=page.decisions, next_page_token=page.next_page_token)
