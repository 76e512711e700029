"""Checking rows: each wrong cell is one problem with its row, column, value and a plain reason."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError

from shared.imports import rows
from shared.imports.report import RowProblem, SourceFile
from shared.imports.rows import RowModel, read_rows


class BaseRow(RowModel):
    name: str = Field(description="Name of the base.", min_length=2)
    opens: rows.Day = Field(description="First day.")
    places: Annotated[int, rows.whole(1, 500)] = Field(description="Places.")
    cost: rows.Pence = Field(0, description="Pounds a year.")
    needs: Annotated[tuple[str, ...], rows.list_of(str.upper)] = Field((), description="Needs.")
    sex: Annotated[str, rows.one_of("mixed", "girls", "boys")] = Field("mixed", description="Who may go.")
    lift: rows.YesNo = Field(False, description="Whether it has a lift.")
    band: Annotated[str, rows.one_of("A", "B")] = Field("", description="Band.")


HEADING = "Name,Opens,Places,Cost,Needs,Sex,Lift,Band"


def read(*lines: str, heading: str = HEADING) -> rows.Checked[BaseRow]:
    return read_rows(SourceFile("bases.csv", "\n".join([heading, *lines]).encode()), BaseRow)


def problem_of(cells: dict[str, str]) -> RowProblem:
    """The one problem of a row that is sound but for `cells`."""
    sound = {
        "Name": "Elm",
        "Opens": "2024-09-02",
        "Places": "8",
        "Cost": "",
        "Needs": "",
        "Sex": "",
        "Lift": "",
        "Band": "",
    }
    (problem,) = read(",".join((sound | cells).values())).problems
    return problem


def test_a_row_is_read_with_its_number() -> None:
    checked = read('Elm,02/09/2024,8,"£1,234.56",semh; asc;SEMH,Girls,Y,b')
    assert checked.problems == []
    ((number, row),) = checked.rows
    assert number == 2
    assert row == BaseRow.model_construct(
        name="Elm",
        opens=date(2024, 9, 2),
        places=8,
        cost=123_456,
        needs=("SEMH", "ASC"),
        sex="girls",
        lift=True,
        band="B",
    )


def test_blank_and_missing_optional_cells_take_the_default() -> None:
    ((_, blank),) = read("Elm,2024-09-02,8,,,,,").rows
    ((_, missing),) = read("Elm,2024-09-02,8", heading="name,opens,places").rows
    assert blank == missing
    assert (blank.cost, blank.sex, blank.lift) == (0, "mixed", False)


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("Name", "", "the cell is empty; it is needed"),
        ("Name", "E", "String should have at least 2 characters"),
        ("Opens", "31/09/2024", "no such day in the calendar; write 2024-09-02 or 02/09/2024"),
        ("Opens", "45537", "looks like an Excel serial number; format the cell as a date"),
        ("Places", "8.5", "not a whole number from 1 to 500"),
        ("Places", "٨", "not a whole number from 1 to 500"),
        ("Places", "9" * 30, "not a whole number from 1 to 500"),
        ("Places", "501", "not from 1 to 500"),
        ("Places", "-1", "not from 1 to 500"),
        ("Cost", "12.345", "not a whole number of pence; write at most two decimals, such as 1234.56"),
        ("Needs", ";".join("abcdefghijklmnopqrstu"), "more than 20 entries; separate them with semicolons"),
        ("Sex", "either", "not one of mixed, girls, boys"),
        ("Band", "F", "not one of A, B"),
        ("Lift", "maybe", "not yes or no"),
    ],
)
def test_a_wrong_cell_is_named_with_its_reason(column: str, value: str, reason: str) -> None:
    assert problem_of({column: value}) == RowProblem("bases.csv", 2, column, value, reason)


def test_every_wrong_cell_of_a_row_is_reported_at_once() -> None:
    checked = read("Elm,never,none,much,,,,")
    assert [problem.column for problem in checked.problems] == ["Opens", "Places", "Cost"]
    assert checked.rows == []


def test_a_bad_row_does_not_hide_the_good_ones() -> None:
    checked = read("Elm,2024-09-02,8,,,,,", "Oak,2024-09-02,none,,,,,", "Ash,2024-09-02,9,,,,,")
    assert [number for number, _ in checked.rows] == [2, 4]
    assert [problem.row for problem in checked.problems] == [3]


def test_a_long_value_is_cut_in_the_report() -> None:
    assert len(problem_of({"Opens": "x" * 300}).value) == 80


def test_a_file_that_cannot_be_read_is_one_problem_of_row_0() -> None:
    checked = read("Elm,8", heading="name,places")
    assert [(p.row, p.column) for p in checked.problems] == [(0, "opens")]


def test_a_file_of_a_heading_alone_is_one_problem_of_row_0() -> None:
    (problem,) = read().problems
    assert problem.row == 0
    assert "a heading and no rows" in problem.reason


def test_a_model_says_which_columns_are_needed() -> None:
    assert BaseRow.required_columns() == ["name", "opens", "places"]
    assert BaseRow.optional_columns() == ["cost", "needs", "sex", "lift", "band"]


@given(st.text(), st.sampled_from([rows.whole(1, 9), rows.one_of("a"), rows.list_of(str)]))
def test_any_cell_is_accepted_or_refused_in_words(cell: str, check: BeforeValidator) -> None:
    with suppress(ValidationError):
        TypeAdapter(Annotated[object, check]).validate_python(cell)


@given(st.lists(st.text(max_size=12), min_size=7, max_size=7))
def test_any_row_is_good_or_has_problems(cells: list[str]) -> None:
    quoted = ",".join('"' + cell.replace('"', '""').replace("\0", "") + '"' for cell in cells)
    checked = read(quoted)
    assert not (checked.rows and checked.problems)
