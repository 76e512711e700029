"""Ages, clocks, pseudonyms and the reading of plans."""

from __future__ import annotations

from datetime import date

import pytest

from services.caseload.domain.ages import academic_year, age_years, next_first_day, reception_year, year_group
from services.caseload.domain.case import CaseStage, DueReason, Need, PlacementPart
from services.caseload.domain.clocks import clocks_from, deadline
from services.caseload.domain.plans import ActivePlan, NamedPlan, Person, PlacedAt, Request, read_facts
from services.caseload.domain.pseudonyms import Pseudonyms, case_id_of, tidy_uln, tidy_upn


@pytest.mark.parametrize(
    ("born", "year"),
    [("2019-09-01", 2024), ("2020-05-05", 2024), ("2020-08-31", 2024), ("2020-09-01", 2025), ("2019-08-31", 2023)],
)
def test_a_child_aged_four_on_31_august_enters_reception(born: str, year: int) -> None:
    assert reception_year(date.fromisoformat(born)) == year


def test_the_year_group_changes_on_1_september() -> None:
    assert year_group(2017, date(2024, 8, 31)) == 6
    assert year_group(2017, date(2024, 9, 1)) == 7
    assert year_group(2026, date(2024, 9, 2)) == -2


def test_age_is_counted_from_the_first_of_the_month_of_birth() -> None:
    assert age_years(2013, 3, date(2024, 2, 29)) == 10
    assert age_years(2013, 3, date(2024, 3, 1)) == 11


def test_the_next_academic_year_follows_the_return() -> None:
    assert academic_year(date(2024, 1, 18)) == 2023
    assert next_first_day(date(2024, 1, 18)) == date(2024, 9, 1)
    assert next_first_day(date(2024, 9, 1)) == date(2025, 9, 1)


def test_the_clocks_run_6_16_and_20_weeks_from_the_request() -> None:
    clocks = clocks_from(date(2024, 1, 1))
    assert clocks.assess_by == date(2024, 2, 12)
    assert clocks.refuse_by == date(2024, 4, 22)
    assert clocks.finalise_by == date(2024, 5, 20)


def test_a_phase_transfer_is_named_by_15_february() -> None:
    assert deadline(DueReason.PHASE_TRANSFER, date(2024, 9, 2), 7, None) == date(2024, 2, 15)


def test_a_transfer_to_post_16_is_named_by_31_march() -> None:
    assert deadline(DueReason.PHASE_TRANSFER, date(2024, 9, 2), 12, None) == date(2024, 3, 31)


def test_a_transfer_in_january_is_named_by_the_february_before() -> None:
    assert deadline(DueReason.PHASE_TRANSFER, date(2025, 1, 6), 7, None) == date(2024, 2, 15)


def test_a_new_plan_is_due_20_weeks_after_its_request() -> None:
    assert deadline(DueReason.NEW_PLAN, date(2024, 9, 2), 7, date(2024, 1, 1)) == date(2024, 5, 20)
    assert deadline(DueReason.NEW_PLAN, date(2024, 9, 2), 7, None) is None


@pytest.mark.parametrize("reason", [DueReason.BREAKDOWN, DueReason.REVIEW_CHANGE])
def test_the_law_gives_no_deadline_for_a_breakdown_or_a_review(reason: DueReason) -> None:
    assert deadline(reason, date(2024, 9, 2), 12, date(2024, 1, 1)) is None


def test_a_case_id_says_the_same_for_the_same_key_only() -> None:
    ours, theirs = Pseudonyms(b"one key"), Pseudonyms(b"another key")
    assert ours.digest("upn", "A876950010001") == Pseudonyms(b"one key").digest("upn", "A876950010001")
    assert ours.digest("upn", "A876950010001") != theirs.digest("upn", "A876950010001")
    assert ours.digest("upn", "1") != ours.digest("uln", "1")
    assert len(case_id_of(ours.digest("upn", "1"))) == 21


@pytest.mark.parametrize("text", ["", "A12", "1876950010001", "A87695001000", "A8769500100011", "A87695001000é"])
def test_what_is_no_upn_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a UPN"):
        tidy_upn(text)


def test_temporary_and_lower_case_upns_are_upns() -> None:
    assert tidy_upn(" a87695001000b ") == "A87695001000B"


@pytest.mark.parametrize("text", ["", "123456789", "0123456789", "12345678901"])
def test_what_is_no_uln_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a ULN"):
        tidy_uln(text)


