"""Decisions and panels as messages, and their kinds and states as the wire names them."""

from __future__ import annotations

from collections.abc import Sequence

from inborough.placement.v1 import decisions_pb2, panels_pb2
from services.placement.domain.decisions import Kind, State
from services.placement.storage.decisions import StateReached, StoredDecision
from services.placement.storage.panels import StoredAttendance, StoredPanel
from shared import days

KINDS = {decisions_pb2.DecisionKind.Value(f"DECISION_KIND_{kind.name}"): kind for kind in Kind}
STATES = {decisions_pb2.DecisionState.Value(f"DECISION_STATE_{state.name}"): state for state in State}
_KIND_NUMBERS = {kind: number for number, kind in KINDS.items()}
_STATE_NUMBERS = {state: number for number, state in STATES.items()}


def decision_message(stored: StoredDecision) -> decisions_pb2.Decision:
    """A decision as it stands."""
    expires_on, deferred_until = stored.offer_expires_on, stored.deferred_until
    return decisions_pb2.Decision(
        decision_id=stored.decision_id,
        etag=stored.etag,
        case_id=stored.case_id,
        panel_id=stored.panel_id,
        kind=_KIND_NUMBERS[stored.kind],
        state=_STATE_NUMBERS[stored.state],
        pool_id=stored.pool_id,
        urn=stored.urn,
        setting_name=stored.setting_name,
        first_day=days.to_wire(stored.first_day),
        offer_id=stored.offer_id,
        offer_expires_on=days.to_wire(expires_on) if expires_on else None,
        over_number=stored.over_number,
        rank=stored.rank,
        not_offered_because=stored.not_offered_because,
        decided_by=stored.decided_by,
        decided_time=days.in_rfc3339(stored.decided_at_utc),
        recommendation_id=stored.recommendation_id,
        refused_urns=stored.refused_urns,
        deferred_until=days.to_wire(deferred_until) if deferred_until else None,
        of_what_if=bool(stored.of_what_if),
    )


def state_change(reached: StateReached) -> decisions_pb2.StateChange:
    """One step of a decision."""
    return decisions_pb2.StateChange(
        state=_STATE_NUMBERS[reached.state],
        changed_time=days.in_rfc3339(reached.changed_at),
        changed_by=reached.changed_by,
    )


def panel_message(
    stored: StoredPanel,
    cases: int,
    agenda: Sequence[panels_pb2.AgendaItem] = (),
    attendance: Sequence[StoredAttendance] = (),
) -> panels_pb2.Panel:
    """A panel as it stands, with `cases` on its agenda."""
    return panels_pb2.Panel(
        panel_id=stored.panel_id,
        etag=stored.etag,
        meets_on=days.to_wire(stored.meets_on),
        state=panels_pb2.PANEL_STATE_OPEN if stored.is_open else panels_pb2.PANEL_STATE_CLOSED,
        agenda=agenda,
        attendance=[panels_pb2.Attendance(user_id=sat.user_id, capacity=sat.capacity) for sat in attendance],
        signed_by=stored.signed_by,
        signed_time=days.in_rfc3339(stored.signed_at_utc) if stored.signed_at_utc else "",
        opened_by=stored.opened_by,
        cases=cases,
    )
