"""Days in our own files that are accepted with a warning. Today and the day of the return are arguments."""

from __future__ import annotations

from datetime import date

import pytest

from services.caseload.imports.due import DueRow, odd_decision_days
from services.caseload.imports.preferences import PreferenceRow, odd_stated_days
from tests.builders.caseload import DUE_ROW, PREFERENCE_ROW

RETURN_DAY = date(2024, 2, 1)
TODAY = date(2024, 3, 1)
FIRST_DAY = date(2024, 9, 2)


@pytest.mark.parametrize(
    ("changes", "columns"),
    [
        ({}, []),
        ({"deadline": ""}, []),
        ({"deadline": "2024-09-02"}, []),
        ({"deadline": "2024-09-03"}, ["deadline"]),
        ({"first_day": "2027-02-01"}, []),
        ({"first_day": "2027-02-03"}, ["first_day"]),
        ({"first_day": "2020-09-01", "deadline": ""}, ["first_day"]),
    ],
)
def test_a_deadline_after_the_first_day_or_a_far_first_day_is_odd(changes: dict[str, str], columns: list[str]) -> None:
    row = DueRow.from_cells({**DUE_ROW, **changes})
    assert [column for column, _, _ in odd_decision_days(row, RETURN_DAY)] == columns


@pytest.mark.parametrize(
    ("stated_on", "first_day", "reasons"),
    [
        ("", FIRST_DAY, []),
        ("2024-03-01", FIRST_DAY, []),
        ("2024-03-01", None, []),
        ("2024-03-02", FIRST_DAY, ["still to come"]),
        ("2024-02-10", date(2024, 2, 9), ["after 2024-02-09"]),
    ],
)
def test_a_preference_stated_tomorrow_or_after_the_first_day_is_odd(
    stated_on: str, first_day: date | None, reasons: list[str]
) -> None:
    row = PreferenceRow.from_cells({**PREFERENCE_ROW, "stated_on": stated_on})
    found = list(odd_stated_days(row, first_day, TODAY))
    assert [reason in odd[2] for reason, odd in zip(reasons, found, strict=True)] == [True] * len(reasons)
