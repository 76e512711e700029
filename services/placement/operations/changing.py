"""Find a decision in order to change it, when it is still as the caller read it."""

from __future__ import annotations

from sqlalchemy import Connection

from services.placement.steps.hands import get_decision
from services.placement.storage.decisions import StoredDecision
from shared.errors import ChangedMeanwhile


def get_unchanged(connection: Connection, decision_id: str, etag: str, *, for_change: bool = False) -> StoredDecision:
    """The decision, when `etag` is its own or "". Raises NotFound, ChangedMeanwhile saying how it stands now.

    `for_change`: nobody else can change it until this transaction ends.
    """
    decision = get_decision(connection, decision_id, for_change=for_change)
    if etag and etag != decision.etag:
        raise ChangedMeanwhile(
            f"The decision changed since it was read: it is {decision.state.in_words} now. Read it again."
        )
    return decision
