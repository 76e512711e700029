"""Readings of the whole caseload at once, for counting, planning and deadlines: one or two queries each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, and_, func, literal, or_, select

from services.caseload.domain.case import CaseStage, DueReason, NamedPlacement, RequestStage
from services.caseload.domain.deadlines import InHand
from services.caseload.domain.naming import places_held
from services.caseload.storage.rows import read_facts_row, read_named_row
from services.caseload.storage.tables import FACT_COLUMNS, cases, decisions_due, named_placements

NOT_CEASED = cases.c.stage != CaseStage.CEASED.value
STAGES = {stage.value: stage for stage in CaseStage}
REQUEST_STAGES = {stage.value: stage for stage in RequestStage}
DUE_REASONS: dict[str | None, DueReason | None] = {None: None, **{reason.value: reason for reason in DueReason}}
"""By what a row holds: quicker than asking an Enum, of which there are several a row."""
NEEDS_AT = [column.name for column in FACT_COLUMNS].index("needs")


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


def list_placements(connection: Connection, on_day: date, case_ids: Sequence[str] | None = None) -> Sequence[Any]:
    """Placements of open plans that have no end, or none before `on_day`, and those that decisions named.

    Of these cases (None: of all), ordered by case id, then first day. Each row: case id, URN, part, needs as stored,
    reception year, first day or None, last day or None, pool id or "".
    """
    c = cases.c
    columns = (c.case_id, c.placement_urn, c.placement_part, c.needs, c.reception_year)
    query = select(*columns, c.placement_first_day, c.placement_last_day, literal("")).where(
        c.stage == CaseStage.OPEN_PLAN.value,
        c.placement_urn.is_not(None),
        or_(c.placement_last_day.is_(None), c.placement_last_day >= on_day),
    )
    if case_ids is not None:
        query = query.where(c.case_id.in_(case_ids))
    rows = connection.execute(query.order_by(c.case_id)).all()
    named = list_named_placements(connection, case_ids)
    if not named:
        return rows
    others = [row for row in rows if row[0] not in named]
    return sorted([*others, *_named_rows(connection, named, on_day, case_ids)], key=lambda row: row[0])


def _named_rows(
    connection: Connection,
    named: Mapping[str, Sequence[NamedPlacement]],
    on_day: date,
    case_ids: Sequence[str] | None,
) -> Iterator[tuple[Any, ...]]:
    """Rows of `list_placements` of the cases that decisions named, `case_ids` as there."""
    those = select(named_placements.c.case_id) if case_ids is None else sorted(named)
    theirs = select(cases.c.case_id, *FACT_COLUMNS).where(NOT_CEASED, cases.c.case_id.in_(those))
    for case_id, *row in connection.execute(theirs):
        facts = read_facts_row(row)
        placement = facts.placement if facts.stage is CaseStage.OPEN_PLAN else None
        needs = row[NEEDS_AT]
        for held in places_held(placement, named[case_id]):
            if held.last_day is None or held.last_day >= on_day:
                where = (case_id, held.urn, held.part.value, needs, facts.reception_year)
                yield *where, held.first_day, held.last_day, held.pool_id


def list_in_hand(connection: Connection) -> list[InHand]:
    """What deadlines are read from: every case that can have one."""
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
    return [
        InHand(row[0], STAGES[row[1]], REQUEST_STAGES[row[2]], *row[3:7], DUE_REASONS[row[7]], *row[8:])
        for row in connection.execute(query).all()
    ]


def list_plan_history(connection: Connection) -> Sequence[Any]:
    """What is known of every case's plan, without saying whose.

    Each row: reception year, needs as stored, day of request, plan's first and last day, placement's URN, part, SEN2
    setting and first day. Ordered by content, so that the order says nothing of case ids.
    """
    c = cases.c
    days = (c.request_received, c.ehc_plan_started, c.ehc_plan_ceased)
    placed = (c.placement_urn, c.placement_part, c.placement_sen_setting, c.placement_first_day)
    query = select(c.reception_year, c.needs, *days, *placed)
    return connection.execute(query.order_by(*query.selected_columns)).all()


def list_without_person(connection: Connection) -> Sequence[Any]:
    """Every open case: id, reception year, needs as stored, easting, northing, placement's URN and part, and if due."""
    c = cases.c
    where = (c.placement_urn, c.placement_part)
    query = select(
        c.case_id, c.reception_year, c.needs, c.easting, c.northing, *where, decisions_due.c.reason.is_not(None)
    )
    return connection.execute(query.select_from(cases.join(decisions_due, isouter=True)).where(NOT_CEASED)).all()
