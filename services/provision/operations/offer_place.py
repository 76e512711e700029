"""OfferPlace: hold a place for a case, and never one more than there are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError

from services.provision.domain.offers import CONFIRMED, OFFERED, Offer, Wish, lowest_free
from services.provision.domain.pools import PlacePool
from services.provision.domain.room import Shortage, caps_of, days_to_check, find_shortage
from services.provision.domain.timeline import Site
from services.provision.gather import CaseloadReader
from services.provision.operations.ending import end, need_sound_end, record_ends
from services.provision.operations.facts import Facts, gather_facts, hand_over
from services.provision.operations.recording import record_offer
from services.provision.storage import offers as stored_offers
from services.provision.storage import repository
from shared.database import reading
from shared.days import in_words, now_utc
from shared.errors import AlreadyExists, ChangedMeanwhile, NotFound, WrongState
from shared.failpoints import failpoint
from shared.ids import new_id


def prepare_offer(engine: Engine, caseload: CaseloadReader, wish: Wish, today: date) -> Facts:
    """What OfferPlace must know before its transaction. Raises InvalidInput, NeighbourDown.

    A place that was confirmed for the case before is counted by caseload's record from now on, if it is there.
    """
    need_sound_end(wish.expires_on, today)
    facts = gather_facts(engine, caseload)
    with reading(engine) as connection:
        present = stored_offers.find_live_of_case(connection, wish.case_id)
    if present is not None and present.state == CONFIRMED:
        hand_over(engine, facts.placements, [present])
    return facts


def offer_place(connection: Connection, facts: Facts, wish: Wish, today: date) -> Offer:
    """Hold a place in the caller's transaction.

    Raises NotFound for the pool, WrongState when it is not open or no place is free on some day of the period,
    AlreadyExists when the case has a live offer or confirmed place, ChangedMeanwhile when somebody else was quicker.
    """
    held = stored_offers.hold_pools(connection, wish.pool_id)
    pool, pools = _pools(connection, wish.pool_id, held)
    now = now_utc()
    expired = end(connection, stored_offers.hold_overdue(connection, today, held, wish.case_id), now)
    _need_no_other(stored_offers.find_live_of_case(connection, wish.case_id))
    _need_open(pool, wish)
    site, cap_id = _site(connection, facts, pool, pools), pool.group_id or pool.pool_id
    offer = Offer(
        offer_id=new_id("offer"),
        case_id=wish.case_id,
        pool_id=wish.pool_id,
        decision_id=wish.decision_id,
        first_day=wish.first_day,
        last_day=wish.last_day,
        expires_on=wish.expires_on,
        state=OFFERED,
        over_number=_is_over_number(site, wish, pool),
        gives_up_place=wish.gives_up_place,
        cap_id=cap_id,
        place_number=lowest_free(
            other.place_number for other in site.offers if other.is_live and other.cap_id == cap_id
        ),
        offered_at=now,
        changed_at=now,
    )
    _insert(connection, offer)
    stored_offers.record_change(connection)
    record_ends(connection, expired)
    _record_made(connection, offer)
    if __debug__:
        failpoint("provision.offer_place.before_commit")
    return offer


def _pools(connection: Connection, pool_id: str, held: Sequence[str]) -> tuple[PlacePool, list[PlacePool]]:
    """The pool, and all that count for it. Raises NotFound; ChangedMeanwhile when an import has changed its group."""
    pools = repository.list_pools_counted_with(connection, pool_id)
    pool = next((each for each in pools if each.pool_id == pool_id), None)
    if pool is None:
        raise NotFound("place pool", pool_id, "Import the place pools file that has it.")
    members = {member.pool_id for cap in caps_of(pool, pools) for member in cap.pools}
    if not members <= set(held):
        raise ChangedMeanwhile("Place pools are being imported. Try again.", pool_id=pool_id)
    return pool, pools


def _need_no_other(live: Offer | None) -> None:
    if live is None:
        return
    what = f"an offer that stands until {in_words(live.expires_on)}" if live.state == OFFERED else "a confirmed place"
    raise AlreadyExists(
        f"The case has {what} already ({live.offer_id}). Withdraw that decision first.",
        offer_id=live.offer_id,
        pool_id=live.pool_id,
        state=live.state,
    )


def _need_open(pool: PlacePool, wish: Wish) -> None:
    if not pool.is_open_on(wish.first_day):
        raise WrongState(
            f"{pool.pool_id} is not open on {in_words(wish.first_day)}: no places are confirmed for that day. Choose a "
            "later first day or another pool, or import the pool as confirmed.",
            pool_id=pool.pool_id,
            day=wish.first_day.isoformat(),
        )


def _site(connection: Connection, facts: Facts, pool: PlacePool, pools: Sequence[PlacePool]) -> Site:
    """All that counts for the pool, its offers in one reading.

    The place number comes from the same reading as the counts: of two transactions that counted the same offers,
    whatever they locked, the second finds its number taken.
    """
    ids = {each.pool_id for each in pools}
    placements = facts.placements.at({each.urn for each in pools}, ids)
    cases, cap_id = {placement.case_id for placement in placements}, pool.group_id or pool.pool_id
    counted = stored_offers.list_counted_of(connection, facts.handed_over, ids, cases, cap_id)
    return Site(pools, placements, counted)


def _is_over_number(site: Site, wish: Wish, pool: PlacePool) -> bool:
    """Whether the place is one beyond the number. Raises WrongState when nobody wished it."""
    caps = caps_of(pool, site.pools)
    days = days_to_check(wish, caps, site.offers, site.placements)
    shortage = find_shortage(wish.case_id, caps, days, site.held)
    if shortage is not None and not wish.over_number:
        raise _no_room(shortage, pool)
    return shortage is not None


def _no_room(shortage: Shortage, pool: PlacePool) -> WrongState:
    where = pool.pool_id if shortage.cap_id == pool.pool_id else f"{shortage.cap_id}, which {pool.pool_id} is in,"
    return WrongState(
        f"{where} has no place free on {in_words(shortage.day)}: {shortage.commissioned} commissioned, {shortage.held} "
        "held. Offer a place elsewhere or from another day; a requested setting can be named over number, knowingly.",
        pool_id=pool.pool_id,
        cap_id=shortage.cap_id,
        day=shortage.day.isoformat(),
        commissioned=str(shortage.commissioned),
        held=str(shortage.held),
    )


def _insert(connection: Connection, offer: Offer) -> None:
    try:
        stored_offers.insert(connection, offer)
    except IntegrityError:  # the database's own guard: the case or the place was taken since it was looked at
        raise ChangedMeanwhile("Another offer was made at the same moment. Send the same request again.") from None


def _record_made(connection: Connection, offer: Offer) -> None:
    record_offer(
        connection,
        "offer_made",
        offer,
        first_day=offer.first_day,
        last_day=offer.last_day,
        expires_on=offer.expires_on,
        over_number=offer.over_number,
    )
