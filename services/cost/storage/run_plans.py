"""Keep and find run plans. Nothing here is ever changed once written."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, insert, select

from services.cost.storage.tables import revisions, run_plans
from shared.database import change_revision


@dataclass(frozen=True)
class StoredRunPlan:
    """A run plan as kept: its totals and the whole message, what was asked, and the bell times used; all serialised."""

    run_plan_id: str
    first_day: date
    planned_at: datetime
    summary: bytes
    content: bytes
    asked: bytes
    bell_times: bytes


def keep_run_plan(connection: Connection, kept: StoredRunPlan) -> None:
    """Keep a run plan as the newest, and change the revision. The caller holds `repository.lock_for_import`."""
    last = connection.execute(select(func.coalesce(func.max(run_plans.c.kept_order), 0))).scalar_one()
    connection.execute(
        insert(run_plans).values(
            run_plan_id=kept.run_plan_id,
            kept_order=last + 1,
            first_day=kept.first_day,
            planned_at_utc=kept.planned_at,
            summary=kept.summary,
            content=zlib.compress(kept.content),
            asked=zlib.compress(kept.asked),
            bell_times=zlib.compress(kept.bell_times),
        )
    )
    change_revision(connection, revisions)


def find_run_plan(connection: Connection, run_plan_id: str) -> bytes | None:
    """A run plan's message, or None."""
    chosen = select(run_plans.c.content).where(run_plans.c.run_plan_id == run_plan_id)
    found = connection.execute(chosen).scalar_one_or_none()
    return None if found is None else zlib.decompress(found)


def find_newest_id(connection: Connection, earliest: date, latest: date) -> str | None:
    """The newest run plan whose first day is within these days, or None."""
    chosen = (
        select(run_plans.c.run_plan_id)
        .where(run_plans.c.first_day >= earliest, run_plans.c.first_day <= latest)
        .order_by(run_plans.c.kept_order.desc())
        .limit(1)
    )
    return connection.execute(chosen).scalar_one_or_none()


def find_stored(connection: Connection, run_plan_id: str) -> StoredRunPlan | None:
    """A run plan with what it was made from, or None."""
    row = connection.execute(select(run_plans).where(run_plans.c.run_plan_id == run_plan_id)).first()
    if row is None:
        return None
    content, asked, bells = map(zlib.decompress, (row.content, row.asked, row.bell_times))
    return StoredRunPlan(row.run_plan_id, row.first_day, row.planned_at_utc, row.summary, content, asked, bells)


def list_run_plans(connection: Connection, most: int, after: str) -> list[tuple[str, bytes]] | None:
    """At most `most` (id, serialised totals), newest first, after the plan `after` ("": the newest); None: no such."""
    query = select(run_plans.c.run_plan_id, run_plans.c.summary)
    if after:
        chosen = select(run_plans.c.kept_order).where(run_plans.c.run_plan_id == after)
        last = connection.execute(chosen).scalar_one_or_none()
        if last is None:
            return None
        query = query.where(run_plans.c.kept_order < last)
    rows = connection.execute(query.order_by(run_plans.c.kept_order.desc()).limit(most))
    return [(row.run_plan_id, row.summary) for row in rows]
