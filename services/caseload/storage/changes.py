"""Named writes of the caseload, each many rows in one statement. What changes a case gives it a new etag."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, text

from services.caseload.domain.case import LastChange, NamedPlacement, Preference, SettledBy
from services.caseload.storage.rows import Cells, decision_content, named_row, preference_row
from services.caseload.storage.tables import (
    DECISION_COLUMNS,
    FACT_COLUMNS,
    case_references,
    cases,
    decisions_due,
    named_placements,
    preferences,
    returns,
    settled_decisions,
)
from shared.database import insert_or_ignore
from shared.inserting import insert_rows

FACT_NAMES = [column.name for column in FACT_COLUMNS]
DECISION_NAMES = [column.name for column in DECISION_COLUMNS]
PREFERENCE_NAMES = [column.name for column in preferences.c if column.name != "case_id"]
NAMED_NAMES = [column.name for column in named_placements.c if column.name != "case_id"]


def hold_other_imports(connection: Connection) -> None:
    """Let no other import write until this transaction ends; readers go on. SQLite does so for every writer."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE cases IN EXCLUSIVE MODE"))


def add_cases(connection: Connection, facts: Mapping[str, Cells], etag: str) -> None:
    """Add cases that are not there yet, by id."""
    names = ("case_id", "etag", "last_change", *FACT_NAMES)
    insert_rows(connection, cases, names, [(k, etag, LastChange.RETURN.value, *row) for k, row in facts.items()])


def change_cases(connection: Connection, facts: Mapping[str, Cells], etag: str) -> None:
    """Give cases that are there these facts."""
    given = {"etag": etag, "last_change": LastChange.RETURN.value}
    _update(connection, cases, {k: {**given, **_named(FACT_NAMES, row)} for k, row in facts.items()})


def add_decisions(connection: Connection, decisions: Mapping[str, Cells]) -> None:
    """Add decisions due for cases that have none."""
    rows = [(case_id, *row) for case_id, row in decisions.items()]
    insert_rows(connection, decisions_due, ("case_id", *DECISION_NAMES), rows)


def change_decisions(connection: Connection, decisions: Mapping[str, Cells]) -> None:
    """Replace the decision due of cases that have one."""
    _update(connection, decisions_due, {k: _named(DECISION_NAMES, row) for k, row in decisions.items()})


def replace_preferences(connection: Connection, wanted: Mapping[str, Sequence[Preference]]) -> None:
    """Make these the only preferences of these cases."""
    if wanted:
        gone = delete(preferences).where(preferences.c.case_id == bindparam("gone"))
        connection.execute(gone, [{"gone": case_id} for case_id in wanted])
    rows = [(case_id, *preference_row(one)) for case_id, ones in wanted.items() for one in ones]
    insert_rows(connection, preferences, ("case_id", *PREFERENCE_NAMES), rows)


def settle_decision(connection: Connection, case_id: str, decision: Cells, settled_by: SettledBy) -> None:
    """Make a decision no longer due, and remember it, so that the same row of a file does not bring it back."""
    connection.execute(decisions_due.delete().where(decisions_due.c.case_id == case_id))
    row = {"case_id": case_id, "content": decision_content(decision), "settled_by": settled_by.value}
    connection.execute(insert_or_ignore(connection, settled_decisions), row)


def add_named_placement(connection: Connection, case_id: str, named: NamedPlacement) -> None:
    """Name a case from a first day on; what was named from that day or later no longer is."""
    later = (named_placements.c.case_id == case_id) & (named_placements.c.first_day >= named.first_day)
    connection.execute(named_placements.delete().where(later))
    insert_rows(connection, named_placements, ("case_id", *NAMED_NAMES), [(case_id, *named_row(named))])


def drop_named_placements(connection: Connection, dropped: Collection[tuple[str, date]]) -> None:
    """Forget named placements by case id and first day."""
    if dropped:
        gone = delete(named_placements).where(
            named_placements.c.case_id == bindparam("gone"), named_placements.c.first_day == bindparam("from_day")
        )
        connection.execute(gone, [{"gone": case_id, "from_day": first_day} for case_id, first_day in dropped])


def record_ground(connection: Connection, case_id: str, urn: int, ground: str, decision_id: str) -> None:
    """Give the preference for a setting the ground that a decision recorded; "" twice takes it back."""
    which = (preferences.c.case_id == case_id) & (preferences.c.urn == urn)
    values = {"decided_ground": ground, "ground_decision_id": decision_id}
    connection.execute(preferences.update().where(which).values(values))


def give_etag(connection: Connection, case_ids: Iterable[str], etag: str, change: LastChange) -> None:
    """Mark cases as changed, and by what."""
    _update(connection, cases, {case_id: {"etag": etag, "last_change": change.value} for case_id in case_ids})


def forget_references(connection: Connection, references: Collection[tuple[str, str]]) -> None:
    """Forget whose these (kind, digest) were."""
    if references:
        stale = delete(case_references).where(
            case_references.c.kind == bindparam("old_kind"), case_references.c.digest == bindparam("old_digest")
        )
        connection.execute(stale, [{"old_kind": kind, "old_digest": digest} for kind, digest in references])


def add_references(connection: Connection, references: Mapping[tuple[str, str], str]) -> None:
    """Remember which case each (kind, digest) belongs to."""
    rows = [(*reference, case_id) for reference, case_id in references.items()]
    insert_rows(connection, case_references, ("kind", "digest", "case_id"), rows)


def set_return_day(connection: Connection, day: date) -> None:
    """Remember the day of the newest return."""
    if not connection.execute(returns.update().values(return_day=day)).rowcount:
        connection.execute(returns.insert().values(id=1, return_day=day))


def _named(names: Sequence[str], row: Cells) -> dict[str, Any]:
    return dict(zip(names, row, strict=True))


def _update(connection: Connection, table: Table, changed: Mapping[str, Mapping[str, Any]]) -> None:
    if not changed:
        return
    names = next(iter(changed.values()))
    statement = table.update().where(table.c.case_id == bindparam("this_case"))
    rows = [{"this_case": case_id, **values} for case_id, values in changed.items()]
    connection.execute(statement.values({name: bindparam(name) for name in names}), rows)