def at(urn: int, rank: int = 1, first_day: date | None = None, last_day: date | None = None) -> PlacedAt:
    return PlacedAt(urn, "", PlacementPart.WHOLE_SETTING, rank, first_day, last_day)


def person(*requests: Request) -> Person:
    return Person("F", date(2013, 3, 17), requests)


def plan(started: date = date(2022, 3, 1), ceased: date | None = None, *details: PlacedAt) -> NamedPlan:
    return NamedPlan(started, ceased, details)


def active(*placements: PlacedAt, reviewed: date | None = None, needs: tuple[Need, ...] = ()) -> ActivePlan:
    return ActivePlan(reviewed, date(2024, 2, 15), placements, needs)


def urn_of(*requests: Request) -> int | None:
    placement = read_facts(person(*requests), None).placement
    return placement.urn if placement else None


def test_a_person_without_requests_is_an_assessment_with_nothing_known() -> None:
    facts = read_facts(person(), None)
    assert (facts.stage, facts.needs, facts.placement) == (CaseStage.ASSESSMENT, (), None)


def test_an_open_plan_wins_over_a_later_request() -> None:
    opened = Request(date(2020, 1, 1), (plan(),), (active(at(1)),))
    later = Request(date(2023, 1, 1), (), ())
    assert read_facts(person(opened, later), None).stage is CaseStage.OPEN_PLAN


def test_a_new_request_after_a_ceased_plan_is_an_assessment() -> None:
    ceased = Request(date(2018, 1, 1), (plan(date(2018, 6, 1), date(2021, 7, 1)),), ())
    assert read_facts(person(ceased, Request(date(2023, 1, 1), (), ())), None).stage is CaseStage.ASSESSMENT
    assert read_facts(person(ceased), None).stage is CaseStage.CEASED


def test_an_active_plan_without_a_named_one_is_open_once_reviewed_or_placed() -> None:
    reviewed = Request(None, (), (active(reviewed=date(2023, 5, 1)),))
    assert read_facts(person(reviewed), None).stage is CaseStage.OPEN_PLAN
    assert read_facts(person(Request(None, (), (active(at(1)),))), None).stage is CaseStage.OPEN_PLAN
    assert read_facts(person(Request(None, (), (active(),))), None).stage is CaseStage.ASSESSMENT


def test_the_newest_open_placement_is_current() -> None:
    old, new = at(1, first_day=date(2019, 9, 1)), at(2, first_day=date(2022, 9, 1))
    assert urn_of(Request(None, (plan(),), (active(new, old),))) == 2


def test_a_placement_without_leaving_date_wins_over_one_that_was_left() -> None:
    left = at(1, first_day=date(2023, 9, 1), last_day=date(2023, 12, 1))
    assert urn_of(Request(None, (plan(),), (active(left, at(2, first_day=date(2020, 9, 1))),))) == 2


def test_of_placements_that_were_all_left_the_last_is_current() -> None:
    first, last = at(1, last_day=date(2021, 7, 1)), at(2, last_day=date(2023, 7, 1))
    assert urn_of(Request(None, (plan(),), (active(last, first),))) == 2


def test_the_main_one_of_a_dual_placement_is_current() -> None:
    second = at(1, rank=2, first_day=date(2023, 9, 1))
    assert urn_of(Request(None, (plan(),), (active(second, at(2, first_day=date(2020, 9, 1))),))) == 2


def test_without_a_placement_the_open_plan_says_where() -> None:
    ceased = plan(date(2018, 1, 1), date(2020, 1, 1), at(8))
    opened = plan(date(2022, 1, 1), None, at(7, rank=2), at(9))
    assert urn_of(Request(None, (ceased, opened), (active(),))) == 9


def test_a_case_that_is_ceased_has_no_placement_and_no_transfer() -> None:
    facts = read_facts(person(Request(None, (plan(ceased=date(2023, 1, 1)),), (active(at(1)),))), None)
    assert (facts.placement, facts.phase_transfer_due) == (None, None)


def test_needs_come_from_the_plan_in_hand() -> None:
    old = Request(date(2018, 1, 1), (), (active(needs=(Need(1, "SLCN"),)),))
    new = Request(date(2021, 1, 1), (plan(),), (active(at(1), needs=(Need(1, "ASD"), Need(2, "SEMH"))),))
    assert [need.code for need in read_facts(person(old, new), None).needs] == ["ASD", "SEMH"]
