"""Read a file of rows from disk; every refused row is named, and one refuses the file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from services.cli import exits
from services.cli.failures import CannotGoOn
from shared.imports.report import MAX_IMPORT_BYTES, RowProblem, SourceFile
from shared.imports.rows import RowModel, read_rows

RowT = TypeVar("RowT", bound=RowModel)
MOST_NAMED = 10


def read_file(path: Path, model: type[RowT]) -> list[tuple[int, RowT]]:
    """The rows with their numbers. Raises CannotGoOn that names each refused row."""
    if path.stat().st_size > MAX_IMPORT_BYTES:
        raise CannotGoOn(f"{path} is larger than 128 MiB.", "Leave out paths or cells that are not needed.")
    checked = read_rows(SourceFile(path.name, path.read_bytes()), model)
    refuse(path, checked.problems)
    return list(checked.rows)


def refuse(path: Path, problems: Sequence[RowProblem]) -> None:
    """Raise CannotGoOn that names each problem, the first ones in full, if there are any."""
    if not problems:
        return
    named = "\n".join(_line(problem) for problem in sorted(problems)[:MOST_NAMED])
    more = f"\nand {len(problems) - MOST_NAMED:,} more" if len(problems) > MOST_NAMED else ""
    raise CannotGoOn(f"{path} is refused:\n{named}{more}", "Correct those cells.", exits.ANSWER_IS_NO)


def _line(problem: RowProblem) -> str:
    where = f"row {problem.row}, {problem.column}" if problem.row else "the file"
    value = f" {problem.value!r}" if problem.value else ""
    return f"- {where}{value}: {problem.reason}"
