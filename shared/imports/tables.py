"""Read a CSV or XLSX file as rows of text by column name. What is wrong is reported, never guessed."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from shared.imports.bounds import LONGEST_CELL, LONGEST_LINE, Bounds
from shared.imports.report import RowProblem, SourceFile

EMPTY = "the file is empty; send one with a heading, which names the columns, and rows"
BATCH = 1_000
"""Rows that are looked at together, column by column."""
MAY_BE_FORMULA = frozenset(" =@\t\r+-")
"""What a cell begins with that may hold a formula."""


class UnreadableFile(Exception):
    """The whole file cannot be read; `problem` says why and what to do."""

    def __init__(self, problem: RowProblem) -> None:
        super().__init__(problem.reason)
        self.problem = problem


@dataclass(frozen=True)
class Row:
    """One row: its number as a spreadsheet shows it, and its cells by the column names that the reader asked for."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Table:
    """A file's rows, what is wrong with some, and the headings as the file writes them, by the reader's names.

    The good rows are columns: `numbers` has each row's number as a spreadsheet shows it, `columns` its cells by the
    reader's names, each as long. `broken` are the rows that `problems` are of, with only those cells that can be relied
    on, so that a reader can tell whose row it was.
    """

    file: str
    numbers: Sequence[int]
    columns: Mapping[str, Sequence[str]]
    problems: Sequence[RowProblem]
    headings: dict[str, str]
    broken: Sequence[Row] = ()

    def cells_at(self, at: int) -> dict[str, str]:
        """The cells of a good row by its place among them."""
        return {name: column[at] for name, column in self.columns.items()}

    @property
    def rows(self) -> list[Row]:
        """The good rows, each made anew: for few."""
        return [Row(number, self.cells_at(at)) for at, number in enumerate(self.numbers)]

    def rows_of(self, numbers: Container[int]) -> list[Row]:
        """The good rows that have one of these numbers."""
        return [Row(number, self.cells_at(at)) for at, number in enumerate(self.numbers) if number in numbers]

    def count_rows(self) -> int:
        """How many rows were read, good and bad."""
        return len(self.numbers) + len({problem.row for problem in self.problems})


def normalised(heading: str) -> str:
    """A heading without case, spaces, underscores and hyphens, so that small drift between releases does not matter."""
    return re.sub(r"[\s_\-]+", "", heading).casefold()


def read_table(file: SourceFile, required: Sequence[str], optional: Sequence[str] = ()) -> Table:
    """The rows of a file that has the `required` columns; `optional` ones are read when there, all others ignored.

    A read cell holding a formula, and a row with more or fewer cells than the heading, are problems of that row.
    Raises UnreadableFile for a file that is not a table, lacks a column or names one twice.
    """
    bounds = Bounds()
    lines = _bounded(file, _lines(file, bounds), bounds)
    try:
        _, heading = next(lines)
    except StopIteration:
        raise unreadable(file, "", EMPTY) from None
    return _Reader(file, heading, _positions(file, heading, required, optional)).read(lines)


def no_rows(table: Table) -> list[RowProblem]:
    """A problem of the whole file when it has a heading and nothing below, good or bad."""
    if table.numbers or table.problems:
        return []
    return [RowProblem(table.file, 0, "", "", "the file has a heading and no rows; add the rows and send it again")]


class _Reader:
    """Takes a file's rows a batch at a time: the columns of one in which nothing is odd, else row by row."""

    def __init__(self, file: SourceFile, heading: Sequence[str], positions: dict[str, int]) -> None:
        self._file, self._heading, self._positions = file, heading, positions
        self._numbers: list[int] = []
        self._columns: dict[str, list[str]] = {name: [] for name in positions}
        self._problems: list[RowProblem] = []
        self._broken: list[Row] = []

    def read(self, lines: Iterator[tuple[int, list[str]]]) -> Table:
        """The table of all lines below the heading."""
        while batch := list(islice(lines, BATCH)):
            if (columns := self._plain_columns(batch)) is None:
                for number, cells in batch:
                    self._take(number, cells)
            else:
                self._numbers += [number for number, _ in batch]
                for name, column in columns.items():
                    self._columns[name] += column
        headings = {name: self._heading[at].strip() for name, at in self._positions.items()}
        return Table(self._file.name, self._numbers, self._columns, self._problems, headings, self._broken)

    def _plain_columns(self, batch: Sequence[tuple[int, list[str]]]) -> dict[str, list[str]] | None:
        """The batch's columns; None when a row may be blank, broken or of another width."""
        if {len(cells) for _, cells in batch} != {len(self._heading)}:
            return None
        columns: dict[str, list[str]] = {}
        for name, at in self._positions.items():
            column = [cells[at] for _, cells in batch]
            if not MAY_BE_FORMULA.isdisjoint({cell[:1] for cell in column}) or max(map(len, column)) > LONGEST_CELL:
                return None
            columns[name] = [cell.strip() for cell in column]
        has_no_blank_row = any("" not in column for column in columns.values())
        return columns if has_no_blank_row else None

    def _take(self, number: int, cells: list[str]) -> None:
        """One row: a blank one is passed over."""
        if not any(cell.strip() for cell in cells):
            return
        found = _row_problems(self._file, number, self._heading, cells, self._positions.values())
        if found:
            self._problems += found
            self._broken.append(Row(number, _reliable_cells(self._heading, cells, self._positions)))
            return
        self._numbers.append(number)
        for name, at in self._positions.items():
            self._columns[name].append(cells[at].strip())


