"""Named queries that read the caseload. Each takes a connection; none is made once for each case."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, and_, func, literal, or_, select, tuple_

from services.caseload.domain.case import (
    Case,
    CaseStage,
    DueReason,
    LastChange,
    NamedPlacement,
    Preference,
    RequestStage,
    SettledBy,
)
from services.caseload.domain.deadlines import InHand
from services.caseload.domain.naming import places_held
from services.caseload.storage.rows import (
    Cells,
    read_case_row,
    read_facts_row,
    read_named_row,
    read_preference_row,
)
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

LAST_DAY_OF_ALL = date(9999, 12, 31)
NOT_CEASED = cases.c.stage != CaseStage.CEASED.value
NEEDS_AT = [column.name for column in FACT_COLUMNS].index("needs")
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
    case = find_case(connection, case_id) if last_change else None
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
    """Every case due for a first day, ordered by id: three queries, however many cases."""
    due = decisions_due.c.first_day == first_day
    rows = connection.execute(select_cases(only_due=True).where(due).order_by(cases.c.case_id)).all()
    asked = select(preferences).join(decisions_due, decisions_due.c.case_id == preferences.c.case_id).where(due)
    wanted = _by_case(connection.execute(asked.order_by(preferences.c.case_id, preferences.c.rank)).all())
    named = list_named_placements(connection, select(decisions_due.c.case_id).where(due))
    return [read_case_row(row, wanted.get(row[0], ()), _newest(named, row[0])) for row in rows]


def _with_wishes(connection: Connection, rows: Sequence[Any]) -> list[Case]:
    """Cases from rows of `select_cases`, with their preferences and named placement: two queries."""
    case_ids = [row[0] for row in rows]
    query = select(preferences).where(preferences.c.case_id.in_(case_ids)).order_by(preferences.c.rank)
    wanted = _by_case(connection.execute(query).all())
    named = list_named_placements(connection, case_ids)
    return [read_case_row(row, wanted.get(row[0], ()), _newest(named, row[0])) for row in rows]


def _newest(named: Mapping[str, Sequence[NamedPlacement]], case_id: str) -> NamedPlacement | None:
    return named[case_id][-1] if case_id in named else None


def list_named_placements(
    connection: Connection, case_ids: Sequence[str] | Select[Any] | None = None
) -> dict[str, list[NamedPlacement]]:
    """Named placements of these cases (None: of all), by case id, each case's by first day."""
    query = select(named_placements).order_by(named_placements.c.case_id, named_placements.c.first_day)
    if case_ids is not None:
        query = query.where(named_placements.c.case_id.in_(case_ids))
    found: dict[str, list[NamedPlacement]] = defaultdict(list)
    for row in connection.execute(query):
        found[row[0]].append(read_named_row(row[1:]))
    return found


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


def list_placements(connection: Connection, on_day: date) -> Sequence[Any]:
    """Placements of open plans that have no end, or none before `on_day`, and those that decisions named.

    Ordered by case id, then first day. Each row: case id, URN, part, needs as stored, reception year, first day or
    None, last day or None, pool id or "".
    """
    c = cases.c
    columns = (c.case_id, c.placement_urn, c.placement_part, c.needs, c.reception_year)
    query = select(*columns, c.placement_first_day, c.placement_last_day, literal("")).where(
        c.stage == CaseStage.OPEN_PLAN.value,
        c.placement_urn.is_not(None),
        or_(c.placement_last_day.is_(None), c.placement_last_day >= on_day),
    )
    rows = connection.execute(query.order_by(c.case_id)).all()
    named = list_named_placements(connection)
    if not named:
        return rows
    others = [row for row in rows if row[0] not in named]
    return sorted([*others, *_named_rows(connection, named, on_day)], key=lambda row: row[0])


def _named_rows(
    connection: Connection, named: Mapping[str, Sequence[NamedPlacement]], on_day: date
) -> Iterator[tuple[Any, ...]]:
    """Rows of `list_placements` of the cases that decisions named."""
    theirs = select(cases.c.case_id, *FACT_COLUMNS).where(
        NOT_CEASED, cases.c.case_id.in_(select(named_placements.c.case_id))
    )
    for case_id, *row in connection.execute(theirs):
        facts = read_facts_row(row)
        placement = facts.placement if facts.stage is CaseStage.OPEN_PLAN else None
        needs = row[NEEDS_AT]
        for held in places_held(placement, named[case_id]):
            if held.last_day is None or held.last_day >= on_day:
                where = (case_id, held.urn, held.part.value, needs, facts.reception_year)
                yield *where, held.first_day, held.last_day, held.pool_id


def list_in_hand(connection: Connection, case_id: str = "") -> Iterator[InHand]:
    """What the deadlines of cases are read from: every case that can have one, or that of one case."""
    c, due = cases.c, decisions_due.c
    is_asked = and_(c.stage == CaseStage.ASSESSMENT.value, c.request_received.is_not(None))
    newest = select(named_placements.c.case_id, func.max(named_placements.c.first_day).label("named_from"))
    named = newest.group_by(named_placements.c.case_id).subquery()
    query = (
        select(
            *(c.case_id, c.stage, c.request_stage, c.request_received, c.reception_year, c.placement_urn),
            *(c.phase_transfer_due, due.reason, due.first_day, due.deadline, named.c.named_from),
        )
        .select_from(cases.join(decisions_due, isouter=True).join(named, named.c.case_id == c.case_id, isouter=True))
        .where(NOT_CEASED, or_(is_asked, c.phase_transfer_due.is_not(None), due.reason.is_not(None)))
    )
    if case_id:
        query = query.where(c.case_id == case_id)
    for found, stage, request_stage, received, year, urn, transfer, reason, *days in connection.execute(query):
        stages = (CaseStage(stage), RequestStage(request_stage))
        yield InHand(found, *stages, received, year, urn, transfer, DueReason(reason) if reason else None, *days)


def list_without_person(connection: Connection) -> Sequence[Any]:
    """Every open case: id, reception year, needs as stored, easting, northing, placement's URN and part, and if due."""
    c = cases.c
    where = (c.placement_urn, c.placement_part)
    query = select(
        c.case_id, c.reception_year, c.needs, c.easting, c.northing, *where, decisions_due.c.reason.is_not(None)
    )
    return connection.execute(query.select_from(cases.join(decisions_due, isouter=True)).where(NOT_CEASED)).all()


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
