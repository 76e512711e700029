"""Decisions in words: what was decided, how it stands, what the record lacks."""

from __future__ import annotations

from collections.abc import Iterable

from inborough.placement.v1 import decisions_pb2
from services import words

STATES = {
    decisions_pb2.DECISION_STATE_REQUESTED: "recorded; its place is still being asked for",
    decisions_pb2.DECISION_STATE_OFFERED: "place held",
    decisions_pb2.DECISION_STATE_NOT_OFFERED: "no place could be held",
    decisions_pb2.DECISION_STATE_NAMING: "being named in the plan",
    decisions_pb2.DECISION_STATE_NAMED: "named in the plan",
    decisions_pb2.DECISION_STATE_WITHDRAWING: "being taken back",
    decisions_pb2.DECISION_STATE_WITHDRAWN: "taken back",
    decisions_pb2.DECISION_STATE_EXPIRED: "offer ran out before it was named",
    decisions_pb2.DECISION_STATE_DEFERRED: "put off",
    decisions_pb2.DECISION_STATE_REFUSED: "request refused, nothing else decided",
}
REACHED = {
    **STATES,
    decisions_pb2.DECISION_STATE_REQUESTED: "recorded",
    decisions_pb2.DECISION_STATE_NAMING: "naming began",
    decisions_pb2.DECISION_STATE_WITHDRAWING: "taking back began",
}
"""The same as steps of a history."""
IN_HAND = (
    decisions_pb2.DECISION_STATE_REQUESTED,
    decisions_pb2.DECISION_STATE_OFFERED,
    decisions_pb2.DECISION_STATE_NAMING,
    decisions_pb2.DECISION_STATE_WITHDRAWING,
)
"""A case has at most one decision in these states, and no other is recorded meanwhile."""
GROUNDS = {
    "unsuitable": "unsuitable for the child's age, ability, aptitude or special educational needs",
    "incompatible_with_others": "incompatible with the efficient education of others",
    "incompatible_with_resources": "incompatible with the efficient use of resources",
}
"""Grounds of the Children and Families Act 2014 s.39(4)."""
MISSING = {
    "views_of_child": "the child's views",
    "views_of_parents": "the parents' views",
    "section_33_steps": "steps considered to make mainstream work (s.33)",
    "consultation": "consultation with the setting",
    "reply": "the setting's reply",
    "sign_off": "the chair's signature",
    "appeal_letter": "the letter about the right of appeal",
    "needs": "needs",
    "home": "home",
    "advice": "professional advice",
}
"""What papers and records can lack, by code."""


def state(decision: decisions_pb2.Decision) -> str:
    """How a decision stands; when put off, until when."""
    said = STATES.get(decision.state, "unknown")
    until = decision.HasField("deferred_until") and decision.state == decisions_pb2.DECISION_STATE_DEFERRED
    return f"{said} until {words.short_day(decision.deferred_until)}" if until else said


def decided(decision: decisions_pb2.Decision) -> str:
    """ "option 1", "another place", "put off", "request refused"; with "(what-if)" where settings were left out."""
    return f"{_decided(decision)}{' (what-if)' if decision.of_what_if else ''}"


def _decided(decision: decisions_pb2.Decision) -> str:
    if decision.kind == decisions_pb2.DECISION_KIND_AGREE:
        return f"option {decision.rank}"
    return {
        decisions_pb2.DECISION_KIND_CHOOSE_OTHER: "another place",
        decisions_pb2.DECISION_KIND_DEFER: "put off",
        decisions_pb2.DECISION_KIND_REFUSE_REQUEST: "request refused",
    }.get(decision.kind, "unknown")


def missing(codes: Iterable[str]) -> str:
    """What is lacking, in words; "" for nothing."""
    return words.codes(codes, MISSING)


def outcome(decision: decisions_pb2.Decision) -> str:
    """One sentence: where, until when, or why not."""
    place = _place(decision)
    match decision.state:
        case decisions_pb2.DECISION_STATE_REQUESTED:
            return f"recorded. {_asked_for(decision)} as soon as the service that holds it answers; nothing is lost."
        case decisions_pb2.DECISION_STATE_OFFERED:
            return f"recorded. {place} is held{_until(decision)} ({decision.offer_id})."
        case decisions_pb2.DECISION_STATE_NOT_OFFERED:
            return f"recorded, but no place could be held at {decision.setting_name}: {decision.not_offered_because}"
        case decisions_pb2.DECISION_STATE_NAMING:
            return f"{place} is being named; it is finished as soon as every service answers, and nothing is lost."
        case decisions_pb2.DECISION_STATE_NAMED:
            return f"named: {place} from {words.day(decision.first_day)}."
        case decisions_pb2.DECISION_STATE_WITHDRAWING:
            return "is being taken back; it is finished as soon as every service answers."
        case decisions_pb2.DECISION_STATE_WITHDRAWN:
            return "taken back. It stays on the record, and its place is free again."
    return f"{state(decision)}."


def _asked_for(decision: decisions_pb2.Decision) -> str:
    return "Its place is asked for" if decision.pool_id else "It is carried out"


def _until(decision: decisions_pb2.Decision) -> str:
    until = f" until {words.day(decision.offer_expires_on)}" if decision.HasField("offer_expires_on") else ""
    return f"{' beyond its number,' if decision.over_number else ''}{until}"


def _place(decision: decisions_pb2.Decision) -> str:
    return f"A place at {decision.setting_name}" if decision.setting_name else "The place"
