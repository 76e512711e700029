"""Deadlines and the planners' caseload as messages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from inborough.caseload.v1 import caseload_pb2 as pb
from services.caseload.domain.deadlines import SOURCES, Deadline
from services.caseload.operations.planning import PlanningCase
from shared.days import to_wire


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
