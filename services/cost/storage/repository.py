"""Queries of the cost service, each by name."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, insert, select

from services.cost.domain.rates import CardHeading, Rate, RateCard
from services.cost.storage.tables import rate_cards, rates, revisions
from shared.database import change_revision, current_revision, insert_or_ignore, look_up_revision, revisions_of

_REVISION = revisions_of(revisions)
_RATE_FIELDS = [field.name for field in fields(Rate)]


def lock_for_import(connection: Connection) -> None:
    """Let one import at a time decide its version; the others wait for this transaction to end."""
    connection.execute(insert_or_ignore(connection, revisions).values(id=1, revision=""))
    connection.execute(select(revisions).with_for_update())


def get_revision(connection: Connection) -> str:
    """The token that changes with every rate card written; "" before the first."""
    return current_revision(connection, revisions)


def look_up_revision_of_prices(engine: Engine) -> str:
    """`get_revision` as it is at once, outside any transaction."""
    return look_up_revision(engine, _REVISION)


def list_headings(connection: Connection) -> list[CardHeading]:
    """All rate cards without their rates, by first day, then version, then name."""
    by = (rate_cards.c.first_day, rate_cards.c.version, rate_cards.c.name)
    return [_heading(row) for row in connection.execute(select(rate_cards).order_by(*by))]


def find_newest(connection: Connection, name: str) -> RateCard | None:
    """The newest version of a card, or None when there is none of that name."""
    chosen = select(rate_cards).where(rate_cards.c.name == name).order_by(rate_cards.c.version.desc()).limit(1)
    return _card(connection, connection.execute(chosen).first())


def find_card(connection: Connection, rate_card_id: str) -> RateCard | None:
    """One rate card, or None."""
    return _card(connection, connection.execute(select(rate_cards).filter_by(rate_card_id=rate_card_id)).first())


def find_in_force(connection: Connection, day: date) -> RateCard | None:
    """The card in force on a day, or None before the first.

    It is the one with the latest first day that is not after `day`; of several with that first day, the last imported.
    """
    chosen = (
        select(rate_cards)
        .where(rate_cards.c.first_day <= day)
        .order_by(rate_cards.c.first_day.desc(), rate_cards.c.import_order.desc())
        .limit(1)
    )
    return _card(connection, connection.execute(chosen).first())


def add_card(connection: Connection, card: RateCard) -> None:
    """Write a new version and change the revision. The caller holds `lock_for_import`."""
    heading = card.heading
    last = connection.execute(select(func.coalesce(func.max(rate_cards.c.import_order), 0))).scalar_one()
    connection.execute(
        insert(rate_cards).values(
            rate_card_id=heading.rate_card_id,
            name=heading.name,
            version=heading.version,
            first_day=heading.first_day,
            content_hash=heading.content_hash,
            import_order=last + 1,
        )
    )
    connection.execute(insert(rates), [_rate_row(heading, at, rate) for at, rate in enumerate(card.rates)])
    change_revision(connection, revisions)


def _rate_row(heading: CardHeading, position: int, rate: Rate) -> dict[str, Any]:
    values = {name: getattr(rate, name) for name in _RATE_FIELDS}
    return {"rate_card_id": heading.rate_card_id, "position": position, **values}


def _card(connection: Connection, row: Row[Any] | None) -> RateCard | None:
    if row is None:
        return None
    chosen = select(*(rates.c[name] for name in _RATE_FIELDS))
    found = connection.execute(chosen.filter_by(rate_card_id=row.rate_card_id).order_by(rates.c.position))
    return RateCard(_heading(row), tuple(Rate(**rate._mapping) for rate in found))


def _heading(row: Row[Any]) -> CardHeading:
    return CardHeading(row.name, row.version, row.first_day, row.content_hash)
