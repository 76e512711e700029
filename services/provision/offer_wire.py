"""Messages <-> offers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from inborough.common.v1 import common_pb2
from inborough.provision.v1 import provision_pb2
from services.provision.domain.offers import (
    CONFIRMED,
    EXPIRED,
    OFFERED,
    RELEASE_REASONS,
    RELEASED,
    Filter,
    Offer,
    Wish,
    usual_last_day,
)
from services.provision.wire import need_pool_id
from shared.days import from_wire, in_rfc3339, to_wire
from shared.errors import InvalidInput

FURTHEST_YEARS = 10
STATES = {
    OFFERED: provision_pb2.OFFER_STATE_OFFERED,
    CONFIRMED: provision_pb2.OFFER_STATE_CONFIRMED,
    RELEASED: provision_pb2.OFFER_STATE_RELEASED,
    EXPIRED: provision_pb2.OFFER_STATE_EXPIRED,
}
NAMES = {number: name for name, number in STATES.items()}
OFFER_SHAPE = re.compile(r"offer_[0-9a-f]{16}", re.ASCII)
CASE_SHAPE = re.compile(r"case_[A-Za-z0-9_]{1,45}", re.ASCII)
DECISION_SHAPE = re.compile(r"dec_[A-Za-z0-9]{1,40}", re.ASCII)
TOKEN_SHAPE = re.compile(r"(\d{4}-\d\d-\d\d)\.(offer_[0-9a-f]{16})", re.ASCII)


def wish_from_wire(request: provision_pb2.OfferPlaceRequest, today: date, offer_days: int) -> Wish:
    """What is asked for; without a last day of the offer it stands `offer_days` from today. Raises InvalidInput."""
    first_day = _day(request.first_day, "first_day", today)
    last_day = from_wire(request.last_day, "last_day") if request.HasField("last_day") else None
    if last_day is not None and last_day < first_day:
        raise InvalidInput("last_day", "must not be before first_day")
    expires_on = usual_last_day(today, offer_days)
    if request.HasField("expires_on"):
        expires_on = from_wire(request.expires_on, "expires_on")
    return Wish(
        case_id=_need_case_id(request.case_id),
        pool_id=need_pool_id(request.pool_id),
        decision_id=_shaped(DECISION_SHAPE, request.decision_id, "decision_id", "must be the id of a decision"),
        first_day=first_day,
        last_day=last_day,
        expires_on=expires_on,
        over_number=request.over_number,
        gives_up_place=request.gives_up_place,
    )


def need_offer_id(offer_id: str) -> str:
    """The id. Raises InvalidInput when it has not an offer's shape."""
    return _shaped(OFFER_SHAPE, offer_id, "offer_id", "must be offer_ and sixteen digits or letters a to f")


def need_reason_code(code: str) -> str:
    """The code. Raises InvalidInput."""
    if code not in RELEASE_REASONS:
        raise InvalidInput("reason_code", f"must be one of {', '.join(RELEASE_REASONS)}")
    return code


def filter_from_wire(request: provision_pb2.ListOffersRequest) -> Filter:
    """Which offers to list. Raises InvalidInput."""
    return Filter(
        pool_id=need_pool_id(request.pool_id) if request.pool_id else "",
        case_id=_need_case_id(request.case_id) if request.case_id else "",
        states=frozenset(map(_state, request.states)),
        expiring_by=from_wire(request.expiring_by, "expiring_by") if request.HasField("expiring_by") else None,
    )


def after_from_token(token: str) -> tuple[date, str] | None:
    """Last day and id that a page begins after; None for the first. Raises InvalidInput for another's token."""
    if not token:
        return None
    try:
        day, offer_id = TOKEN_SHAPE.fullmatch(token).groups()  # type: ignore[union-attr]
        return date.fromisoformat(day), offer_id
    except (AttributeError, ValueError):
        raise InvalidInput(
            "page_token", "was not given by ListOffers; send next_page_token as it came, or none"
        ) from None


def offers_to_wire(page: Sequence[Offer], more_follow: bool) -> provision_pb2.ListOffersResponse:
    """A page of offers."""
    token = f"{page[-1].expires_on.isoformat()}.{page[-1].offer_id}" if more_follow else ""
    return provision_pb2.ListOffersResponse(offers=map(offer_to_wire, page), next_page_token=token)


def offer_to_wire(offer: Offer) -> provision_pb2.Offer:
    """An offer."""
    return provision_pb2.Offer(
        offer_id=offer.offer_id,
        etag=offer.etag,
        case_id=offer.case_id,
        pool_id=offer.pool_id,
        first_day=to_wire(offer.first_day),
        last_day=to_wire(offer.last_day) if offer.last_day else None,
        state=STATES[offer.state],
        expires_on=to_wire(offer.expires_on),
        over_number=offer.over_number,
        decision_id=offer.decision_id,
        reason_code=offer.reason_code,
        offered_time=in_rfc3339(offer.offered_at),
        changed_time=in_rfc3339(offer.changed_at),
    )


def _state(number: provision_pb2.OfferState.ValueType) -> str:
    if number not in NAMES:
        raise InvalidInput("states", "must be offered, confirmed, released or expired; leave it empty for all")
    return NAMES[number]


def _day(message: common_pb2.Date, field: str, today: date) -> date:
    day = from_wire(message, field)
    if abs(day.year - today.year) > FURTHEST_YEARS:
        raise InvalidInput(field, f"must be within {FURTHEST_YEARS} years of today")
    return day


def _need_case_id(case_id: str) -> str:
    return _shaped(CASE_SHAPE, case_id, "case_id", "must be case_ and then letters, digits or underscores")


def _shaped(shape: re.Pattern[str], value: str, field: str, rule: str) -> str:
    if not shape.fullmatch(value):
        raise InvalidInput(field, rule)
    return value
