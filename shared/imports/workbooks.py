"""Rows of an Excel workbook as text."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

import openpyxl

from shared.imports.bounds import MIB, MOST_PARTS, Bounds
from shared.imports.report import SourceFile
from shared.imports.tables import UnreadableFile, unreadable


def xlsx_lines(file: SourceFile, bounds: Bounds) -> Iterator[tuple[int, list[str]]]:
    """Rows of the first sheet as text, numbered as the sheet shows them. Raises UnreadableFile."""
    try:
        _need_small_unpacked(file, bounds)
        workbook = openpyxl.load_workbook(io.BytesIO(file.content), read_only=True, data_only=False)
        sheet = workbook.worksheets[0]
        sheet.reset_dimensions()  # some programs write a size that is wrong, and cells beyond it would be lost
        width = 0
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            texts = _without_blank_end([_cell_text(cell) for cell in cells])
            width = width or len(texts)
            yield number, texts + [""] * (width - len(texts))
    except UnreadableFile:
        raise
    except Exception as error:  # a workbook can be broken in more ways than openpyxl names
        raise unreadable(
            file, "", f"not a readable Excel workbook ({type(error).__name__}); save it as .xlsx or CSV UTF-8"
        ) from None


def _need_small_unpacked(file: SourceFile, bounds: Bounds) -> None:
    """By what the archive says of itself: no part of it is unpacked beyond that."""
    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        parts = archive.infolist()
    if len(parts) > MOST_PARTS:
        raise unreadable(file, "", f"the workbook has more than {MOST_PARTS:,} parts; save its table as CSV UTF-8")
    if sum(part.file_size for part in parts) > bounds.unpacked_mib * MIB:
        raise unreadable(file, "", f"the workbook unpacks to more than {bounds.unpacked_mib} MiB; split it")


def _without_blank_end(cells: list[str]) -> list[str]:
    """Cells up to the last that holds something: a spreadsheet keeps cells that are only coloured."""
    last = max((at for at, cell in enumerate(cells, start=1) if cell.strip()), default=0)
    return cells[:last]


def _cell_text(cell: object) -> str:
    value = getattr(cell, "value", None)
    if value is None:
        return ""
    if getattr(cell, "data_type", "") == "f":
        return f"={str(getattr(value, 'text', value)).lstrip('=')}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
