"""No file, however it was made, takes a process's memory or its day: what is read is bounded, and the bound is said."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import Any

import pytest
from openpyxl import Workbook

from shared.imports.bounds import LONGEST_CELL, LONGEST_LINE, MOST_PARTS
from shared.imports.report import RowProblem, SourceFile
from shared.imports.tables import Table, UnreadableFile, read_table

COLUMNS = ("urn", "name")


def read(content: str | bytes, name: str = "") -> Table:
    raw = content.encode() if isinstance(content, str) else content
    return read_table(SourceFile(name or ("pools.csv" if isinstance(content, str) else "pools.xlsx"), raw), COLUMNS)


def refusal(content: str | bytes, name: str = "") -> RowProblem:
    with pytest.raises(UnreadableFile) as refused:
        read(content, name)
    return refused.value.problem


def workbook(rows: list[list[Any]]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in ([*COLUMNS], *rows):
        sheet.append(row)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def with_parts(content: bytes, parts: dict[str, bytes]) -> bytes:
    """A workbook with parts added or exchanged."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, part in parts.items():
            new.writestr(name, part)
    return held.getvalue()


def test_rows_are_read_up_to_their_number_and_refused_beyond_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INBOROUGH_IMPORT_ROWS", "3")
    assert len(read("urn,name\n1,a\n2,b\n").rows) == 2
    assert refusal("urn,name\n1,a\n2,b\n3,c\n").reason == "more than 3 rows; split the file"


def test_cells_are_read_up_to_their_number_and_refused_beyond_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INBOROUGH_IMPORT_CELLS", "6")
    assert len(read("urn,name\n1,a\n2,b\n").rows) == 2
    assert refusal("urn,name\n1,a\n2,b\n3,c\n").reason == "more than 6 cells; leave out columns, or split the file"


def test_a_workbook_of_far_away_cells_is_refused_by_its_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INBOROUGH_IMPORT_CELLS", "50000")
    rows: list[list[Any]] = [[None] * 16_383 + ["far"] for _ in range(5)]
    assert "more than 50,000 cells" in refusal(workbook(rows)).reason


def test_a_line_of_nothing_but_commas_is_refused_before_it_becomes_cells() -> None:
    assert read("urn,name\n1," + "a" * 1000 + "\n").rows
    refused = refusal("urn,name\n" + "," * (LONGEST_LINE + 1) + "\n").reason
    assert refused == "line 2 has more than 1,000,000 characters; save it as CSV UTF-8"


def test_a_cell_is_read_up_to_its_length_and_is_a_problem_beyond_it() -> None:
    assert len(read(f"urn,name\n1,{'a' * LONGEST_CELL}\n").rows) == 1
    (problem,) = read(f"urn,name\n1,{'a' * (LONGEST_CELL + 1)}\n").problems
    assert (problem.row, problem.column) == (2, "name")
    assert problem.reason == "the cell has more than 32,767 characters; shorten it"
    assert len(problem.value) == 80


def test_a_workbook_of_very_many_parts_is_refused() -> None:
    parts = {f"xl/media/{number}.bin": b"" for number in range(MOST_PARTS)}
    assert "more than 1,000 parts" in refusal(with_parts(workbook([[1, "a"]]), parts)).reason


def test_a_bomb_that_lies_about_its_size_unpacks_no_further_than_it_says() -> None:
    rows = b"<worksheet><sheetData>" + b" " * 30_000_000 + b"</sheetData></worksheet>"
    bomb = with_parts(workbook([[1, "a"]]), {"xl/worksheets/sheet1.xml": rows})
    said = struct.pack("<I", len(rows))
    assert bomb.count(said) == 2, "once before the part and once in the directory"
    lying = bomb.replace(said, struct.pack("<I", 1000))
    assert len(lying) < 100_000
    assert "not a readable Excel workbook" in refusal(lying).reason


def test_a_nested_archive_is_no_workbook() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.zip", workbook([[1, "a"]]))
    assert "not a readable Excel workbook" in refusal(held.getvalue()).reason


@pytest.mark.parametrize(
    "content",
    [b"MZ\x90\x00 a program", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n\x00\x00", b"<html><script>alert(1)</script></html>"],
    ids=["program", "pdf", "picture", "page"],
)
@pytest.mark.parametrize("name", ["pools.csv", "pools.xlsx"])
def test_what_is_no_table_is_refused_whatever_it_is_called(content: bytes, name: str) -> None:
    assert refusal(content, name).row == 0
