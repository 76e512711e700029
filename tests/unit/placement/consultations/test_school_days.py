"""The authority's file of closures, and the bank holidays of England."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from services.placement.domain.reply_rules import Closure
from services.placement.school_days import read_closures, reply_clock
from tests.architecture.source import ROOT

TEMPLATE = ROOT / "services" / "planning" / "templates" / "closures.csv"


def closures(folder: Path, text: str | bytes) -> Path:
    path = folder / "closures.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_closures_are_read_in_any_way_of_writing_days_and_in_order(tmp_path: Path) -> None:
    text = "\ufeffwhat,first_day,last_day\nEaster,29/03/2024,12/04/2024\n,,\nHalf term,2024-02-12,16 February 2024\n"
    assert read_closures(closures(tmp_path, text)) == (
        Closure(date(2024, 2, 12), date(2024, 2, 16)),
        Closure(date(2024, 3, 29), date(2024, 4, 12)),
    )


def test_the_template_can_be_used_as_it_is() -> None:
    clock = reply_clock("15_school_days", TEMPLATE)
    assert clock.due(date(2024, 10, 25)) == date(2024, 11, 25)


@pytest.mark.parametrize("day", [date(2024, 12, 25), date(2024, 8, 26), date(2022, 9, 19), date(2023, 5, 8)])
def test_bank_holidays_of_england_are_no_school_days_also_those_proclaimed(day: date) -> None:
    assert not reply_clock("15_school_days", TEMPLATE).school_days.has(day)


def test_a_bank_holiday_of_scotland_alone_is_a_school_day() -> None:
    assert reply_clock("15_school_days", TEMPLATE).school_days.has(date(2023, 1, 3).replace(year=2024, day=2))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("first_day,what\n2024-02-12,Half term\n", "heading lacks last_day"),
        ("", "heading lacks first_day and last_day"),
        ("first_day,last_day\n", "names no closure"),
        ("first_day,last_day\n2024-02-12,\n", "row 2, last_day: not a date"),
        ("first_day,last_day\n2024-02-12,2024-02-16\n2024-02-30,2024-03-01\n", "row 3, first_day: no such day"),
        ("first_day,last_day\n2024-02-16,2024-02-12\n", "row 2, last_day: is before first_day"),
        ("first_day,last_day\n2024-02-12\n", "row 2, last_day: not a date"),
        (b"first_day,last_day\n\xff\xfe,1\n", "cannot be read as CSV in UTF-8"),
    ],
)
def test_a_wrong_file_is_refused_naming_row_column_and_rule(tmp_path: Path, text: str | bytes, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        reply_clock("15_school_days", closures(tmp_path, text))


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"closures\.csv: cannot be read"):
        reply_clock("15_school_days", tmp_path / "closures.csv")


def test_a_rule_that_counts_school_days_asks_for_the_closures() -> None:
    with pytest.raises(ValueError, match="INBOROUGH_SCHOOL_CLOSURES"):
        reply_clock("15_school_days", None)


def test_the_default_rule_needs_no_file() -> None:
    assert reply_clock("15_calendar_days", None).due(date(2024, 2, 1)) == date(2024, 2, 16)
