"""Named queries that read the caseload. Each takes a connection; none is made once for each case."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, func, literal, or_, select, tuple_

from services.caseload.domain.case import Case, CaseStage, Preference
from services.caseload.storage.rows import Cells, read_case_row, read_preference_row
from services.caseload.storage.tables import (
    DECISION_COLUMNS,
    FACT_COLUMNS,
    case_references,
    cases,
    decisions_due,
    preferences,
    returns,
)

LAST_DAY_OF_ALL = date(9999, 12, 31)
NOT_CEASED = cases.c.stage != CaseStage.CEASED.value
DEADLINE_ORDER = func.coalesce(decisions_due.c.deadline, literal(LAST_DAY_OF_ALL, decisions_due.c.deadline.type))
DUE_ORDER = (decisions_due.c.first_day, DEADLINE_ORDER, cases.c.case_id)

DuePosition = tuple[date, date, str]
"""First day, deadline (LAST_DAY_OF_ALL for none) and case id: where a case stands in the order of decisions due."""


def select_cases(*, only_due: bool) -> Select[Any]:
    """Cases with their decision, if any. With `only_due`, just those with a decision due whose plan has not ceased."""
    joined = cases.join(decisions_due, isouter=not only_due)
    chosen = select(cases.c.case_id, cases.c.etag, *FACT_COLUMNS, *DECISION_COLUMNS).select_from(joined)
    return chosen.where(NOT_CEASED) if only_due else chosen


def find_case(connection: Connection, case_id: str) -> Case | None:
    """The case of this id."""
    row = connection.execute(select_cases(only_due=False).where(cases.c.case_id == case_id)).first()
    return read_case_row(row, _preferences_of(connection, [case_id])[case_id]) if row else None


def list_cases(connection: Connection, after: str, limit: int) -> list[Case]:
    """At most `limit` cases whose id comes after `after`, ordered by id."""
    query = select_cases(only_due=False).where(cases.c.case_id > after).order_by(cases.c.case_id)
    return _cases(connection, query.limit(limit))


def list_due_page(connection: Connection, after: DuePosition | None, limit: int) -> list[Case]:
    """At most `limit` cases due that come after `after`, ordered by first day, deadline (none last) and id."""
    query = select_cases(only_due=True).order_by(*DUE_ORDER).limit(limit)
    if after is not None:
        day = decisions_due.c.first_day.type
        query = query.where(
            tuple_(*DUE_ORDER) > tuple_(literal(after[0], day), literal(after[1], day), literal(after[2]))
        )
    return _cases(connection, query)


def _cases(connection: Connection, query: Select[Any]) -> list[Case]:
    rows = connection.execute(query).all()
    wanted = _preferences_of(connection, [row[0] for row in rows])
    return [read_case_row(row, wanted[row[0]]) for row in rows]


def list_cases_due(connection: Connection, first_day: date) -> list[Case]:
    """Every case due for a first day, ordered by id: two queries, however many cases."""
    due = decisions_due.c.first_day == first_day
    rows = connection.execute(select_cases(only_due=True).where(due).order_by(cases.c.case_id)).all()
    asked = select(preferences).join(decisions_due, decisions_due.c.case_id == preferences.c.case_id).where(due)
    wanted = _by_case(connection.execute(asked.order_by(preferences.c.case_id, preferences.c.rank)).all())
    return [read_case_row(row, wanted.get(row[0], ())) for row in rows]


def _preferences_of(connection: Connection, case_ids: Sequence[str]) -> Mapping[str, tuple[Preference, ...]]:
    query = select(preferences).where(preferences.c.case_id.in_(case_ids)).order_by(preferences.c.rank)
    found = _by_case(connection.execute(query).all())
    return {case_id: found.get(case_id, ()) for case_id in case_ids}


def _by_case(rows: Sequence[Any]) -> dict[str, tuple[Preference, ...]]:
    found: dict[str, list[Preference]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(read_preference_row(row[1:]))
    return {case_id: tuple(wanted) for case_id, wanted in found.items()}


def count_cases(connection: Connection, *, only_due: bool) -> int:
    """How many cases `select_cases` has."""
    counted = select_cases(only_due=only_due).with_only_columns(func.count())
    return int(connection.execute(counted).scalar_one())


def list_first_days(connection: Connection) -> list[tuple[date, int]]:
    """First days with how many decisions are due, ordered by day."""
    grouped = select_cases(only_due=True).with_only_columns(decisions_due.c.first_day, func.count())
    rows = connection.execute(grouped.group_by(decisions_due.c.first_day).order_by(decisions_due.c.first_day))
    return [(row[0], row[1]) for row in rows]


def count_stages(connection: Connection) -> dict[CaseStage, int]:
    """How many cases there are of each stage; every stage is there."""
    rows = connection.execute(select(cases.c.stage, func.count()).group_by(cases.c.stage))
    counted = {str(row[0]): int(row[1]) for row in rows}
    return {stage: counted.get(stage.value, 0) for stage in CaseStage}


def list_placements(connection: Connection, on_day: date) -> Sequence[Any]:
    """Placements of open plans that have no end, or none before `on_day`, ordered by case id.

    Each row: case id, URN, part, needs as stored, reception year, first day or None, last day or None.
    """
    c = cases.c
    columns = (c.case_id, c.placement_urn, c.placement_part, c.needs, c.reception_year)
    query = select(*columns, c.placement_first_day, c.placement_last_day).where(
        c.stage == CaseStage.OPEN_PLAN.value,
        c.placement_urn.is_not(None),
        or_(c.placement_last_day.is_(None), c.placement_last_day >= on_day),
    )
    return connection.execute(query.order_by(c.case_id)).all()


def find_return_day(connection: Connection) -> date | None:
    """The day of the newest SEN2 return read so far."""
    return connection.execute(select(returns.c.return_day)).scalar()


def list_references(connection: Connection) -> dict[tuple[str, str], str]:
    """Case ids by kind and digest of identifier."""
    rows = connection.execute(select(case_references.c.kind, case_references.c.digest, case_references.c.case_id))
    return {(row[0], row[1]): row[2] for row in rows}


def list_facts(connection: Connection) -> dict[str, Cells]:
    """Every case's facts, as `rows.facts_row` gives them, by id."""
    rows = connection.execute(select(cases.c.case_id, *FACT_COLUMNS))
    return {row[0]: tuple(row[1:]) for row in rows}


def list_case_ids(connection: Connection) -> list[str]:
    """Every case's id."""
    return list(connection.execute(select(cases.c.case_id)).scalars())


def list_first_days_by_case(connection: Connection) -> dict[str, date]:
    """The first day of every decision due, by case id."""
    rows = connection.execute(select(decisions_due.c.case_id, decisions_due.c.first_day))
    return {row[0]: row[1] for row in rows}


def list_decisions(connection: Connection) -> dict[str, Cells]:
    """Every decision due, as `rows.decision_row` gives them, by case id."""
    rows = connection.execute(select(decisions_due.c.case_id, *DECISION_COLUMNS))
    return {row[0]: tuple(row[1:]) for row in rows}


def list_preferences(connection: Connection, case_ids: Container[str]) -> dict[str, tuple[Preference, ...]]:
    """Preferences of these cases, first choice first; cases without any are left out."""
    rows = connection.execute(select(preferences).order_by(preferences.c.case_id, preferences.c.rank)).all()
    return _by_case([row for row in rows if row[0] in case_ids])
