"""No exported cell is a live formula, whatever the data says."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from services.cli.failures import CannotGoOn
from services.cli.sheets import write_sheets
from services.planning.exports.sheets import STARTS_A_FORMULA, Sheet, as_csv, as_xlsx

FORMULAS = ["=1+1", '=HYPERLINK("http://x","y")', "+44", "-2+3", "@SUM(A1)", "\t=1", "＝1"]


def sheet(*cells: str | int | float | None) -> Sheet:
    return Sheet("data", [f"column {at}" for at in range(len(cells))], [cells])


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_that_looks_like_a_formula_stays_text_in_excel(text: str) -> None:
    cell = load_workbook(io.BytesIO(as_xlsx([sheet(text)])))["data"]["A2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)


@given(st.text(max_size=8), st.sampled_from(STARTS_A_FORMULA))
def test_no_cell_of_a_csv_starts_a_formula(rest: str, start: str) -> None:
    _, (cell, heading) = csv.reader(io.StringIO(as_csv(sheet(start + rest, "plain")), newline=""))
    assert not cell.startswith(STARTS_A_FORMULA)
    assert heading == "plain"


def test_a_heading_is_guarded_too() -> None:
    assert as_csv(Sheet("data", ["=1"], [])) == "'=1\r\n"


def test_numbers_below_zero_stay_numbers() -> None:
    assert as_csv(sheet(-3, -2.5, None)).splitlines()[1] == "-3,-2.5,"
    assert load_workbook(io.BytesIO(as_xlsx([sheet(-3)])))["data"]["A2"].value == -3


def test_a_control_character_does_not_break_the_workbook() -> None:
    assert load_workbook(io.BytesIO(as_xlsx([sheet("a\x00b")])))["data"]["A2"].value == "ab"


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    out = tmp_path / "table.csv"
    write_sheets(out, [sheet("one")], force=False)
    with pytest.raises(CannotGoOn, match="there already"):
        write_sheets(out, [sheet("two")], force=False)
    write_sheets(out, [sheet("two")], force=True)
    assert "two" in out.read_text()


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CannotGoOn, match="neither"):
        write_sheets(tmp_path / "table.ods", [sheet("one")], force=False)
