"""Requests about consultations, each with a new request id unless one is given."""

from __future__ import annotations

from inborough.common.v1 import common_pb2
from inborough.placement.v1 import consultations_pb2, consultations_pb2_grpc
from shared.ids import new_id

Stub = consultations_pb2_grpc.ConsultationServiceStub
SECONDS = 20.0


def day(text: str) -> common_pb2.Date:
    """A day of the form 2024-02-01, which may be none of the calendar."""
    year, month, number = map(int, text.split("-"))
    return common_pb2.Date(year=year, month=month, day=number)


def send(stub: Stub, case_id: str, urn: int, sent_on: str = "", request_id: str = "") -> consultations_pb2.Consultation:
    """Consult a setting."""
    request = consultations_pb2.SendConsultationRequest(
        request_id=request_id or new_id("req"), case_id=case_id, urn=urn, sent_on=day(sent_on) if sent_on else None
    )
    return stub.SendConsultation(request, timeout=SECONDS).consultation


def reply(stub: Stub, consultation_id: str, replied_on: str = "", **fields: object) -> consultations_pb2.Consultation:
    """Record a reply; that it can meet the needs unless said otherwise."""
    given = {"request_id": new_id("req"), "reply": consultations_pb2.REPLY_CAN_MEET, **fields}
    request = consultations_pb2.RecordReplyRequest(
        consultation_id=consultation_id,
        replied_on=day(replied_on) if replied_on else None,
        **given,  # type: ignore[arg-type]
    )
    return stub.RecordReply(request, timeout=SECONDS).consultation


def withdraw(stub: Stub, consultation_id: str, **fields: object) -> consultations_pb2.Consultation:
    """Take a consultation back."""
    given = {"request_id": new_id("req"), **fields}
    request = consultations_pb2.WithdrawConsultationRequest(consultation_id=consultation_id, **given)  # type: ignore[arg-type]
    return stub.WithdrawConsultation(request, timeout=SECONDS).consultation


def listed(stub: Stub, **fields: object) -> list[consultations_pb2.Consultation]:
    """A page of consultations."""
    request = consultations_pb2.ListConsultationsRequest(**fields)  # type: ignore[arg-type]
    return list(stub.ListConsultations(request, timeout=SECONDS).consultations)
