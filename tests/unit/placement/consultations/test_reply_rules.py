"""When a reply is due. The year is 2024: half term 12 to 16 February, Easter 29 March to 12 April."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.placement.domain.reply_rules import CALENDAR, RULES, SCHOOL, Closure, ReplyClock, SchoolDays

HALF_TERM = Closure(date(2024, 2, 12), date(2024, 2, 16))
EASTER = Closure(date(2024, 3, 29), date(2024, 4, 12))
SUMMER = Closure(date(2024, 7, 22), date(2024, 9, 2))
MAY_DAY = date(2024, 5, 6)
YEAR = SchoolDays((HALF_TERM, EASTER, SUMMER), {MAY_DAY}.__contains__)


@pytest.mark.parametrize(
    ("sent_on", "due"),
    [
        (date(2024, 2, 1), date(2024, 2, 16)),  # half term counts
        (date(2024, 12, 20), date(2025, 1, 4)),  # so do Christmas and a Saturday
        (date(2024, 2, 29), date(2024, 3, 15)),
    ],
)
def test_a_reply_is_due_fifteen_days_after_the_day_it_was_asked_for(sent_on: date, due: date) -> None:
    assert ReplyClock(CALENDAR, YEAR).due(sent_on) == due


@pytest.mark.parametrize(
    ("sent_on", "due"),
    [
        (date(2024, 1, 8), date(2024, 1, 29)),  # three whole weeks
        (date(2024, 2, 1), date(2024, 2, 29)),  # six days, half term, nine days
        (date(2024, 2, 10), date(2024, 3, 8)),  # sent on a Saturday before half term
        (date(2024, 3, 22), date(2024, 4, 29)),  # four days, Easter, eleven days
        (date(2024, 5, 1), date(2024, 5, 23)),  # the first Monday of May is a bank holiday
    ],
)
def test_where_school_days_count_weekends_holidays_and_closures_do_not(sent_on: date, due: date) -> None:
    assert ReplyClock(SCHOOL, YEAR).due(sent_on) == due


@given(st.dates(date(2024, 1, 1), date(2024, 8, 31)), st.sets(st.dates(date(2024, 1, 1), date(2024, 12, 31))))
def test_exactly_as_many_school_days_lie_within_the_time_as_the_rule_says(sent_on: date, closed: set[date]) -> None:
    days = SchoolDays(tuple(Closure(day, day) for day in sorted(closed)))
    due = ReplyClock(SCHOOL, days).due(sent_on)
    within = [sent_on + timedelta(days=after) for after in range(1, (due - sent_on).days + 1)]
    assert sum(map(days.has, within)) == SCHOOL.days
    assert days.has(due)


def test_every_rule_says_its_days_and_its_source() -> None:
    assert ReplyClock().words(date(2024, 2, 16)) == "15 calendar days (SEND Code of Practice 2015, paragraph 9.83)"
    assert all(code == rule.code and rule.source in rule.words for code, rule in RULES.items())


def test_a_day_beyond_the_closures_on_file_comes_with_a_warning() -> None:
    clock = ReplyClock(SCHOOL, YEAR)
    assert "closures" not in clock.words(clock.due(date(2024, 5, 1)))
    assert "known only until 2024-09-02" in clock.words(clock.due(date(2024, 9, 2)))
    assert "known for no day" in ReplyClock(SCHOOL).words(date(2024, 5, 1))


def test_a_closure_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="last_day on or after first_day"):
        Closure(date(2024, 2, 16), date(2024, 2, 12))


def test_counting_ends_where_no_school_day_ever_comes() -> None:
    always = SchoolDays((Closure(date(2024, 1, 1), date(2030, 1, 1)),))
    with pytest.raises(ValueError, match="No school day in 400 days"):
        ReplyClock(SCHOOL, always).due(date(2024, 1, 1))
