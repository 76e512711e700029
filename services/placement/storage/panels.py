"""Keep and find panels, their agendas and who sat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select, tuple_

from services.placement.storage.tables import agenda_items, panel_attendance, panels
from shared.database import insert_or_ignore
from shared.days import in_utc, now_utc
from shared.ids import content_id

OPEN, CLOSED = "open", "closed"


@dataclass(frozen=True)
class StoredItem:
    """A case on an agenda."""

    case_id: str
    carried_over: bool = False


@dataclass(frozen=True)
class StoredAttendance:
    """Somebody who sat, and in what capacity."""

    user_id: str
    capacity: str


@dataclass(frozen=True)
class StoredPanel:
    """A panel as kept. `state` is open or closed; `signed_by` is "" until closed."""

    panel_id: str
    meets_on: date
    state: str
    changes: int
    opened_by: str
    opened_at_utc: datetime
    signed_by: str = ""
    signed_at_utc: datetime | None = None

    @property
    def etag(self) -> str:
        """Changes with every change of the panel."""
        return content_id("etag", self.panel_id, str(self.changes))

    @property
    def is_open(self) -> bool:
        """Whether its agenda can change and it can decide."""
        return self.state == OPEN


def open_panel(connection: Connection, panel_id: str, meets_on: date, by: str) -> StoredPanel:
    """Keep a new panel with an empty agenda."""
    panel = StoredPanel(panel_id, meets_on, OPEN, 1, by, now_utc())
    connection.execute(panels.insert(), vars(panel))
    return panel


def find_panel(connection: Connection, panel_id: str, *, for_change: bool = False) -> StoredPanel | None:
    """A panel or None. `for_change`: nobody else can change it until this transaction ends."""
    query = select(panels).where(panels.c.panel_id == panel_id)
    row = connection.execute(query.with_for_update() if for_change else query).first()
    return _stored(row) if row else None


def list_panels(
    connection: Connection, only_open: bool, most: int, after: str, case_id: str = ""
) -> list[StoredPanel] | None:
    """At most `most`, newest day first, after the panel `after` ("" for the newest); None when that is unknown.

    With `case_id` those alone that have the case on their agenda.
    """
    query = select(panels)
    if only_open:
        query = query.where(panels.c.state == OPEN)
    if case_id:
        having = select(agenda_items.c.panel_id).where(agenda_items.c.case_id == case_id)
        query = query.where(panels.c.panel_id.in_(having))
    if after:
        mark = connection.execute(select(panels.c.meets_on).where(panels.c.panel_id == after)).scalar()
        if mark is None:
            return None
        query = query.where(tuple_(panels.c.meets_on, panels.c.panel_id) < (mark, after))
    query = query.order_by(panels.c.meets_on.desc(), panels.c.panel_id.desc()).limit(most)
    return [_stored(row) for row in connection.execute(query)]


def list_agenda(connection: Connection, panel_id: str) -> list[StoredItem]:
    """A panel's cases in order."""
    query = select(agenda_items).where(agenda_items.c.panel_id == panel_id)
    rows = connection.execute(query.order_by(agenda_items.c.position, agenda_items.c.case_id))
    return [StoredItem(row.case_id, row.carried_over) for row in rows]


def count_agendas(connection: Connection, panel_ids: Sequence[str]) -> dict[str, int]:
    """How many cases each of these panels has."""
    counted = select(agenda_items.c.panel_id, func.count().label("cases")).where(agenda_items.c.panel_id.in_(panel_ids))
    return {row.panel_id: row.cases for row in connection.execute(counted.group_by(agenda_items.c.panel_id))}


def list_attendance(connection: Connection, panel_id: str) -> list[StoredAttendance]:
    """Who sat, in the order given."""
    query = select(panel_attendance).where(panel_attendance.c.panel_id == panel_id)
    rows = connection.execute(query.order_by(panel_attendance.c.position))
    return [StoredAttendance(row.user_id, row.capacity) for row in rows]


def add_to_agenda(connection: Connection, panel_id: str, case_ids: Sequence[str]) -> list[str]:
    """Put cases after those that are there; those that were not there before, in order."""
    last = select(func.max(agenda_items.c.position)).where(agenda_items.c.panel_id == panel_id)
    position = int(connection.execute(last).scalar() or 0)
    added = []
    for case_id in case_ids:
        row = {"panel_id": panel_id, "case_id": case_id, "position": position + 1, "carried_over": False}
        if connection.execute(insert_or_ignore(connection, agenda_items), row).rowcount:
            added.append(case_id)
            position += 1
    return added


def remove_from_agenda(connection: Connection, panel_id: str, case_ids: Sequence[str]) -> int:
    """Take cases off; how many were on."""
    theirs = agenda_items.c.case_id.in_(case_ids)
    return connection.execute(agenda_items.delete().where(agenda_items.c.panel_id == panel_id, theirs)).rowcount


def mark_changed(connection: Connection, panel_id: str) -> None:
    """Give a panel a new etag."""
    connection.execute(panels.update().where(panels.c.panel_id == panel_id).values(changes=panels.c.changes + 1))


def close_panel(
    connection: Connection,
    panel_id: str,
    attendance: Sequence[StoredAttendance],
    carried_over: Sequence[str],
    signed_by: str,
) -> None:
    """Sign a panel, with who sat and which cases go to another."""
    its_row = panels.c.panel_id == panel_id
    signed = {"state": CLOSED, "signed_by": signed_by, "signed_at_utc": now_utc(), "changes": panels.c.changes + 1}
    connection.execute(panels.update().where(its_row).values(**signed))
    rows = [{"panel_id": panel_id, "position": at, **vars(sat)} for at, sat in enumerate(attendance, start=1)]
    connection.execute(panel_attendance.insert(), rows)
    if carried_over:
        theirs = agenda_items.c.case_id.in_(carried_over)
        marking = agenda_items.update().where(agenda_items.c.panel_id == panel_id, theirs)
        connection.execute(marking.values(carried_over=True))


def _stored(row: Row[Any]) -> StoredPanel:
    signed = in_utc(row.signed_at_utc) if row.signed_at_utc else None
    return StoredPanel(**{**row._mapping, "opened_at_utc": in_utc(row.opened_at_utc), "signed_at_utc": signed})
