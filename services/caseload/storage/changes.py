"""Named writes of the caseload, each many rows in one statement. What changes a case gives it a new etag."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, text

from services.caseload.domain.case import Preference
from services.caseload.storage.rows import Cells, preference_row
from services.caseload.storage.tables import (
    DECISION_COLUMNS,
    FACT_COLUMNS,
    case_references,
    cases,
    decisions_due,
    preferences,
    returns,
)

FACT_NAMES = [column.name for column in FACT_COLUMNS]
DECISION_NAMES = [column.name for column in DECISION_COLUMNS]
PREFERENCE_NAMES = [column.name for column in preferences.c if column.name != "case_id"]


def hold_other_imports(connection: Connection) -> None:
    """Let no other import write until this transaction ends; readers go on. SQLite does so for every writer."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE cases IN EXCLUSIVE MODE"))


def add_cases(connection: Connection, facts: Mapping[str, Cells], etag: str) -> None:
    """Add cases that are not there yet, by id."""
    _insert(connection, cases, [{"case_id": k, "etag": etag, **_named(FACT_NAMES, row)} for k, row in facts.items()])


def change_cases(connection: Connection, facts: Mapping[str, Cells], etag: str) -> None:
    """Give cases that are there these facts."""
    _update(connection, cases, {k: {"etag": etag, **_named(FACT_NAMES, row)} for k, row in facts.items()})


def add_decisions(connection: Connection, decisions: Mapping[str, Cells]) -> None:
    """Add decisions due for cases that have none."""
    _insert(connection, decisions_due, [{"case_id": k, **_named(DECISION_NAMES, row)} for k, row in decisions.items()])


def change_decisions(connection: Connection, decisions: Mapping[str, Cells]) -> None:
    """Replace the decision due of cases that have one."""
    _update(connection, decisions_due, {k: _named(DECISION_NAMES, row) for k, row in decisions.items()})


def replace_preferences(connection: Connection, wanted: Mapping[str, Sequence[Preference]]) -> None:
    """Make these the only preferences of these cases."""
    if wanted:
        gone = delete(preferences).where(preferences.c.case_id == bindparam("gone"))
        connection.execute(gone, [{"gone": case_id} for case_id in wanted])
    rows = [
        {"case_id": k, **_named(PREFERENCE_NAMES, preference_row(one))} for k, ones in wanted.items() for one in ones
    ]
    _insert(connection, preferences, rows)


def give_etag(connection: Connection, case_ids: Iterable[str], etag: str) -> None:
    """Mark cases as changed."""
    _update(connection, cases, {case_id: {"etag": etag} for case_id in case_ids})


def forget_references(connection: Connection, references: Collection[tuple[str, str]]) -> None:
    """Forget whose these (kind, digest) were."""
    if references:
        stale = delete(case_references).where(
            case_references.c.kind == bindparam("old_kind"), case_references.c.digest == bindparam("old_digest")
        )
        connection.execute(stale, [{"old_kind": kind, "old_digest": digest} for kind, digest in references])


def add_references(connection: Connection, references: Mapping[tuple[str, str], str]) -> None:
    """Remember which case each (kind, digest) belongs to."""
    rows = [{"kind": kind, "digest": digest, "case_id": v} for (kind, digest), v in references.items()]
    _insert(connection, case_references, rows)


def set_return_day(connection: Connection, day: date) -> None:
    """Remember the day of the newest return."""
    if not connection.execute(returns.update().values(return_day=day)).rowcount:
        connection.execute(returns.insert().values(id=1, return_day=day))


def _named(names: Sequence[str], row: Cells) -> dict[str, Any]:
    return dict(zip(names, row, strict=True))


def _insert(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(table.insert(), rows)


def _update(connection: Connection, table: Table, changed: Mapping[str, Mapping[str, Any]]) -> None:
    if not changed:
        return
    names = next(iter(changed.values()))
    statement = table.update().where(table.c.case_id == bindparam("this_case"))
    rows = [{"this_case": case_id, **values} for case_id, values in changed.items()]
    connection.execute(statement.values({name: bindparam(name) for name in names}), rows)
