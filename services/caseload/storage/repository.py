"""Named queries that read the caseload. Each takes a connection; none is made once for each case."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, func, literal, select, tuple_

from services.caseload.domain.case import (
    Case,
    CaseStage,
    LastChange,
    NamedPlacement,
    Preference,
    SettledBy,
    TravelNeeds,
)
from services.caseload.storage.bulk import NOT_CEASED, list_named_placements
from services.caseload.storage.rows import (
    Cells,
    read_case_row,
    read_preference_row,
)
from services.caseload.storage.tables import (
    DECISION_COLUMNS,
    FACT_COLUMNS,
    case_references,
    cases,
    decisions_due,
    preferences,
    returns,
    settled_decisions,
)
from services.caseload.storage.travel import list_travel_needs

AT_ONCE = 500
"""Ids in one query."""
LAST_DAY_OF_ALL = date(9999, 12, 31)
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
    return _with_wishes(connection, [row])[0] if row else None


def hold_case(connection: Connection, case_id: str) -> tuple[Case, LastChange] | None:
    """The case of this id and what changed it last, held until the transaction ends: nobody else changes it meanwhile.

    SQLite holds every other writer off anyway.
    """
    held = select(cases.c.last_change).where(cases.c.case_id == case_id).with_for_update()
    last_change = connection.execute(held).scalar()
    if last_change is None:
        return None
    case = find_case(connection, case_id)
    return (case, LastChange(last_change)) if case else None


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
    return _with_wishes(connection, connection.execute(query).all())


def list_cases_due(connection: Connection, first_day: date) -> list[Case]:
    """Every case due for a first day, ordered by id: as many queries, however many cases."""
    due = decisions_due.c.first_day == first_day
    rows = connection.execute(select_cases(only_due=True).where(due).order_by(cases.c.case_id)).all()
    asked = select(preferences).join(decisions_due, decisions_due.c.case_id == preferences.c.case_id).where(due)
    wanted = _by_case(connection.execute(asked.order_by(preferences.c.case_id, preferences.c.rank)).all())
    theirs = select(decisions_due.c.case_id).where(due)
    named, travel = list_named_placements(connection, theirs), list_travel_needs(connection, theirs)
    return _read_cases(rows, wanted, named, travel)


def list_open_cases(connection: Connection) -> list[Case]:
    """Every case whose plan has not ceased, ordered by id: as many queries, however many cases."""
    rows = connection.execute(select_cases(only_due=False).where(NOT_CEASED).order_by(cases.c.case_id)).all()
    wanted = _by_case(connection.execute(select(preferences).order_by(preferences.c.case_id, preferences.c.rank)).all())
    return _read_cases(rows, wanted, list_named_placements(connection), list_travel_needs(connection))


def list_due_among(connection: Connection, first_day: date, case_ids: Sequence[str]) -> list[Case]:
    """Those of the cases that `list_cases_due` has, ordered by id."""
    return _among(connection, select_cases(only_due=True).where(decisions_due.c.first_day == first_day), case_ids)


def list_open_among(connection: Connection, case_ids: Sequence[str]) -> list[Case]:
    """Those of the cases that `list_open_cases` has, ordered by id."""
    return _among(connection, select_cases(only_due=False).where(NOT_CEASED), case_ids)


def _among(connection: Connection, query: Select[Any], case_ids: Sequence[str]) -> list[Case]:
    return _cases(connection, query.where(cases.c.case_id.in_(case_ids)).order_by(cases.c.case_id))


def _with_wishes(connection: Connection, rows: Sequence[Any]) -> list[Case]:
    """Cases from rows of `select_cases`, with what else is on file for each: as many queries, however many cases."""
    case_ids = [row[0] for row in rows]
    query = select(preferences).where(preferences.c.case_id.in_(case_ids)).order_by(preferences.c.rank)
    wanted = _by_case(connection.execute(query).all())
    named, travel = list_named_placements(connection, case_ids), list_travel_needs(connection, case_ids)
    return _read_cases(rows, wanted, named, travel)


def _read_cases(
    rows: Sequence[Any],
    wanted: Mapping[str, tuple[Preference, ...]],
    named: Mapping[str, Sequence[NamedPlacement]],
    travel: Mapping[str, TravelNeeds],
) -> list[Case]:
    return [read_case_row(row, wanted.get(row[0], ()), _newest(named, row[0]), travel.get(row[0])) for row in rows]


def _newest(named: Mapping[str, Sequence[NamedPlacement]], case_id: str) -> NamedPlacement | None:
    return named[case_id][-1] if case_id in named else None


def list_settled(connection: Connection) -> dict[str, dict[str, SettledBy]]:
    """How decisions came to be due no longer, by case id and `rows.decision_content`."""
    found: dict[str, dict[str, SettledBy]] = defaultdict(dict)
    for case_id, content, settled_by in connection.execute(select(settled_decisions)):
        found[case_id][content] = SettledBy(settled_by)
    return found


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


def find_return_day(connection: Connection) -> date | None:
    """The day of the newest SEN2 return read so far."""
    return connection.execute(select(returns.c.return_day)).scalar()


def list_references(connection: Connection, kind: str | None = None) -> dict[tuple[str, str], str]:
    """Case ids by kind and digest of identifier; of one kind alone when it is given."""
    query = select(case_references.c.kind, case_references.c.digest, case_references.c.case_id)
    rows = connection.execute(query if kind is None else query.where(case_references.c.kind == kind)).all()
    return {(row[0], row[1]): row[2] for row in rows}


def list_facts(connection: Connection, case_ids: Iterable[str] | None = None) -> dict[str, Cells]:
    """Facts of these cases (None: of all), as `rows.facts_row` gives them, by id."""
    query = select(cases.c.case_id, *FACT_COLUMNS)
    if case_ids is None:
        parts = [query]
    else:
        wanted = sorted(set(case_ids))
        parts = [query.where(cases.c.case_id.in_(wanted[at : at + AT_ONCE])) for at in range(0, len(wanted), AT_ONCE)]
    return {row[0]: row[1:] for part in parts for row in map(tuple, connection.execute(part).all())}


def list_ceased(connection: Connection) -> set[str]:
    """Ids of cases whose plan has ceased."""
    return set(connection.execute(select(cases.c.case_id).where(~NOT_CEASED)).scalars().all())


def list_case_ids(connection: Connection) -> list[str]:
    """Every case's id."""
    return list(connection.execute(select(cases.c.case_id)).scalars().all())


def list_first_days_by_case(connection: Connection) -> dict[str, date]:
    """The first day of every decision due, by case id."""
    rows = connection.execute(select(decisions_due.c.case_id, decisions_due.c.first_day)).all()
    return {row[0]: row[1] for row in rows}


def list_decisions(connection: Connection) -> dict[str, Cells]:
    """Every decision due, as `rows.decision_row` gives them, by case id."""
    rows = connection.execute(select(decisions_due.c.case_id, *DECISION_COLUMNS)).all()
    return {row[0]: tuple(row[1:]) for row in rows}


def list_preferences(connection: Connection, case_ids: Container[str]) -> dict[str, tuple[Preference, ...]]:
    """Preferences of these cases, first choice first; cases without any are left out."""
    rows = connection.execute(select(preferences).order_by(preferences.c.case_id, preferences.c.rank)).all()
    return _by_case([row for row in rows if row[0] in case_ids])
