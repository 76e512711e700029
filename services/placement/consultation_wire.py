"""A consultation as a message: how it stands on a day."""

from __future__ import annotations

from datetime import date

from inborough.placement.v1 import consultations_pb2
from services.placement.storage.consultations import AWAITING, REPLIED, StoredConsultation
from shared import days

REPLY_WORDS = {
    consultations_pb2.REPLY_CAN_MEET: "can_meet",
    consultations_pb2.REPLY_CANNOT_MEET: "cannot_meet",
    consultations_pb2.REPLY_FULL: "full",
    consultations_pb2.REPLY_INCOMPATIBLE: "incompatible",
}
"""The word that is kept for each reply."""
_REPLY_OF_WORD = {word: reply for reply, word in REPLY_WORDS.items()}


def consultation(stored: StoredConsultation, today: date) -> consultations_pb2.Consultation:
    """The message for a consultation as it stands on `today`."""
    message = consultations_pb2.Consultation(
        consultation_id=stored.consultation_id,
        etag=stored.etag,
        case_id=stored.case_id,
        urn=stored.urn,
        setting_name=stored.setting_name,
        sent_on=days.to_wire(stored.sent_on),
        reply_due=days.to_wire(stored.reply_due),
        reply_rule=stored.reply_rule,
        state=_state(stored, today),
        sent_by=stored.sent_by,
        days_left=(stored.reply_due - today).days if stored.state == AWAITING else 0,
    )
    if stored.reply is not None:
        message.replied_on.CopyFrom(days.to_wire(stored.reply.replied_on))
        message.reply = _REPLY_OF_WORD[stored.reply.reply]
        message.text = stored.reply.text
    return message


def _state(stored: StoredConsultation, today: date) -> consultations_pb2.ConsultationState.ValueType:
    if stored.state == AWAITING:
        overdue = stored.reply_due < today
        return (
            consultations_pb2.CONSULTATION_STATE_OVERDUE if overdue else consultations_pb2.CONSULTATION_STATE_AWAITING
        )
    if stored.state == REPLIED:
        return consultations_pb2.CONSULTATION_STATE_REPLIED
    return consultations_pb2.CONSULTATION_STATE_WITHDRAWN
