"""Named queries on offers, and the locks under which they are made. Who calls holds the transaction."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, or_, select, true, tuple_

from services.provision.domain.offers import CONFIRMED, HOLDING, OFFERED, Filter, Offer
from services.provision.storage.tables import offer_revisions, offers, pools
from shared.database import change_revision, current_revision
from shared.days import in_utc

_HOLDING = offers.c.state.in_(sorted(HOLDING))
_LIVE = and_(_HOLDING, offers.c.handed_over.is_(None))
_INSTANTS = {"offered_at": "offered_at_utc", "changed_at": "changed_at_utc"}


def get_revision(connection: Connection) -> str:
    """The token that changes with every change of an offer; "" before the first."""
    return current_revision(connection, offer_revisions)


def record_change(connection: Connection) -> None:
    """Give the offers a new revision. Whoever does so holds the one row until the commit, so others' changes wait."""
    change_revision(connection, offer_revisions)


def hold_pools(connection: Connection, pool_id: str) -> list[str]:
    """Let nobody else offer places of this pool or its group until the transaction ends; the ids of these pools.

    SQLite does so by itself: a writing transaction begins IMMEDIATE. The order is the same for everybody, so that no
    two transactions wait for each other.
    """
    group = select(pools.c.group_id).where(pools.c.pool_id == pool_id, pools.c.group_id != "").scalar_subquery()
    held = select(pools.c.pool_id).where(or_(pools.c.pool_id == pool_id, pools.c.group_id == group))
    return list(connection.scalars(held.order_by(pools.c.pool_id).with_for_update()))


def hold_offer(connection: Connection, offer_id: str) -> Offer | None:
    """One offer, kept from others' changes until the transaction ends; None when there is none."""
    row = connection.execute(select(offers).where(offers.c.offer_id == offer_id).with_for_update()).first()
    return _offer(row) if row else None


def last_hand_over(connection: Connection) -> int:
    """Number of the last offer that was handed over to caseload; 0 for none."""
    return int(connection.scalar(select(func.max(offers.c.handed_over))) or 0)


def list_counted(connection: Connection, handed_over_after: int) -> list[Offer]:
    """Offers that count: live ones, those handed over after that number (as if they had not been), and any over number.

    Whoever counts reads `last_hand_over` first, then asks caseload for placements, then calls this: so an offer is
    always in one of the two answers. Places named over number stay marked so while caseload counts them.
    """
    return _list_counted(connection, handed_over_after, true())


def list_counted_of(
    connection: Connection, handed_over_after: int, pool_ids: Collection[str], case_ids: Collection[str], cap_id: str
) -> list[Offer]:
    """Those of `list_counted` that are in some pools, of some cases, or have a place number under a cap."""
    of_these = (offers.c.pool_id.in_(sorted(pool_ids)), offers.c.case_id.in_(sorted(case_ids)))
    return _list_counted(connection, handed_over_after, or_(*of_these, offers.c.cap_id == cap_id))


def _list_counted(connection: Connection, after: int, where: ColumnElement[bool]) -> list[Offer]:
    not_yet = or_(offers.c.handed_over.is_(None), offers.c.handed_over > after)
    found = _list(connection, and_(_HOLDING, or_(not_yet, offers.c.over_number), where))
    return [replace(offer, handed_over=None) if (offer.handed_over or 0) > after else offer for offer in found]


def find_live_of_case(connection: Connection, case_id: str) -> Offer | None:
    """The case's live offer, or None."""
    row = connection.execute(select(offers).where(offers.c.case_id == case_id, _LIVE)).first()
    return _offer(row) if row else None


def hold_overdue(
    connection: Connection, today: date, pool_ids: Collection[str] | None = None, case_id: str = ""
) -> list[Offer]:
    """Offers whose last day has passed, of some pools or one case (by default all), kept from others' changes."""
    query = select(offers).where(offers.c.state == OFFERED, offers.c.expires_on < today)
    if pool_ids is not None:
        query = query.where(or_(offers.c.pool_id.in_(sorted(pool_ids)), offers.c.case_id == case_id))
    return [_offer(row) for row in connection.execute(query.order_by(offers.c.offer_id).with_for_update())]


def list_overdue_ids(connection: Connection, today: date) -> list[str]:
    """Ids of offers whose last day has passed, ordered."""
    query = select(offers.c.offer_id).where(offers.c.state == OFFERED, offers.c.expires_on < today)
    return list(connection.scalars(query.order_by(offers.c.offer_id)))


def list_confirmed(connection: Connection) -> list[Offer]:
    """Confirmed offers that are live, ordered by id."""
    return _list(connection, and_(_LIVE, offers.c.state == CONFIRMED))


def list_page(connection: Connection, chosen: Filter, after: tuple[date, str] | None, most: int) -> list[Offer]:
    """At most `most` offers after a last day and id, those that expire soonest first, then by id."""
    query = select(offers).order_by(offers.c.expires_on, offers.c.offer_id).limit(most)
    if chosen.pool_id:
        query = query.where(offers.c.pool_id == chosen.pool_id)
    if chosen.case_id:
        query = query.where(offers.c.case_id == chosen.case_id)
    if chosen.states:
        query = query.where(offers.c.state.in_(sorted(chosen.states)))
    if chosen.expiring_by:
        query = query.where(offers.c.expires_on <= chosen.expiring_by)
    if after:
        query = query.where(tuple_(offers.c.expires_on, offers.c.offer_id) > tuple_(*after))
    return [_offer(row) for row in connection.execute(query)]


def insert(connection: Connection, offer: Offer) -> None:
    """Write a new offer. Raises IntegrityError when the case or the place number is taken meanwhile."""
    connection.execute(offers.insert(), _cells(offer))


def update(connection: Connection, offer: Offer) -> None:
    """Write an offer that `hold_offer` or `hold_overdue` gave, changed."""
    connection.execute(offers.update().where(offers.c.offer_id == offer.offer_id).values(_cells(offer)))


def hand_over(connection: Connection, offer_ids: Collection[str]) -> None:
    """Mark confirmed offers as on caseload's record, in the transaction that has called `record_change`."""
    number = last_hand_over(connection) + 1
    marking = offers.update().where(offers.c.offer_id.in_(sorted(offer_ids)), _LIVE, offers.c.state == CONFIRMED)
    connection.execute(marking.values(handed_over=number))


def count_open(connection: Connection, expiring_by: date | None = None) -> int:
    """How many offers are open, of those that expire by a day if one is given."""
    query = select(func.count()).select_from(offers).where(offers.c.state == OFFERED)
    if expiring_by is not None:
        query = query.where(offers.c.expires_on <= expiring_by)
    return int(connection.scalar(query) or 0)


def _list(connection: Connection, where: ColumnElement[bool]) -> list[Offer]:
    return [_offer(row) for row in connection.execute(select(offers).where(where).order_by(offers.c.offer_id))]


def _offer(row: Row[Any]) -> Offer:
    cells: dict[str, Any] = dict(row._mapping)
    for name, column in _INSTANTS.items():
        cells[name] = in_utc(cells.pop(column))
    return Offer(**cells)


def _cells(offer: Offer) -> dict[str, Any]:
    return {_INSTANTS.get(name, name): value for name, value in asdict(offer).items()}
