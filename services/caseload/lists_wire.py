"""Deadlines, the planners' caseload and the history of plans as messages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from inborough.caseload.v1 import caseload_pb2 as pb
from services.caseload.domain.case import PlacementPart
from services.caseload.domain.deadlines import SOURCES, Deadline
from services.caseload.operations.planning import PlanningCase
from services.caseload.wire import PARTS
from shared.days import epoch_days, to_wire


def deadline_to_wire(deadline: Deadline, today: date) -> pb.Deadline:
    """A deadline, counted from today."""
    return pb.Deadline(
        case_id=deadline.case_id,
        clock=deadline.clock,
        due_on=to_wire(deadline.due_on),
        days_left=(deadline.due_on - today).days,
        source=SOURCES[deadline.clock],
        first_day=to_wire(deadline.first_day) if deadline.first_day else None,
    )


def planning_to_wire(revision: str, cases: Sequence[PlanningCase]) -> pb.ListPlanningCasesResponse:
    """The caseload without persons, column by column."""
    return pb.ListPlanningCasesResponse(
        revision=revision,
        pseudonyms=[case.pseudonym for case in cases],
        age_bands=[case.age_band for case in cases],
        primary_needs=[case.primary_need for case in cases],
        areas=[case.area for case in cases],
        placements=[case.placement for case in cases],
        due=[case.due for case in cases],
    )


def history_to_wire(revision: str, as_of: date, rows: Sequence[Sequence[Any]]) -> pb.ListPlanHistoryResponse:
    """Rows of `bulk.list_plan_history`, column by column."""
    reception, needs, asked, started, ceased, urns, parts, settings, placed = (
        zip(*rows, strict=True) if rows else ((),) * 9
    )
    part_values = {part.value: PARTS[part] for part in PlacementPart}
    return pb.ListPlanHistoryResponse(
        revision=revision,
        as_of_day=to_wire(as_of),
        reception_years=reception,
        primary_needs=[ranked.partition(";")[0].rpartition(" ")[2] for ranked in needs],
        requests_received=[epoch_days(day) for day in asked],
        plans_started=[epoch_days(day) for day in started],
        plans_ceased=[epoch_days(day) for day in ceased],
        urns=[urn or 0 for urn in urns],
        parts=[part_values.get(part, pb.PLACEMENT_PART_UNSPECIFIED) for part in parts],
        sen_settings=[setting or "" for setting in settings],
        placements_began=[epoch_days(day) for day in placed],
    )
