"""Which statutory deadlines a case in hand has, by what is on file of it.

A deadline is the day that the Regulations give. They allow more time in some events, such as absence, a missed
appointment, school holidays or exceptional circumstances (regulations 5(4), 10(4) and 13(3)). No data of ours shows
those, so none is claimed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from services.caseload.domain.ages import year_group
from services.caseload.domain.case import CaseStage, DueReason, RequestStage
from services.caseload.domain.clocks import FIRST_POST_16_YEAR, clocks_from, months_before, phase_transfer_deadline

MOVE_NAMED_MONTHS = 5
"""Months before a move between post-16 institutions by which it is named: regulation 18(2)."""
LATEST_YEAR_START = timedelta(days=31)
"""A place taken this soon after 1 September is one of the new year, not a move within it."""
SOON = timedelta(days=14)
WITHIN_A_PHASE = (DueReason.REVIEW_CHANGE, DueReason.BREAKDOWN)


class Clock(StrEnum):
    """What a deadline is for, in the order in which a case meets them."""

    ASSESS = "assess"
    REFUSE_PLAN = "refuse_plan"
    FINALISE_PLAN = "finalise_plan"
    PHASE_TRANSFER = "phase_transfer"
    POST_16_TRANSFER = "post_16_transfer"
    POST_16_MOVE = "post_16_move"
    PANEL = "panel"


SOURCES: Mapping[Clock, str] = {
    Clock.ASSESS: "SEND Regulations 2014 reg. 5(1)",
    Clock.REFUSE_PLAN: "SEND Regulations 2014 reg. 10(1)",
    Clock.FINALISE_PLAN: "SEND Regulations 2014 reg. 13(2)",
    Clock.PHASE_TRANSFER: "SEND Regulations 2014 reg. 18(1)(b)",
    Clock.POST_16_TRANSFER: "SEND Regulations 2014 reg. 18(1)(a)",
    Clock.POST_16_MOVE: "SEND Regulations 2014 reg. 18(2)",
    Clock.PANEL: "the decision due, as on file",
}


@dataclass(frozen=True, slots=True)
class InHand:
    """What deadlines of a case are read from.

    `placement_urn` is None without a placement and 0 for one without a URN. `reason`, `first_day` and `deadline` are of
    its decision due, None where nothing is due. `named_from` is the first day of the newest placement that a decision
    named.
    """

    case_id: str
    stage: CaseStage
    request_stage: RequestStage
    request_received: date | None
    reception_year: int
    placement_urn: int | None
    phase_transfer_due: date | None
    reason: DueReason | None
    first_day: date | None
    deadline: date | None
    named_from: date | None


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day by which something must be done for a case. `first_day` is of its decision due; None: nothing is due."""

    due_on: date
    case_id: str
    clock: Clock
    first_day: date | None

    @property
    def position(self) -> tuple[date, str, str]:
        """Its place in the order of urgency: the earliest day first, so that overdue ones lead."""
        return self.due_on, self.case_id, self.clock


class Urgency(StrEnum):
    """How soon a deadline is."""

    OVERDUE = "overdue"
    SOON = "within_14_days"
    LATER = "later"


def urgency(due_on: date, today: date) -> Urgency:
    """How soon a day is; the day itself is not overdue."""
    if due_on < today:
        return Urgency.OVERDUE
    return Urgency.SOON if due_on <= today + SOON else Urgency.LATER


def deadlines_of(case: InHand) -> list[Deadline]:
    """Every deadline of a case. The day on file for its decision is one of them where the law has another or none."""
    found = [*_of_request(case), *_of_transfer(case)]
    days = {due_on for _, due_on in found}
    if case.deadline and case.deadline not in days:
        found.append((Clock.PANEL, case.deadline))
    return [Deadline(due_on, case.case_id, clock, case.first_day) for clock, due_on in found]


def _of_request(case: InHand) -> Iterator[tuple[Clock, date]]:
    """Clocks from a request, while no plan is final: one in the return, or one whose placement a decision named.

    The first runs until the authority says that it will assess, the second until it says that a plan will be made.
    """
    is_over = case.stage is not CaseStage.ASSESSMENT or case.named_from or case.request_stage is RequestStage.ENDED
    if is_over or case.request_received is None:
        return
    clocks = clocks_from(case.request_received)
    is_agreed = case.request_stage is RequestStage.PLAN_AGREED or case.reason is DueReason.NEW_PLAN
    if case.request_stage is RequestStage.ASKED and not is_agreed:
        yield Clock.ASSESS, clocks.assess_by
    if not is_agreed:
        yield Clock.REFUSE_PLAN, clocks.refuse_by
    yield Clock.FINALISE_PLAN, clocks.finalise_by


def _of_transfer(case: InHand) -> Iterator[tuple[Clock, date]]:
    if case.reason is DueReason.PHASE_TRANSFER and case.first_day:
        group = year_group(case.reception_year, case.first_day)
        yield _transfer_clock(group), phase_transfer_deadline(case.first_day, group)
    elif _is_transfer_in_return(case) and case.phase_transfer_due:
        group = case.phase_transfer_due.year - case.reception_year
        yield _transfer_clock(group), case.phase_transfer_due
    if _is_post_16_move(case) and case.first_day:
        yield Clock.POST_16_MOVE, months_before(case.first_day, MOVE_NAMED_MONTHS)


def _transfer_clock(group: int) -> Clock:
    """By the year group that the child enters."""
    return Clock.POST_16_TRANSFER if group >= FIRST_POST_16_YEAR else Clock.PHASE_TRANSFER


def _is_transfer_in_return(case: InHand) -> bool:
    """Whether the return says that a transfer is to be named, and no decision has named one since."""
    if case.stage is not CaseStage.OPEN_PLAN or case.phase_transfer_due is None:
        return False
    return case.named_from is None or case.named_from < case.phase_transfer_due


def _is_post_16_move(case: InHand) -> bool:
    """Whether somebody past Year 11 is to move from one setting to another, other than by a phase transfer."""
    if case.first_day is None or not case.placement_urn or case.reason not in WITHIN_A_PHASE:
        return False
    return year_group(case.reception_year, case.first_day - LATEST_YEAR_START) >= FIRST_POST_16_YEAR
