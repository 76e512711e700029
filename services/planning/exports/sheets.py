"""Tables as .xlsx or .csv so that nothing in them runs.

A text that a spreadsheet would take for a formula is written as text: marked as such in Excel, and after an apostrophe
in CSV, which has no types (OWASP, "CSV injection"). Numbers stay numbers.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpyxl.cell import Cell as OpenpyxlCell
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

Cell = str | int | float | None
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True)
class Sheet:
    """One table: its name (31 characters at most), its headings, and rows of as many cells."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def as_csv(sheet: Sheet) -> str:
    """The table as CSV text, lines ended by \\r\\n as RFC 4180 has it."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerows([inert(cell) for cell in row] for row in (sheet.columns, *sheet.rows))
    return text.getvalue()


def inert(cell: Cell) -> Cell:
    """The cell, a text that starts as a formula does with an apostrophe before it."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(STARTS_A_FORMULA) else cell


def as_xlsx(sheets: Iterable[Sheet]) -> bytes:
    """All tables as one workbook, headings bold and kept in view."""
    from openpyxl import Workbook

    workbook = Workbook(write_only=True)
    for sheet in sheets:
        page = workbook.create_sheet(sheet.name)
        page.freeze_panes = "A2"
        page.append([_cell(page, heading, bold=True) for heading in sheet.columns])
        for row in sheet.rows:
            page.append([_cell(page, cell) for cell in row])
    held = io.BytesIO()
    workbook.save(held)
    return held.getvalue()


def _cell(page: WriteOnlyWorksheet, value: Cell, bold: bool = False) -> OpenpyxlCell:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    made = WriteOnlyCell(page, NOT_IN_XML.sub("", value) if isinstance(value, str) else value)
    if isinstance(value, str):
        made.data_type = "s"  # openpyxl makes a formula of what starts with "="
        made.quotePrefix = value.startswith(STARTS_A_FORMULA)  # and so that Excel keeps it text when it is edited
    if bold:
        made.font = Font(bold=True)
    return made
