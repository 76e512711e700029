"""The last day for views on a draft plan, and the last day to appeal, with how they are worked out."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from services.placement.appeal_wire import appeal_facts
from services.placement.domain.appeal_clocks import appeal_clock, months_after, representation_clock
from services.placement.domain.appeals import Step, StepKind
from services.placement.storage.appeals import StoredStep

LETTER = date(2024, 2, 12)


def certificate(day: date) -> Step:
    return Step(1, StepKind.MEDIATION_CERTIFICATE, day)


def stored(kind: StepKind, day: date, number: int = 1) -> StoredStep:
    return StoredStep("dec_1", number, kind, day, "", "", 0, "user_invented", datetime(2024, 4, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("sent", "last"),
    [
        (date(2024, 2, 1), date(2024, 2, 15)),  # the first of February is day 1
        (date(2024, 2, 20), date(2024, 3, 5)),  # of a leap year
        (date(2023, 12, 24), date(2024, 1, 7)),  # Christmas counts
    ],
)
def test_views_on_a_draft_have_fifteen_days_of_which_the_first_is_its_own(sent: date, last: date) -> None:
    clock = representation_clock([Step(1, StepKind.DRAFT_SENT, sent)])
    assert clock is not None
    assert clock.last_day == last


def test_a_second_draft_starts_the_clock_again_and_wants_views_of_its_own() -> None:
    first, second = (Step(n, StepKind.DRAFT_SENT, date(2024, 1, n)) for n in (2, 20))
    views = Step(3, StepKind.REPRESENTATION, date(2024, 1, 5))
    clock = representation_clock([first, views])
    assert clock is not None
    assert clock.done_on == date(2024, 1, 5)
    clock = representation_clock([first, views, second])
    assert clock is not None
    assert (clock.draft_sent, clock.done_on) == (date(2024, 1, 20), None)


def test_an_appeal_has_two_months_from_the_letter() -> None:
    clock = appeal_clock([], LETTER)
    assert clock is not None
    assert clock.last_day == date(2024, 4, 12)


@pytest.mark.parametrize(
    ("issued", "last"),
    [
        (date(2024, 3, 20), date(2024, 4, 20)),  # a month from the certificate is later
        (date(2024, 3, 12), date(2024, 4, 12)),  # the same day
        (date(2024, 2, 20), date(2024, 4, 12)),  # two months from the letter are later
    ],
)
def test_a_certificate_gives_a_month_from_its_day_where_that_is_later(issued: date, last: date) -> None:
    clock = appeal_clock([certificate(issued)], LETTER)
    assert clock is not None
    assert clock.last_day == last


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2023, 12, 31), 2, date(2024, 2, 29)),
        (date(2022, 12, 31), 2, date(2023, 2, 28)),
        (date(2024, 11, 30), 1, date(2024, 12, 30)),
        (date(2024, 10, 1), 2, date(2024, 12, 1)),
        (date(2024, 10, 31), 2, date(2024, 12, 31)),
    ],
)
def test_a_month_ends_on_the_same_day_or_the_last(day: date, months: int, then: date) -> None:
    assert months_after(day, months) == then


def test_no_clock_runs_before_what_starts_it_is_on_record() -> None:
    assert representation_clock([]) is None
    assert appeal_clock([certificate(date(2024, 3, 20))], None) is None


def test_the_working_is_shown_with_its_law() -> None:
    steps = [
        stored(StepKind.DRAFT_SENT, date(2024, 2, 1)),
        stored(StepKind.MEDIATION_CERTIFICATE, date(2024, 3, 20), 2),
    ]
    representation, appeal = appeal_facts(steps, LETTER, date(2024, 4, 1)).clocks
    assert (
        representation.working == "15 days, the first being 1 February 2024, when the draft was sent: 15 February 2024."
    )
    assert representation.days_left == -46
    assert appeal.working == (
        "Two months from the letter of 12 February 2024: 12 April 2024. One month from the mediation certificate of "
        "20 March 2024: 20 April 2024. The later counts."
    )
    assert (appeal.days_left, "r. 20(1)(c)" in appeal.source, appeal.HasField("done_on")) == (19, True, False)
