"""Keep and find consultations. A consultation changes; each reply recorded for it is kept for ever."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, func, select, tuple_

from services.placement.storage.tables import consultation_replies, consultations
from shared.database import insert_or_ignore

AWAITING, REPLIED, WITHDRAWN = "awaiting", "replied", "withdrawn"


@dataclass(frozen=True)
class StoredReply:
    """A reply as kept. `reply` is can_meet, cannot_meet, full or incompatible; `text` is personal."""

    consultation_id: str
    number: int
    reply: str
    replied_on: date
    text: str
    recorded_by: str
    recorded_at_utc: datetime


@dataclass(frozen=True)
class StoredConsultation:
    """A consultation as kept, with the last reply recorded for it, if any. `state` is one of the three above."""

    consultation_id: str
    etag: str
    case_id: str
    urn: int
    setting_name: str
    sent_on: date
    sent_by: str
    reply_due: date
    reply_rule: str
    state: str
    replies: int
    changed_by: str
    changed_at_utc: datetime
    reply: StoredReply | None = None


def keep_consultation(connection: Connection, consultation: StoredConsultation) -> bool:
    """Keep a new consultation; False when one with the same setting about the same case awaits its reply."""
    row = {name: value for name, value in vars(consultation).items() if name != "reply"}
    return bool(connection.execute(insert_or_ignore(connection, consultations), row).rowcount)


def find_for_change(connection: Connection, consultation_id: str) -> StoredConsultation | None:
    """A consultation that nobody else can change until this transaction ends, or None."""
    locking = select(consultations.c.consultation_id).where(consultations.c.consultation_id == consultation_id)
    connection.execute(locking.with_for_update())
    found = connection.execute(_with_last_reply().where(consultations.c.consultation_id == consultation_id)).first()
    return None if found is None else _stored(found)


def change_consultation(connection: Connection, consultation_id: str, **values: object) -> None:
    """Write these columns of a consultation that was found for change."""
    its_row = consultations.c.consultation_id == consultation_id
    connection.execute(consultations.update().where(its_row).values(**values))


def keep_reply(connection: Connection, reply: StoredReply) -> None:
    """Keep one more reply. Raises IntegrityError when its number is taken."""
    connection.execute(consultation_replies.insert(), vars(reply))


def list_of_case(connection: Connection, case_id: str) -> list[StoredConsultation]:
    """Every consultation about a case, that whose reply is due soonest first, then by id."""
    query = _in_order(_with_last_reply().where(consultations.c.case_id == case_id))
    return [_stored(row) for row in connection.execute(query)]


def list_consultations(
    connection: Connection, case_id: str, only_awaiting: bool, most: int, after: str
) -> list[StoredConsultation] | None:
    """At most `most`, in the same order, after the consultation `after` ("" for the first); None when it is unknown."""
    query = _with_last_reply()
    if case_id:
        query = query.where(consultations.c.case_id == case_id)
    if only_awaiting:
        query = query.where(consultations.c.state == AWAITING)
    if after:
        mark = select(consultations.c.reply_due).where(consultations.c.consultation_id == after)
        last = connection.execute(mark).scalar()
        if last is None:
            return None
        query = query.where(tuple_(consultations.c.reply_due, consultations.c.consultation_id) > (last, after))
    return [_stored(row) for row in connection.execute(_in_order(query).limit(most))]


def count_awaiting_by_due(connection: Connection) -> dict[date, int]:
    """How many consultations await their reply, by the day it is due."""
    due = consultations.c.reply_due
    counted = select(due, func.count().label("how_many")).where(consultations.c.state == AWAITING).group_by(due)
    return {row.reply_due: row.how_many for row in connection.execute(counted)}


def _with_last_reply() -> Select[Any]:
    last = and_(
        consultation_replies.c.consultation_id == consultations.c.consultation_id,
        consultation_replies.c.number == consultations.c.replies,
    )
    columns = [column for column in consultation_replies.c if column.name != "consultation_id"]
    return select(consultations, *columns).outerjoin(consultation_replies, last)


def _in_order(query: Select[Any]) -> Select[Any]:
    return query.order_by(consultations.c.reply_due, consultations.c.consultation_id)


def _stored(row: Row[Any]) -> StoredConsultation:
    own: Sequence[str] = [column.name for column in consultations.c]
    values = {name: getattr(row, name) for name in own}
    if not row.replies:
        return StoredConsultation(**values)
    replied = StoredReply(
        row.consultation_id, row.number, row.reply, row.replied_on, row.text, row.recorded_by, row.recorded_at_utc
    )
    return StoredConsultation(**values, reply=replied)
