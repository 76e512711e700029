"""Read decisions: one with the whole record behind it, or a page of them. Whoever looks is written down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from inborough.placement.v1 import consultations_pb2, decisions_pb2, panels_pb2
from services.placement.decision_wire import panel_message, state_change
from services.placement.domain.decisions import State
from services.placement.domain.records import Papers, missing_from
from services.placement.operations.appeals import with_appeal
from services.placement.operations.context import Context
from services.placement.operations.views import record_view
from services.placement.steps.hands import get_decision
from services.placement.storage import appeals, decisions, panels
from services.placement.storage.decisions import StoredDecision
from shared import days
from shared.database import reading
from shared.errors import InvalidInput

MOST_DECISIONS = 500
DEFAULT_DECISIONS = 100


def get_record(context: Context, decision_id: str) -> decisions_pb2.DecisionRecord:
    """A decision as it stands, with the record kept when it was made, its panel, and what is missing.

    Raises NotFound.
    """
    with reading(context.engine) as connection:
        decision = get_decision(connection, decision_id)
        record = decisions_pb2.DecisionRecord.FromString(decisions.find_record(connection, decision_id) or b"")
        history = decisions.list_states(connection, decision_id)
        panel = panels.find_panel(connection, decision.panel_id) if decision.panel_id else None
        attendance = panels.list_attendance(connection, decision.panel_id)
        cases = panels.count_agendas(connection, [decision.panel_id]).get(decision.panel_id, 0)
        steps = appeals.list_steps(connection, [decision_id]).get(decision_id, [])
    record.decision.CopyFrom(with_appeal(decision, steps))
    record.decision.of_what_if = bool(record.recommendation.left_out)
    record.history.extend(map(state_change, history))
    record.withdrawn_because = decision.withdrawn_because
    if decision.appeal_letter_on:
        record.appeal_letter_on.CopyFrom(days.to_wire(decision.appeal_letter_on))
    if panel is not None:
        record.panel.CopyFrom(panel_message(panel, cases, attendance=attendance))
    record.missing.extend(missing_from(_papers(decision, record)))
    record_view(context, "decision_viewed", [decision.case_id], decision_id=decision_id)
    return record


def _papers(decision: StoredDecision, record: decisions_pb2.DecisionRecord) -> Papers:
    asked = [c for c in record.consultations if c.state != consultations_pb2.CONSULTATION_STATE_WITHDRAWN]
    pool = next((pool for pool in record.pools if pool.pool_id == decision.pool_id), None)
    return Papers(
        kind=decision.kind,
        state=decision.state,
        place_kind=pool.kind if pool else "",
        views_of_child=record.views_of_child,
        views_of_parents=record.views_of_parents,
        section_33_steps=record.section_33_steps,
        urns=frozenset({decision.urn, *decision.refused_urns} - {0}),
        consulted_urns=frozenset(found.urn for found in asked),
        replied_urns=frozenset(found.urn for found in asked if found.reply),
        is_signed=not record.HasField("panel") or record.panel.state == panels_pb2.PANEL_STATE_CLOSED,
        has_appeal_letter=decision.appeal_letter_on is not None,
    )


@dataclass(frozen=True)
class DecisionPage:
    """Decisions, newest first, and where the next page starts ("" on the last)."""

    decisions: list[decisions_pb2.Decision]
    next_page_token: str


def list_decisions(
    context: Context,
    case_id: str,
    panel_id: str,
    states: Sequence[State],
    page_size: int,
    page_token: str,
    only_under_appeal: bool = False,
) -> DecisionPage:
    """A page of decisions. Raises InvalidInput for a page size over 500 or an unknown token."""
    if not 0 <= page_size <= MOST_DECISIONS:
        raise InvalidInput("page_size", f"must be from 1 to {MOST_DECISIONS}, or 0 for {DEFAULT_DECISIONS}")
    most = page_size or DEFAULT_DECISIONS
    with reading(context.engine) as connection:
        found = decisions.list_decisions(connection, case_id, panel_id, states, most + 1, page_token, only_under_appeal)
        steps = appeals.list_steps(connection, [decision.decision_id for decision in found or ()])
        what_ifs = _older_what_ifs(connection, found or ())
    if found is None:
        raise InvalidInput("page_token", "was not given by this call; start again without one")
    page = found[:most]
    if page:
        record_view(context, "decision_viewed", list(dict.fromkeys(decision.case_id for decision in page)))
    messages = [with_appeal(decision, steps.get(decision.decision_id, [])) for decision in page]
    for message in messages:
        message.of_what_if = message.of_what_if or message.decision_id in what_ifs
    return DecisionPage(messages, page[-1].decision_id if len(found) > most else "")


def _older_what_ifs(connection: Connection, found: Sequence[StoredDecision]) -> frozenset[str]:
    """Those recorded before it was kept beside them that were made on a what-if, as their records tell."""
    older = [decision.decision_id for decision in found if decision.of_what_if is None]
    records = decisions.find_records(connection, older) if older else {}
    return frozenset(
        decision_id
        for decision_id, record in records.items()
        if decisions_pb2.DecisionRecord.FromString(record).recommendation.left_out
    )
