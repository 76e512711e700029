"""ConsultationService. Wire -> operation -> wire, nothing else."""

from __future__ import annotations

import grpc

from inborough.placement.v1 import consultations_pb2, consultations_pb2_grpc
from services.placement import operations
from services.placement.api.checks import check_id
from services.placement.metrics import observe_consultations
from services.placement.operations import consultations
from shared import days
from shared.errors import InvalidInput

SMALLEST_URN, LARGEST_URN = 100_000, 999_999


class ConsultationServicer(consultations_pb2_grpc.ConsultationServiceServicer):
    """Records consultations with settings. See protos/inborough/placement/v1/consultations.proto."""

    def __init__(self, context: operations.Context) -> None:
        self._context = context

    def SendConsultation(
        self, request: consultations_pb2.SendConsultationRequest, context: grpc.ServicerContext
    ) -> consultations_pb2.SendConsultationResponse:
        check_id(request.case_id, "case_id", "case")
        if not SMALLEST_URN <= request.urn <= LARGEST_URN:
            raise InvalidInput("urn", "must be six digits, as GIAS lists it")
        sent_on = days.from_wire(request.sent_on, "sent_on") if request.HasField("sent_on") else None
        answer = consultations.send_consultation(self._context, request, sent_on)
        self._observe()
        return answer

    def RecordReply(
        self, request: consultations_pb2.RecordReplyRequest, context: grpc.ServicerContext
    ) -> consultations_pb2.RecordReplyResponse:
        check_id(request.consultation_id, "consultation_id", "cons")
        replied_on = days.from_wire(request.replied_on, "replied_on") if request.HasField("replied_on") else None
        answer = consultations.record_reply(self._context, request, replied_on)
        self._observe()
        return answer

    def WithdrawConsultation(
        self, request: consultations_pb2.WithdrawConsultationRequest, context: grpc.ServicerContext
    ) -> consultations_pb2.WithdrawConsultationResponse:
        check_id(request.consultation_id, "consultation_id", "cons")
        answer = consultations.withdraw_consultation(self._context, request)
        self._observe()
        return answer

    def ListConsultations(
        self, request: consultations_pb2.ListConsultationsRequest, context: grpc.ServicerContext
    ) -> consultations_pb2.ListConsultationsResponse:
        if request.case_id:
            check_id(request.case_id, "case_id", "case")
        page = consultations.list_consultations(
            self._context, request.case_id, request.only_awaiting, request.page_size, request.page_token
        )
        return consultations_pb2.ListConsultationsResponse(
            consultations=page.consultations, next_page_token=page.next_page_token
        )

    def _observe(self) -> None:
        observe_consultations(consultations.count_awaiting_replies(self._context))
