"""Read a file of rows; every refused row is named, and one refuses the file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from services.planning.refused import Refused
from shared.imports.bounds import Bounds
from shared.imports.report import RowProblem, SourceFile
from shared.imports.rows import RowModel, read_rows

RowT = TypeVar("RowT", bound=RowModel)
MOST_NAMED = 10


def read_file(file: SourceFile, model: type[RowT]) -> list[tuple[int, RowT]]:
    """The rows with their numbers. Raises Refused that names each refused row."""
    bounds = Bounds()
    if len(file.content) > bounds.content:
        raise Refused(f"{file.name} is larger than {bounds.mib} MiB.", "Leave out paths or cells that are not needed.")
    checked = read_rows(file, model)
    refuse(file, checked.problems)
    return list(checked.rows)


def refuse(file: SourceFile, problems: Sequence[RowProblem]) -> None:
    """Raise Refused that names each problem, the first ones in full, if there are any."""
    if not problems:
        return
    named = "\n".join(_line(problem) for problem in sorted(problems)[:MOST_NAMED])
    more = f"\nand {len(problems) - MOST_NAMED:,} more" if len(problems) > MOST_NAMED else ""
    raise Refused(f"{file.name} is refused:\n{named}{more}", "Correct those cells.", rows=True)


def _line(problem: RowProblem) -> str:
    where = ", ".join(filter(None, (f"row {problem.row}", problem.column))) if problem.row else "the file"
    value = f" {problem.value!r}" if problem.value else ""
    return f"- {where}{value}: {problem.reason}"
