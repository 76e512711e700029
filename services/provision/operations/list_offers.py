"""ListOffers: a page of offers, and the record of who was shown them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Engine

from services.provision.domain.offers import Filter, Offer
from services.provision.storage import offers as stored_offers
from shared import identity
from shared.database import reading, writing
from shared.event_log import record_event


def list_offers(engine: Engine, chosen: Filter, after: tuple[date, str] | None, most: int) -> tuple[list[Offer], bool]:
    """At most `most` offers, those that expire soonest first, then by id; and whether more follow.

    A person's look is recorded before anything is shown.
    """
    with reading(engine) as connection:
        found = stored_offers.list_page(connection, chosen, after, most + 1)
    page = found[:most]
    if page and not identity.current().is_service:
        with writing(engine) as connection:
            record_event(connection, "offers_listed", case_ids=sorted({offer.case_id for offer in page}))
    return page, len(found) > most
