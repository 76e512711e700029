"""What the event log tells of an offer: its ids, and what the event adds."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from services.provision.domain.offers import Offer
from shared.event_log import record_event


def record_offer(connection: Connection, name: str, offer: Offer, **facts: Any) -> None:
    """Write an event of an offer, in the transaction that changes it."""
    record_event(
        connection,
        name,
        case_ids=[offer.case_id],
        offer_id=offer.offer_id,
        decision_id=offer.decision_id,
        pool_id=offer.pool_id,
        **facts,
    )
