"""Offers whose last day has passed end by themselves, each with an event: never silently."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import Connection

from services.provision.domain.offers import EXPIRED, Offer, changed, latest_last_day
from services.provision.operations.recording import record_offer
from services.provision.storage import offers as stored_offers
from shared.days import in_words
from shared.errors import InvalidInput
from shared.identity import SERVICE, Identity, acting_as

OURSELVES = Identity("service_provision", frozenset({SERVICE}))
"""Who ends an offer: the calendar, whoever happens to call."""


def need_sound_end(expires_on: date, today: date) -> None:
    """Raises InvalidInput for a last day of an offer that has passed or is more than 180 days away."""
    if not today <= expires_on <= latest_last_day(today):
        raise InvalidInput("expires_on", f"must be from today to {in_words(latest_last_day(today))}")


def end(connection: Connection, overdue: Iterable[Offer], now: datetime) -> list[Offer]:
    """Write these offers as expired; the caller records a change and then the events."""
    expired = [changed(offer, now, state=EXPIRED) for offer in overdue]
    for offer in expired:
        stored_offers.update(connection, offer)
    return expired


def record_ends(connection: Connection, expired: Sequence[Offer]) -> None:
    """Write an event for each expired offer."""
    with acting_as(OURSELVES):
        for offer in expired:
            record_offer(connection, "offer_expired", offer, expires_on=offer.expires_on)
