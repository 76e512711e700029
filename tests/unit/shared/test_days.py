"""Calendar days: every way of writing one that councils' files use, and what is refused."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inborough.common.v1 import common_pb2
from shared import days
from shared.errors import InvalidInput

ANY_DAY = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    "text",
    [
        "2024-09-02",
        " 2024-9-2 ",
        "2024-09-02T00:00:00",
        "2024-09-02 00:00:00.000",
        "2024-Sep-02 00:00:00",
        "02/09/2024",
        "2.9.2024",
        "02-09-2024 00:00",
        "2 September 2024",
        "2-Sep-2024",
        "2 sept 2024",
    ],
)
def test_a_day_is_read_in_every_way_that_files_write_it(text: str) -> None:
    assert days.parse_day(text) == date(2024, 9, 2)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "not a date"),
        ("02/09/24", "not a date"),
        ("09-2024", "not a date"),
        ("2024-09-02 13:00:00", "not a date"),
        ("45537", "not a date"),
        ("=TODAY()", "not a date"),
        ("30/02/2024", "no such day"),
        ("09/22/2024", "no such day"),
        ("2 Marmalade 2024", "no such day"),
        ("2 Sop 2024", "no such day"),
        ("02/09/0024", "not between 1900 and 2100"),
        ("02/09/2204", "not between 1900 and 2100"),
    ],
)
def test_what_is_no_day_is_refused_with_the_rule(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        days.parse_day(text)


@given(ANY_DAY)
def test_a_day_survives_writing_and_reading(day: date) -> None:
    assert days.parse_day(day.isoformat()) == day
    assert days.parse_day(f"{day:%d/%m/%Y}") == day
    assert days.parse_day(days.in_words(day)) == day
    assert days.from_wire(days.to_wire(day), "first_day") == day
    assert days.EPOCH + timedelta(days=days.epoch_days(day)) == day


@given(st.text())
def test_any_text_is_a_day_or_refused(text: str) -> None:
    with suppress(ValueError):
        assert days.parse_day(text).year >= 1900


def test_no_day_has_epoch_day_zero() -> None:
    assert days.epoch_days(None) == 0


@pytest.mark.parametrize(("day", "year"), [(date(2024, 8, 31), 2023), (date(2024, 9, 1), 2024)])
def test_the_academic_year_begins_on_the_first_of_september(day: date, year: int) -> None:
    assert days.academic_year_start(day) == year


def test_a_message_that_is_no_day_is_refused_naming_the_field() -> None:
    with pytest.raises(InvalidInput, match=r"^first_day: is not a day"):
        days.from_wire(common_pb2.Date(year=2024, month=2, day=30), "first_day")


def test_an_instant_is_written_in_utc() -> None:
    summer = datetime(2024, 7, 1, 10, 30, tzinfo=timezone(timedelta(hours=1)))
    assert days.in_rfc3339(summer) == "2024-07-01T09:30:00Z"
    assert days.now_utc().tzinfo is UTC
