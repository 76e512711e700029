"""Columns are checked as the model checks rows: the same rows, the same problems, in the same words."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, ValidationError, model_validator

from shared.imports.report import RowProblem, SourceFile
from shared.imports.rows import Day, RowModel, YesNo, check_columns, check_rows, list_of, one_of, whole
from shared.imports.tables import BATCH, Table, read_table


class StayRow(RowModel):
    """One of each kind of column."""

    ref: str
    places: Annotated[int, whole(0, 99)]
    kind: Annotated[str, one_of("day", "night")] = "day"
    first_day: Day | None = None
    is_new: YesNo = Field(False, alias="New (name)")
    notes: str = ""
    needs: Annotated[tuple[str, ...], list_of(str.upper)] = ()


class PairRow(RowModel):
    """A row with a rule of its own."""

    low: Annotated[int, whole(0, 99)]
    high: Annotated[int, whole(0, 99)]

    @model_validator(mode="after")
    def _ordered(self) -> PairRow:
        if self.low > self.high:
            raise ValueError("low is above high")
        return self


NAMES = ("ref", "places", "kind", "first_day", "New (name)", "notes", "needs")
CELLS = st.sampled_from(["", "7", "100", "-1", "day", "NIGHT", "2024-09-02", "31/02/2024", "yes", "no", "a;b", "x y"])


@given(st.lists(st.tuples(*[CELLS] * len(NAMES)), max_size=6))
def test_columns_say_what_rows_say(lines: list[tuple[str, ...]]) -> None:
    checked = check_rows(_table(lines), StayRow)
    good: list[tuple[int, StayRow]] = []
    wrong: set[int] = set()
    for number, cells in enumerate(lines, start=2):
        try:
            good.append((number, StayRow.from_cells(dict(zip(NAMES, cells, strict=True)))))
        except ValidationError:
            wrong.add(number)
    assert list(checked.rows) == good
    assert {problem.row for problem in checked.problems} == wrong


def test_a_row_is_built_whole_and_cannot_be_changed() -> None:
    ((_, row),) = check_rows(_table([("r1", "7", "", "02/09/2024", "yes", "", "a;b")]), StayRow).rows
    assert row.model_dump() == {
        "ref": "r1",
        "places": 7,
        "kind": "day",
        "first_day": date(2024, 9, 2),
        "is_new": True,
        "notes": "",
        "needs": ("A", "B"),
    }
    with pytest.raises(ValidationError, match="frozen"):
        row.places = 8  # type: ignore[misc]


def test_a_needed_column_that_is_not_there_is_wrong_in_every_row() -> None:
    table = Table("stays.csv", [2, 3], {"ref": ["r1", "r2"]}, [], {"ref": "Ref"})
    checked = check_rows(table, StayRow)
    assert not checked.rows
    assert [(problem.row, problem.column) for problem in checked.problems] == [(2, "places"), (3, "places")]


def test_rules_of_whole_rows_are_kept() -> None:
    table = Table("pairs.csv", [2, 3], {"low": ["1", "5"], "high": ["2", "4"]}, [], {})
    checked = check_rows(table, PairRow)
    assert [number for number, _ in checked.rows] == [2]
    assert [(problem.row, problem.reason) for problem in checked.problems] == [(3, "low is above high")]
    with pytest.raises(TypeError, match="rules of whole rows"):
        check_columns(table, PairRow)


@pytest.mark.parametrize("odd", [2, BATCH - 1, BATCH, BATCH + 1, 2 * BATCH + 7])
def test_an_odd_row_is_named_whichever_batch_it_is_in(odd: int) -> None:
    lines = [f"r{number},1" for number in range(2, 2 * BATCH + 20)]
    lines[odd - 2] = "r1,=1+1"
    table = read_table(SourceFile("stays.csv", "\n".join(["ref,places", *lines]).encode()), ["ref", "places"])
    why = "the cell holds a formula; paste its value instead"
    assert list(table.problems) == [RowProblem("stays.csv", odd, "places", "=1+1", why)]
    assert [row.number for row in table.broken] == [odd]
    assert list(table.numbers) == [number for number in range(2, 2 * BATCH + 20) if number != odd]
    assert table.columns["ref"] == [f"r{number}" for number in table.numbers]


def test_blank_rows_are_passed_over_and_counted_in_row_numbers() -> None:
    content = b"ref,places\r\nr1,1\r\n,\r\n \r\nr2,-1\r\n"
    table = read_table(SourceFile("stays.csv", content), ["ref", "places"])
    assert [(row.number, row.cells["places"]) for row in table.rows] == [(2, "1"), (5, "-1")]


def _table(lines: list[tuple[str, ...]]) -> Table:
    columns = {name: [line[at] for line in lines] for at, name in enumerate(NAMES)}
    return Table("stays.csv", range(2, 2 + len(lines)), columns, [], {name: name for name in NAMES})
