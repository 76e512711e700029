"""What provision holds of a case: its offers."""

from __future__ import annotations

from sqlalchemy import Connection, select

from services.provision.storage.offers import record_change
from services.provision.storage.tables import offers
from shared.keeping.keeper import Erased, Keeper


def erase(connection: Connection, case_id: str) -> Erased:
    """Remove a case's offers, live or not: a place that one held is free again."""
    of_case = offers.c.case_id == case_id
    offer_ids = list(connection.scalars(select(offers.c.offer_id).where(of_case)))
    if offer_ids:
        connection.execute(offers.delete().where(of_case))
        record_change(connection)
    return Erased({"offers": len(offer_ids)}, offer_ids)


KEEPER = Keeper(erase)
