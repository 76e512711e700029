"""Reading Excel workbooks: the same table as from CSV, and no workbook that harms."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import PatternFill
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.worksheet import Worksheet

from shared.days import parse_day
from shared.imports.report import SourceFile
from shared.imports.tables import Table, UnreadableFile, read_table

HEADING = ["urn", "places"]
SHEET = "xl/worksheets/sheet1.xml"


def workbook(*rows: list[Any]) -> openpyxl.Workbook:
    """A workbook of one sheet with the heading and these rows."""
    book = openpyxl.Workbook()
    for row in [HEADING, *rows]:
        sheet_of(book).append(row)
    return book


def sheet_of(book: openpyxl.Workbook) -> Worksheet:
    sheet = book.worksheets[0]
    assert isinstance(sheet, Worksheet)
    return sheet


def saved(book: openpyxl.Workbook) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """The same workbook with one of its parts replaced."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            new.writestr(entry, part if entry == name else old.read(entry))
    return changed.getvalue()


def read(content: bytes) -> Table:
    return read_table(SourceFile("pools.xlsx", content), HEADING)


def cells_of(content: bytes) -> list[dict[str, str]]:
    return [row.cells for row in read(content).rows]


def refusal(content: bytes) -> str:
    with pytest.raises(UnreadableFile) as refused:
        read(content)
    return refused.value.problem.reason


@pytest.mark.parametrize(
    ("value", "text"),
    [(3, "3"), (3.0, "3"), (2.5, "2.5"), (True, "yes"), (False, "no"), (" text ", "text"), (None, "")],
)
def test_a_cell_is_read_as_csv_would_write_it(value: object, text: str) -> None:
    assert cells_of(saved(workbook([111447, value]))) == [{"urn": "111447", "places": text}]


@pytest.mark.parametrize("day", [date(2024, 9, 2), datetime.fromisoformat("2024-09-02")])
def test_a_date_cell_is_read_as_a_day(day: date) -> None:
    (cells,) = cells_of(saved(workbook([1, day])))
    assert parse_day(cells["places"]) == date(2024, 9, 2)


@pytest.mark.parametrize("formula", ["=1+1", "=HYPERLINK(1)", ArrayFormula("B2", "=SUM(A1:A2)")])
def test_a_formula_cell_is_a_problem_of_its_row(formula: object) -> None:
    (problem,) = read(saved(workbook([1, formula], [2, 3]))).problems
    assert (problem.row, problem.column) == (2, "places")
    assert problem.value.startswith(("=1+1", "=HYPERLINK", "=SUM"))


def test_text_that_begins_like_a_formula_is_a_problem_too() -> None:
    book = workbook([1, "x"])
    sheet_of(book)["B2"].value = "=1+1"
    sheet_of(book)["B2"].data_type = "s"
    assert [problem.row for problem in read(saved(book)).problems] == [2]


def test_cells_that_are_only_coloured_do_not_widen_a_row() -> None:
    book = workbook([1, 2])
    sheet_of(book)["F2"].fill = PatternFill("solid", start_color="FFFF00")
    assert cells_of(saved(book)) == [{"urn": "1", "places": "2"}]


def test_blank_rows_are_counted_and_passed_over() -> None:
    book = workbook([1, 2])
    sheet_of(book)["A5"].value, sheet_of(book)["B5"].value = 3, 4
    assert [row.number for row in read(saved(book)).rows] == [2, 5]


def test_a_short_row_has_blank_cells_and_a_long_one_is_a_problem() -> None:
    table = read(saved(workbook([1], [1, 2, 3])))
    assert [row.cells for row in table.rows] == [{"urn": "1", "places": ""}]
    assert [problem.row for problem in table.problems] == [3]


def test_a_sheet_that_states_a_wrong_size_is_read_whole() -> None:
    content = saved(workbook([1, 2], [3, 4]))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read(SHEET)
    assert len(cells_of(with_part(content, SHEET, sheet.replace(b'ref="A1:B3"', b'ref="A1"')))) == 2


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_unpacking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INBOROUGH_IMPORT_UNPACKED_MIB", "1")
    bomb = with_part(saved(workbook()), SHEET, b" " * 2_000_000)
    assert len(bomb) < 20_000
    assert "unpacks to more than" in refusal(bomb)


def test_a_row_number_beyond_reason_is_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INBOROUGH_IMPORT_ROWS", "1000")
    content = saved(workbook([1, 2]))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read(SHEET).replace(b'<row r="2"', b'<row r="99999999999"')
    assert "more than 1,000 rows" in refusal(with_part(content, SHEET, sheet))


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml"])
def test_an_xml_bomb_in_a_workbook_is_refused(part: str) -> None:
    entities = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 12))
    bomb = f'<!DOCTYPE w [<!ENTITY e0 "lol">{entities}]><worksheet><sheetData>&e11;</sheetData></worksheet>'
    assert openpyxl.DEFUSEDXML, "defusedxml is not installed, so openpyxl would expand entities"
    assert "not a readable Excel workbook" in refusal(with_part(saved(workbook(["x", 2])), part, bomb.encode()))


@pytest.mark.parametrize("kept", [4, 200, 2_000])
def test_a_truncated_workbook_is_refused(kept: int) -> None:
    assert "not a readable Excel workbook" in refusal(saved(workbook([1, 2]))[:kept])


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("letter.txt", "Dear panel")
    assert "not a readable Excel workbook" in refusal(content.getvalue())
