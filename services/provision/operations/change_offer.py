"""ConfirmPlace, ReleasePlace and ExtendOffer: one change of one offer, in the caller's transaction."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection

from services.provision.domain.offers import (
    CONFIRMED,
    EXPIRED,
    HOLDING,
    OFFERED,
    RELEASED,
    Offer,
    changed,
)
from services.provision.operations.ending import need_sound_end
from services.provision.operations.recording import record_offer
from services.provision.storage import offers as stored_offers
from shared.days import in_words, now_utc
from shared.errors import ChangedMeanwhile, InvalidInput, NotFound, WrongState
from shared.failpoints import failpoint


def confirm_place(connection: Connection, offer_id: str, etag: str, today: date) -> Offer:
    """Make an offer a confirmed place; one that is confirmed stays as it is.

    Raises NotFound, WrongState when it is released, expired or overdue, ChangedMeanwhile for a stale etag.
    """
    offer = _hold(connection, offer_id)
    if offer.state == CONFIRMED:
        return offer
    _need_current(offer, etag)
    _need_state(offer, OFFERED)
    if offer.is_overdue(today):
        raise WrongState(
            f"The offer ran out on {in_words(offer.expires_on)}. Extend it, or offer the place anew.",
            state=offer.state,
            expires_on=offer.expires_on.isoformat(),
        )
    confirmed = changed(offer, now_utc(), state=CONFIRMED)
    _write(connection, confirmed, "place_confirmed", first_day=confirmed.first_day, over_number=confirmed.over_number)
    if __debug__:
        failpoint("provision.confirm_place.before_commit")
    return confirmed


def release_place(connection: Connection, offer_id: str, etag: str, reason_code: str) -> Offer:
    """Give a held place back; one that is released or expired stays as it is. Raises NotFound, ChangedMeanwhile."""
    offer = _hold(connection, offer_id)
    if offer.state not in HOLDING:
        return offer
    _need_current(offer, etag)
    released = changed(offer, now_utc(), state=RELEASED, reason=reason_code)
    _write(connection, released, "place_released", reason_code=reason_code)
    if __debug__:
        failpoint("provision.release_place.before_commit")
    return released


def extend_offer(connection: Connection, offer_id: str, etag: str, expires_on: date, today: date) -> Offer:
    """Let an offer stand until a later day.

    Raises NotFound, WrongState when it is confirmed, released or expired, ChangedMeanwhile for a stale etag,
    InvalidInput for a day that is not later, has passed, or is more than 180 days away.
    """
    offer = _hold(connection, offer_id)
    _need_current(offer, etag)
    _need_state(offer, OFFERED)
    if expires_on <= offer.expires_on:
        raise InvalidInput("expires_on", f"must be later than {in_words(offer.expires_on)}, when the offer ends now")
    need_sound_end(expires_on, today)
    extended = changed(offer, now_utc(), expires_on=expires_on)
    _write(connection, extended, "offer_extended", expires_on=extended.expires_on)
    return extended


def _hold(connection: Connection, offer_id: str) -> Offer:
    offer = stored_offers.hold_offer(connection, offer_id)
    if offer is None:
        raise NotFound("offer", offer_id, "See those on record with `inborough offers`.")
    return offer


def _need_current(offer: Offer, etag: str) -> None:
    if etag and etag != offer.etag:
        raise ChangedMeanwhile(
            f"The offer has changed since it was read: it is {_in_words(offer)}. Read it again.",
            offer_id=offer.offer_id,
            state=offer.state,
            expires_on=offer.expires_on.isoformat(),
        )


def _need_state(offer: Offer, state: str) -> None:
    if offer.state != state:
        raise WrongState(
            f"The offer is {_in_words(offer)}, not {state}. Record a new decision to offer the place anew.",
            state=offer.state,
        )


def _in_words(offer: Offer) -> str:
    if offer.state == OFFERED:
        return f"offered until {in_words(offer.expires_on)}"
    if offer.state == EXPIRED:
        return f"expired, having stood until {in_words(offer.expires_on)}"
    return offer.state


def _write(connection: Connection, offer: Offer, event: str, **facts: Any) -> None:
    stored_offers.update(connection, offer)
    stored_offers.record_change(connection)
    record_offer(connection, event, offer, **facts)
