"""The columns of a bell times file, as `inborough template bell-times` prints them, and how it is read."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import BeforeValidator, Field

from shared.imports.report import RowProblem, SourceFile
from shared.imports.rows import RowModel, read_rows, whole

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
    """Minutes after midnight by URN, and what is wrong with rows."""

    bell_minutes: Mapping[int, int]
    rows_read: int
    problems: Sequence[RowProblem]


def read_bell_times(file: SourceFile) -> ReadBellTimes:
    """Read and check a file of bell times; a setting that is there twice is refused twice."""
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
    return ReadBellTimes(kept, rows_read, [*checked.problems, *twice])


def _other(rows: Sequence[int], number: int) -> int:
    return rows[0] if number != rows[0] else rows[1]