def _bounded(
    file: SourceFile, lines: Iterator[tuple[int, list[str]]], bounds: Bounds
) -> Iterator[tuple[int, list[str]]]:
    """The same lines, for as long as they are within what a file may hold."""
    read = 0
    for number, cells in lines:
        read += len(cells)
        if number > bounds.rows:
            raise unreadable(file, "", f"more than {bounds.rows:,} rows; split the file")
        if read > bounds.cells:
            raise unreadable(file, "", f"more than {bounds.cells:,} cells; leave out columns, or split the file")
        yield number, cells


def _lines(file: SourceFile, bounds: Bounds) -> Iterator[tuple[int, list[str]]]:
    if not file.content:
        raise unreadable(file, "", EMPTY)
    if file.content[:4] == b"PK\x03\x04":
        from shared.imports.workbooks import xlsx_lines  # here, because most imports are CSV and it is slow to load

        return xlsx_lines(file, bounds)
    if file.name.casefold().endswith(".xlsx"):
        raise unreadable(file, "", "not an Excel workbook; save it as .xlsx or CSV UTF-8")
    return _csv_lines(file)


def _positions(
    file: SourceFile, heading: Sequence[str], required: Sequence[str], optional: Sequence[str]
) -> dict[str, int]:
    places: dict[str, int] = {}
    wanted = {normalised(name): name for name in (*required, *optional)}
    for at, title in enumerate(heading):
        name = wanted.get(normalised(title))
        if name is None:
            continue
        if name in places:
            raise unreadable(file, title.strip(), "the column is there twice; keep one of them")
        places[name] = at
    if missing := [name for name in required if name not in places]:
        hint = "" if len(heading) > 1 else "; separate columns with commas and save as CSV UTF-8"
        raise unreadable(file, missing[0], f"the column is missing (needed: {', '.join(missing)}){hint}")
    return places


def _row_problems(
    file: SourceFile, number: int, heading: Sequence[str], cells: Sequence[str], read: Iterable[int]
) -> list[RowProblem]:
    if len(cells) != len(heading):
        reason = f"the row has {len(cells)} cells and the heading {len(heading)}; check commas and quotes"
        return [RowProblem(file.name, number, "", "", reason)]
    wrong = [(at, _wrong_with(cells[at])) for at in read]
    return [RowProblem(file.name, number, heading[at].strip(), cells[at][:80], why) for at, why in wrong if why]


def _wrong_with(cell: str) -> str:
    """Why a cell is not read, whatever its column; "" when it is."""
    if looks_like_formula(cell):
        return "the cell holds a formula; paste its value instead"
    return f"the cell has more than {LONGEST_CELL:,} characters; shorten it" if len(cell) > LONGEST_CELL else ""


def _reliable_cells(heading: Sequence[str], cells: Sequence[str], positions: dict[str, int]) -> dict[str, str]:
    """The cells of a bad row that hold what their column says: no formula, and in a row of another width the first.

    A comma too many or too few shifts what follows it; an open quote, which a line break betrays, joins whole rows.
    """
    if len(cells) != len(heading):
        is_joined = any("\n" in cell or "\r" in cell for cell in cells)
        positions = {name: at for name, at in positions.items() if at == 0 and not is_joined}
    return {name: cells[at].strip() for name, at in positions.items() if not looks_like_formula(cells[at])}


def looks_like_formula(cell: str) -> bool:
    """Whether a spreadsheet would compute this cell: it begins with = @ or tab, or with + or - and is no number."""
    start = cell.lstrip(" ")[:1]
    if start in ("=", "@", "\t", "\r"):
        return True
    return start in ("+", "-") and not re.fullmatch(r"[+-]?[£\d][\d,]*(\.\d+)?|-", cell.strip())


def _csv_lines(file: SourceFile) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(_short_lines(file), strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            yield number, cells
    except csv.Error as error:
        raise unreadable(file, "", f"not a CSV file from row {number + 1} on ({error}); save it as CSV UTF-8") from None


def _short_lines(file: SourceFile) -> Iterator[str]:
    for number, line in enumerate(io.StringIO(_decoded(file), newline=""), start=1):
        if len(line) > LONGEST_LINE:
            raise unreadable(file, "", f"line {number} has more than {LONGEST_LINE:,} characters; save it as CSV UTF-8")
        yield line


def _decoded(file: SourceFile) -> str:
    """Text in UTF-8 (with or without a byte-order mark) or else Windows-1252, which GIAS and Excel write."""
    if file.content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in file.content:
        raise unreadable(file, "", "not text in UTF-8 or Windows-1252; save it as CSV UTF-8")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return file.content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise unreadable(file, "", "not text in UTF-8 or Windows-1252; save it as CSV UTF-8")


def unreadable(file: SourceFile, column: str, reason: str) -> UnreadableFile:
    """That a whole file cannot be read, and why."""
    return UnreadableFile(RowProblem(file.name, 0, column, "", reason))
