"""What provision does without being asked, every half minute: see services/provision/events.py."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import Engine

from services.provision import metrics
from services.provision.gather import CaseloadReader
from services.provision.operations.ending import end, record_ends
from services.provision.operations.facts import hand_over
from services.provision.storage import offers as stored_offers
from shared.database import reading, writing
from shared.days import now_utc

SOON = timedelta(days=7)


def expire_offers(engine: Engine, today: date) -> int:
    """End the offers whose last day has passed, each in a transaction with its event; how many were ended."""
    with reading(engine) as connection:
        overdue = stored_offers.list_overdue_ids(connection, today)
    return sum(_expire(engine, offer_id, today) for offer_id in overdue)


def _expire(engine: Engine, offer_id: str, today: date) -> bool:
    with writing(engine) as connection:
        offer = stored_offers.hold_offer(connection, offer_id)
        if offer is None or not offer.is_overdue(today):
            return False  # extended, confirmed or ended meanwhile
        expired = end(connection, [offer], now_utc())
        stored_offers.record_change(connection)
        record_ends(connection, expired)
    return True


def hand_over_confirmed(engine: Engine, caseload: CaseloadReader) -> int:
    """Count confirmed places by caseload's record, once they are there; how many. Raises NeighbourDown."""
    with reading(engine) as connection:
        confirmed = stored_offers.list_confirmed(connection)
    return hand_over(engine, caseload.current_placements(), confirmed) if confirmed else 0


def show_offers(engine: Engine, today: date) -> None:
    """Set the gauges of offers to what is stored."""
    with reading(engine) as connection:
        metrics.offers_open.set(stored_offers.count_open(connection))
        metrics.offers_expiring.set(stored_offers.count_open(connection, today + SOON))
