"""Which statutory deadlines a case has: one rule, one test. Year groups are those on the first day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from services.caseload.domain.case import CaseStage, DueReason, RequestStage
from services.caseload.domain.clocks import months_before, phase_transfer_deadline
from services.caseload.domain.deadlines import SOURCES, Clock, InHand, Urgency, deadlines_of, urgency

SEPTEMBER = date(2024, 9, 2)
ASKED = InHand(
    case_id="case_1",
    stage=CaseStage.ASSESSMENT,
    request_stage=RequestStage.ASKED,
    request_received=date(2024, 1, 1),
    reception_year=2017,
    placement_urn=None,
    phase_transfer_due=None,
    reason=None,
    first_day=None,
    deadline=None,
    named_from=None,
)
OPEN = replace(ASKED, stage=CaseStage.OPEN_PLAN, request_stage=RequestStage.PLAN_AGREED, placement_urn=900001)


def due(case: InHand, reason: DueReason, year_group: int, first_day: date = SEPTEMBER, **facts: object) -> InHand:
    """The case with a decision due for a child who is in that year group on the first day."""
    academic_year = first_day.year if first_day.month >= 9 else first_day.year - 1
    return replace(
        case,
        reason=reason,
        first_day=first_day,
        reception_year=academic_year - year_group,
        **facts,  # type: ignore[arg-type]
    )


def shown(case: InHand) -> dict[str, str]:
    return {one.clock.value: one.due_on.isoformat() for one in deadlines_of(case)}


def test_a_request_that_nobody_has_answered_runs_all_three_clocks() -> None:
    assert shown(ASKED) == {"assess": "2024-02-12", "refuse_plan": "2024-04-22", "finalise_plan": "2024-05-20"}


def test_once_an_assessment_is_agreed_the_first_clock_stops() -> None:
    assert [*shown(replace(ASKED, request_stage=RequestStage.ASSESSING))] == ["refuse_plan", "finalise_plan"]


def test_once_a_plan_is_agreed_it_has_only_to_be_finalised() -> None:
    assert [*shown(replace(ASKED, request_stage=RequestStage.PLAN_AGREED))] == ["finalise_plan"]


def test_a_placement_to_be_decided_for_a_new_plan_means_that_a_plan_is_agreed() -> None:
    assert shown(due(ASKED, DueReason.NEW_PLAN, 7)) == {"finalise_plan": "2024-05-20"}


def test_a_request_that_was_refused_or_withdrawn_has_no_clock() -> None:
    assert shown(replace(ASKED, request_stage=RequestStage.ENDED)) == {}


def test_a_request_without_a_day_has_no_clock() -> None:
    assert shown(replace(ASKED, request_received=None)) == {}


def test_a_final_plan_stops_the_clocks_of_its_request() -> None:
    assert shown(OPEN) == {}


def test_a_placement_that_a_decision_named_stops_them_too() -> None:
    assert shown(replace(ASKED, named_from=SEPTEMBER)) == {}


def test_a_phase_transfer_is_named_by_15_february() -> None:
    assert shown(due(OPEN, DueReason.PHASE_TRANSFER, 7)) == {"phase_transfer": "2024-02-15"}


@pytest.mark.parametrize("year_group", [12, 14])
def test_a_transfer_from_secondary_school_is_named_by_31_march(year_group: int) -> None:
    assert shown(due(OPEN, DueReason.PHASE_TRANSFER, year_group)) == {"post_16_transfer": "2024-03-31"}


def test_a_move_past_year_11_within_the_phase_is_named_five_months_before() -> None:
    january = due(OPEN, DueReason.REVIEW_CHANGE, 12, date(2025, 1, 6))
    assert shown(january) == {"post_16_move": "2024-08-06"}
    assert shown(due(OPEN, DueReason.BREAKDOWN, 13)) == {"post_16_move": "2024-04-02"}


def test_who_enters_year_12_in_september_makes_no_move_within_the_phase() -> None:
    assert shown(due(OPEN, DueReason.REVIEW_CHANGE, 12)) == {}


@pytest.mark.parametrize("urn", [None, 0])
def test_who_is_at_no_institution_moves_from_none(urn: int | None) -> None:
    assert shown(due(OPEN, DueReason.REVIEW_CHANGE, 13, placement_urn=urn)) == {}


@pytest.mark.parametrize("reason", [DueReason.REVIEW_CHANGE, DueReason.BREAKDOWN])
def test_the_law_gives_a_change_at_school_no_day_and_the_panel_may(reason: DueReason) -> None:
    assert shown(due(OPEN, reason, 9)) == {}
    assert shown(due(OPEN, reason, 9, deadline=date(2024, 6, 3))) == {"panel": "2024-06-03"}


def test_a_day_on_file_that_is_the_laws_own_is_not_told_twice() -> None:
    assert [*shown(due(OPEN, DueReason.PHASE_TRANSFER, 7, deadline=date(2024, 2, 15)))] == ["phase_transfer"]
    earlier = shown(due(OPEN, DueReason.PHASE_TRANSFER, 7, deadline=date(2024, 1, 31)))
    assert earlier == {"phase_transfer": "2024-02-15", "panel": "2024-01-31"}


def test_a_transfer_that_the_return_has_due_counts_while_no_decision_about_it_is_on_file() -> None:
    primary = replace(OPEN, phase_transfer_due=date(2024, 2, 15))
    assert shown(primary) == {"phase_transfer": "2024-02-15"}
    assert shown(due(primary, DueReason.PHASE_TRANSFER, 7)) == {"phase_transfer": "2024-02-15"}
    assert [*shown(replace(primary, reception_year=2012))] == ["post_16_transfer"]


def test_a_placement_named_after_its_day_answers_the_returns_transfer() -> None:
    primary = replace(OPEN, phase_transfer_due=date(2024, 2, 15))
    assert shown(replace(primary, named_from=SEPTEMBER)) == {}
    assert [*shown(replace(primary, named_from=date(2023, 9, 4)))] == ["phase_transfer"]


def test_the_day_itself_is_not_overdue() -> None:
    today = date(2024, 2, 15)
    assert urgency(date(2024, 2, 14), today) is Urgency.OVERDUE
    assert urgency(today, today) is Urgency.SOON
    assert urgency(date(2024, 2, 29), today) is Urgency.SOON
    assert urgency(date(2024, 3, 1), today) is Urgency.LATER


def test_every_clock_says_where_it_comes_from() -> None:
    assert SOURCES.keys() == set(Clock)


@pytest.mark.parametrize(
    ("day", "before"), [("2024-09-02", "2024-04-02"), ("2025-01-31", "2024-08-31"), ("2024-07-31", "2024-02-29")]
)
def test_five_months_before_is_the_same_day_or_the_last_of_a_shorter_month(day: str, before: str) -> None:
    assert months_before(date.fromisoformat(day), 5) == date.fromisoformat(before)


def test_a_transfer_after_year_12_is_named_by_31_march_as_well() -> None:
    assert phase_transfer_deadline(SEPTEMBER, 14) == date(2024, 3, 31)
