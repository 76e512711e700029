"""Consultations in words: what settings reply, and how one stands."""

from __future__ import annotations

from inborough.placement.v1 import consultations_pb2
from services import words

REPLIES = {
    consultations_pb2.REPLY_CAN_MEET: "it can meet the needs",
    consultations_pb2.REPLY_CANNOT_MEET: "it says that it cannot meet the needs",
    consultations_pb2.REPLY_FULL: "it says that it is full, which is evidence and no ground of s.39(4)",
    consultations_pb2.REPLY_INCOMPATIBLE: "it says that attendance would be incompatible with others' education",
}


def how_it_stands(asked: consultations_pb2.Consultation) -> str:
    """ "sent 1 Feb 2024, reply due 16 Feb 2024, in 12 days", or what was replied."""
    sent = f"sent {words.short_day(asked.sent_on)}"
    match asked.state:
        case consultations_pb2.CONSULTATION_STATE_REPLIED:
            when = words.short_day(asked.replied_on) if asked.HasField("replied_on") else "day not known"
            return f"{sent}, replied {when}: {REPLIES.get(asked.reply, 'not known what')}"
        case consultations_pb2.CONSULTATION_STATE_WITHDRAWN:
            return f"{sent}, taken back"
    return f"{sent}, reply due {words.short_day(asked.reply_due)}, {words.days_left(asked.days_left)}"
