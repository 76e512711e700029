"""What is learnt before an offer's transaction: who holds places by caseload's record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Engine

from services.provision.domain.offers import Offer
from services.provision.gather import CaseloadReader, Placements
from services.provision.storage import offers as stored_offers
from shared.database import reading, writing


@dataclass(frozen=True)
class Facts:
    """Caseload's placements, read after our offer of the number `handed_over` was handed over to it."""

    placements: Placements
    handed_over: int


def gather_facts(engine: Engine, caseload: CaseloadReader) -> Facts:
    """Placements as they stand now. Raises NeighbourDown."""
    with reading(engine) as connection:
        handed_over = stored_offers.last_hand_over(connection)
    return Facts(caseload.current_placements(), handed_over)


def hand_over(engine: Engine, placements: Placements, confirmed: Sequence[Offer]) -> int:
    """Count confirmed places by caseload's record from now on, where it has them; how many.

    Without that a child who has left would hold the place for ever, and could never be offered another.
    """
    recorded = [offer for offer in confirmed if placements.names(offer.case_id, offer.pool_id, offer.first_day)]
    if not recorded:
        return 0
    with writing(engine) as connection:
        held = [stored_offers.hold_offer(connection, offer.offer_id) for offer in recorded]
        live = [offer.offer_id for offer in held if offer is not None and offer.is_live]
        if live:
            stored_offers.record_change(connection)
            stored_offers.hand_over(connection, live)
    return len(live)
