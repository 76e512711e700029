"""What placement makes of events in provision's log: offers that expire, are extended, or come too late."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from inborough.events.v1 import events_pb2
from services.placement.domain.decisions import State
from services.placement.steps.hands import ITSELF, move_and_tell
from services.placement.steps.withdrawing import ENDED
from services.placement.storage import decisions
from services.placement.storage.decisions import StoredDecision
from shared.identity import NOBODY, SERVICE, Identity, acting_as, current

WAITING = (State.REQUESTED, State.OFFERED)


def hear(connection: Connection, source: str, event: events_pb2.Event) -> None:
    """Apply an event of another service's log, in the transaction that says that it was read."""
    applied = {
        "offer_expired": _expire,
        "place_released": _give_up,
        "offer_extended": _extend,
        "offer_made": _catch_late_offer,
    }.get(event.name)
    if source != "provision" or applied is None:
        return
    offer_id = event.facts.get("offer_id", "")
    decision = decisions.find_of_offer(connection, offer_id, event.facts.get("decision_id", ""))
    if decision is None:
        return
    with acting_as(Identity(ITSELF, frozenset({SERVICE})) if current() is NOBODY else current()):
        applied(connection, decision, event)


def _expire(connection: Connection, decision: StoredDecision, event: events_pb2.Event) -> None:
    """The offer ran out before it was named. One that is being named finds out by itself."""
    values = {"undo_due": bool(decision.refused_urns), "offer_id": event.facts.get("offer_id", decision.offer_id)}
    move_and_tell(connection, decision, WAITING, State.EXPIRED, "decision_expired", **values)


def _give_up(connection: Connection, decision: StoredDecision, event: events_pb2.Event) -> None:
    """The place was given back by somebody else than this decision's own withdrawal."""
    if decision.offer_id == event.facts.get("offer_id"):
        because = f"The place was released ({event.facts.get('reason_code', 'no reason code')})."
        values = {"undo_due": bool(decision.refused_urns), "withdrawn_because": because}
        move_and_tell(connection, decision, [State.OFFERED], State.WITHDRAWN, "decision_withdrawn", **values)


def _extend(connection: Connection, decision: StoredDecision, event: events_pb2.Event) -> None:
    expires_on = date.fromisoformat(event.facts["expires_on"])
    decisions.set_values(connection, decision.decision_id, [State.OFFERED], offer_expires_on=expires_on)


def _catch_late_offer(connection: Connection, decision: StoredDecision, event: events_pb2.Event) -> None:
    """An offer made for a decision that had ended already is given back; one that is on record is not late."""
    ending = (State.WITHDRAWING, *ENDED)
    if decision.state in ending and not decision.offer_id:
        values = {"offer_id": event.facts["offer_id"], "undo_due": True}
        decisions.set_values(connection, decision.decision_id, ending, **values)
