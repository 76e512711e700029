"""The columns of a bell times file, as `inborough template bell-times` prints them, and how it is read."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import BeforeValidator, Field

from shared.errors import NeighbourDown
from shared.imports.report import RowProblem, SourceFile
from shared.imports.rows import RowModel, read_rows, whole

ListKnown = Callable[[Collection[int]], Collection[int]]
"""Which of these URNs are on file. Raises NeighbourDown."""
ON_NO_FILE = "no setting with this URN is on file, so nothing uses its time; correct the URN, or import gias"
EARLIEST, LATEST = 6 * 60, 12 * 60


def _clock(cell: object) -> int:
    """Minutes after midnight of "08:50", or of the same as a spreadsheet shows it: "08:50:00"."""
    found = re.fullmatch(r"(\d{1,2})[:.](\d{2})(?::00)?", str(cell).strip())
    if not found or int(found[2]) > 59:
        raise ValueError("not a time of day; write 08:50")
    minutes = int(found[1]) * 60 + int(found[2])
    if not EARLIEST <= minutes <= LATEST:
        raise ValueError("not from 06:00 to 12:00; give the time at which the school day begins")
    return minutes


class BellTimeRow(RowModel):
    """When one setting's day begins."""

    urn: Annotated[int, whole(100_000, 9_999_999)] = Field(description="URN of the setting.")
    bell_time: Annotated[int, BeforeValidator(_clock)] = Field(
        description="When its day begins: 08:50. A setting that is not named begins at the usual time (08:50)."
    )


@dataclass(frozen=True)
class ReadBellTimes:
    """Minutes after midnight by URN, what is wrong with rows, and what should be looked at."""

    bell_minutes: Mapping[int, int]
    rows_read: int
    problems: Sequence[RowProblem]
    warnings: Sequence[RowProblem] = ()


def read_bell_times(file: SourceFile, list_known: ListKnown) -> ReadBellTimes:
    """Read and check a file of bell times; a setting that is there twice is refused twice, one on no file doubted."""
    checked = read_rows(file, BellTimeRow)
    numbers: dict[int, list[int]] = defaultdict(list)
    for number, row in checked.rows:
        numbers[row.urn].append(number)
    twice = [
        RowProblem(file.name, number, "urn", str(urn), f"the same setting as row {_other(rows, number)}; keep one row")
        for urn, rows in numbers.items()
        if len(rows) > 1
        for number in rows
    ]
    kept = {row.urn: row.bell_time for _, row in checked.rows if len(numbers[row.urn]) == 1}
    rows_read = len(checked.rows) + len({problem.row for problem in checked.problems if problem.row})
    first_rows = {urn: numbers[urn][0] for urn in kept}
    return ReadBellTimes(kept, rows_read, [*checked.problems, *twice], _doubts(file, first_rows, list_known))


def _doubts(file: SourceFile, rows: Mapping[int, int], list_known: ListKnown) -> list[RowProblem]:
    """A warning at each row whose setting is on no file, or one for the file where nobody can tell."""
    try:
        known = list_known(rows) if rows else ()
    except NeighbourDown as down:
        reason = f"could not be checked against the settings on file: {down.message} Import it again to check it"
        return [RowProblem(file.name, 0, "urn", "", reason)]
    return [RowProblem(file.name, row, "urn", str(urn), ON_NO_FILE) for urn, row in rows.items() if urn not in known]


def _other(rows: Sequence[int], number: int) -> int:
    return rows[0] if number != rows[0] else rows[1]
