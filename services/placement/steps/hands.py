"""What every step works with, and how it tells what it did."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Protocol

from sqlalchemy import Connection, Engine

from services.placement.domain.decisions import State
from services.placement.gather import Neighbours
from services.placement.metrics import decisions_reached
from services.placement.storage import decisions
from services.placement.storage.decisions import StoredDecision
from shared import identity
from shared.errors import NotFound
from shared.event_log import record_event
from shared.ids import content_id

ITSELF = "service_placement"


class Hands(Protocol):
    """The database and the neighbours. The context of an RPC is one; the events process has its own."""

    @property
    def engine(self) -> Engine:
        """Placement's database."""
        ...

    @property
    def neighbours(self) -> Neighbours:
        """The services that a step asks."""
        ...


def actor() -> str:
    """Who does what is being done: the person behind the call, else the service."""
    who = identity.current()
    return who.person or who.subject or ITSELF


def step_request_id(decision_id: str, step: str) -> str:
    """The request id with which a step asks a neighbour: the same whenever it is done again."""
    return content_id("req", decision_id, step)


def get_decision(connection: Connection, decision_id: str, *, for_change: bool = False) -> StoredDecision:
    """A decision. `for_change`: nobody else can change it until this transaction ends. Raises NotFound."""
    found = decisions.find_decision(connection, decision_id, for_change=for_change)
    if found is None:
        raise NotFound("decision", decision_id, "See `inborough decisions list`.")
    return found


def move_and_tell(
    connection: Connection,
    decision: StoredDecision,
    before: Collection[State],
    after: State,
    event: str,
    **values: Any,
) -> bool:
    """Move a decision and write the event that says so, the last write of the transaction; False if it is elsewhere."""
    if not decisions.move(connection, decision.decision_id, before, after, actor(), **values):
        return False
    tell(connection, get_decision(connection, decision.decision_id), event)
    decisions_reached.labels(after).inc()
    return True


def tell(connection: Connection, decision: StoredDecision, event: str) -> None:
    """Write an event about a decision, in the caller's transaction."""
    record_event(
        connection,
        event,
        case_ids=[decision.case_id],
        on_behalf_of="" if identity.current().person else decision.decided_by,
        decision_id=decision.decision_id,
        state=decision.state,
        kind=decision.kind,
        panel_id=decision.panel_id or None,
        pool_id=decision.pool_id or None,
        urn=decision.urn or None,
        refused=",".join(map(str, decision.refused_urns)) or None,
        over_number=decision.over_number or None,
        rank=decision.rank or None,
        recommendation_id=decision.recommendation_id,
        offer_id=decision.offer_id or None,
        expires_on=decision.offer_expires_on,
        deferred_until=decision.deferred_until,
    )
