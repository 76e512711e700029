"""What services answer about panels, decisions, offers, consultations and deadlines, with everything defaulted."""

from __future__ import annotations

from datetime import date
from typing import Any

from inborough.caseload.v1 import caseload_pb2
from inborough.placement.v1 import appeals_pb2, consultations_pb2, decisions_pb2, panels_pb2
from inborough.provision.v1 import provision_pb2
from shared.days import to_wire
from tests.builders.cli import CASE_ID, DEADLINE, FIRST_DAY, a_case, a_pool, a_recommendation, an_option

PANEL_ID = "panel_0000000000000001"
DECISION_ID = "dec_0000000000000001"
OFFER_ID = "offer_0000000000000001"
CONSULTATION_ID = "cons_0000000000000001"
PANEL_DAY = to_wire(date(2024, 2, 1))
RUNS_OUT = to_wire(date(2024, 2, 29))
ASKED_FOR = caseload_pb2.Preference(urn=111217, rank=1, legal_class=caseload_pb2.LEGAL_CLASS_S38_3)


def a_panel(**changes: Any) -> panels_pb2.Panel:
    """Open, with one case on its agenda that is not decided yet."""
    facts: dict[str, Any] = {
        "panel_id": PANEL_ID,
        "etag": "etag_1",
        "meets_on": PANEL_DAY,
        "state": panels_pb2.PANEL_STATE_OPEN,
        "agenda": [an_item()],
        "opened_by": "user_local",
        "cases": 1,
    }
    return panels_pb2.Panel(**{**facts, **changes})


def a_closed_panel(**changes: Any) -> panels_pb2.Panel:
    """Signed by its chair, with a psychologist beside."""
    sat = [
        panels_pb2.Attendance(user_id="user_ann", capacity="chair"),
        panels_pb2.Attendance(user_id="user_bob", capacity="educational_psychologist"),
    ]
    facts: dict[str, Any] = {
        "state": panels_pb2.PANEL_STATE_CLOSED,
        "agenda": [an_item(decision_id=DECISION_ID)],
        "attendance": sat,
        "signed_by": "user_ann",
        "signed_time": "2024-02-01T16:00:00Z",
    }
    return a_panel(**{**facts, **changes})


def an_item(**changes: Any) -> panels_pb2.AgendaItem:
    """The usual case, with its deadline, needs and year group, lacking nothing."""
    facts: dict[str, Any] = {"case_id": CASE_ID, "deadline": DEADLINE, "need_codes": ["SEMH", "ASD"], "year_group": 7}
    return panels_pb2.AgendaItem(**{**facts, **changes})


def a_decision(**changes: Any) -> decisions_pb2.Decision:
    """The option ranked first was agreed with, and its place is held."""
    facts: dict[str, Any] = {
        "decision_id": DECISION_ID,
        "etag": "etag_1",
        "case_id": CASE_ID,
        "panel_id": PANEL_ID,
        "kind": decisions_pb2.DECISION_KIND_AGREE,
        "state": decisions_pb2.DECISION_STATE_OFFERED,
        "pool_id": "pool_ASTMOOR-SEMH",
        "urn": 111217,
        "setting_name": "Astmoor Primary School",
        "first_day": FIRST_DAY,
        "offer_id": OFFER_ID,
        "offer_expires_on": RUNS_OUT,
        "rank": 1,
        "decided_by": "user_ann",
        "decided_time": "2024-02-01T10:30:00Z",
        "recommendation_id": "rec_0000000000000001",
    }
    return decisions_pb2.Decision(**{**facts, **changes})


