"""What provision does without being asked, every half minute: see services/provision/events.py."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import Engine

from services.provision import gauges
from services.provision.domain.oversold import list_oversold
from services.provision.domain.timeline import Site
from services.provision.gather import CaseloadReader
from services.provision.operations.ending import end, record_ends
from services.provision.operations.facts import gather_facts, hand_over
from services.provision.storage import offers as stored_offers
from services.provision.storage import repository
from shared import logs
from shared.database import reading, writing
from shared.days import now_utc

SOON, LAST_DAYS = timedelta(days=7), timedelta(days=2)


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
        gauges.offers_open.set(stored_offers.count_open(connection))
        gauges.offers_expiring.set(stored_offers.count_open(connection, today + SOON))
        gauges.offers_ending.set(stored_offers.count_open(connection, today + LAST_DAYS))


class OversoldWatch:
    """Counts places that are promised and not there, anew when a pool, an offer, a placement or the day has changed."""

    def __init__(self, engine: Engine, caseload: CaseloadReader) -> None:
        self._engine, self._caseload = engine, caseload
        self._counted: tuple[str | date, ...] = ()

    def count(self, today: date) -> None:
        """Set the gauge, and log the pools when there are any. Raises NeighbourDown: the gauge then stays."""
        facts = gather_facts(self._engine, self._caseload)
        with reading(self._engine) as connection:
            pools, offers = repository.get_revision(connection), stored_offers.get_revision(connection)
            as_of = (pools, offers, facts.placements.revision, today)
            if as_of == self._counted:
                return
            counted = stored_offers.list_counted(connection, facts.handed_over)
            site = Site(repository.list_pools(connection), facts.placements.placements, counted)
        found = list_oversold(site, today)
        for each in found:
            logs.log("places_oversold", "error", pool_id=each.cap_id, rows=each.places)
        gauges.places_oversold.set(sum(each.places for each in found))
        self._counted = as_of