def a_record(**changes: Any) -> decisions_pb2.DecisionRecord:
    """The record of that decision: one option beside it, the family's views not yet on it."""
    states = (decisions_pb2.DECISION_STATE_REQUESTED, decisions_pb2.DECISION_STATE_OFFERED)
    at = "2024-02-01T10:30:00Z"
    facts: dict[str, Any] = {
        "decision": a_decision(),
        "case": a_case(age_years=11, preferences=[ASKED_FOR]),
        "recommendation": a_recommendation(options=[an_option(), an_option(2, setting_name="Other School", urn=2)]),
        "pools": [a_pool(places_offered=1)],
        "consultations": [a_consultation()],
        "panel": a_panel(),
        "reason": "It is near his brother's school.",
        "views_of_child": "He wants to be with his friends.",
        "runner_up": an_option(2, setting_name="Other School", urn=2),
        "runner_up_because": "It costs £4,000 more a year.",
        "facts_hash": "abc123",
        "missing": ["views_of_parents", "sign_off"],
        "history": [decisions_pb2.StateChange(state=each, changed_time=at, changed_by="user_ann") for each in states],
    }
    return decisions_pb2.DecisionRecord(**{**facts, **changes})


def an_appeal(**changes: Any) -> appeals_pb2.AppealFacts:
    """Registered on 2 April, after a slip of a day was corrected; its hearing is to come."""
    registered, heard = appeals_pb2.APPEAL_STEP_KIND_APPEAL_REGISTERED, appeals_pb2.APPEAL_STEP_KIND_HEARING
    by = {"recorded_by": "user_ann", "recorded_time": "2024-04-03T09:00:00Z"}
    steps = [
        {"kind": registered, "happened_on": to_wire(date(2024, 4, 1)), "replaced_by": 2},
        {"kind": registered, "happened_on": to_wire(date(2024, 4, 2)), "replaces": 1, "reference": "EH876/24/00012"},
        {"kind": heard, "happened_on": to_wire(date(2024, 9, 9))},
    ]
    clock = appeals_pb2.AppealClock(
        clock="appeal",
        last_day=to_wire(date(2024, 4, 12)),
        days_left=9,
        working="Two months from the letter of 12 February 2024: 12 April 2024.",
        source="HESC Rules 2008 r. 20(1)(c)",
        done_on=to_wire(date(2024, 4, 2)),
    )
    facts: dict[str, Any] = {
        "steps": [appeals_pb2.AppealStep(number=at, **by, **each) for at, each in enumerate(steps, 1)],  # type: ignore[arg-type]
        "clocks": [clock],
        "state": appeals_pb2.APPEAL_STATE_UNDER_WAY,
    }
    return appeals_pb2.AppealFacts(**{**facts, **changes})


def an_appealed_decision(**changes: Any) -> decisions_pb2.Decision:
    """Named in the plan, and under that appeal."""
    return a_decision(**{"state": decisions_pb2.DECISION_STATE_NAMED, "appeal": an_appeal(), **changes})


def an_offer(**changes: Any) -> provision_pb2.Offer:
    """A place held until the end of February."""
    facts: dict[str, Any] = {
        "offer_id": OFFER_ID,
        "etag": "etag_1",
        "case_id": CASE_ID,
        "pool_id": "pool_ASTMOOR-SEMH",
        "first_day": FIRST_DAY,
        "state": provision_pb2.OFFER_STATE_OFFERED,
        "expires_on": RUNS_OUT,
        "decision_id": DECISION_ID,
    }
    return provision_pb2.Offer(**{**facts, **changes})


def a_consultation(**changes: Any) -> consultations_pb2.Consultation:
    """Sent on the first of February, awaiting its reply for twelve more days."""
    facts: dict[str, Any] = {
        "consultation_id": CONSULTATION_ID,
        "etag": "etag_1",
        "case_id": CASE_ID,
        "urn": 111217,
        "setting_name": "Astmoor Primary School",
        "sent_on": PANEL_DAY,
        "reply_due": to_wire(date(2024, 2, 16)),
        "reply_rule": "15 days (Code of Practice 9.83).",
        "state": consultations_pb2.CONSULTATION_STATE_AWAITING,
        "days_left": 12,
    }
    return consultations_pb2.Consultation(**{**facts, **changes})


def a_deadline(**changes: Any) -> caseload_pb2.Deadline:
    """The usual case's phase transfer, in two weeks."""
    facts: dict[str, Any] = {
        "case_id": CASE_ID,
        "clock": "phase_transfer",
        "due_on": DEADLINE,
        "days_left": 14,
        "source": "SEND Regulations 2014 reg. 18",
    }
    return caseload_pb2.Deadline(**{**facts, **changes})
