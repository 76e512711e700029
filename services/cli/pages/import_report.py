"""What an import did: counts, refused rows as a table, and what to do next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from rich.console import RenderableType
from rich.table import Table

from inborough.common.v1 import common_pb2
from services import words
from services.cli import terminal

ROWS_SHOWN = 40


def import_page(what: str, report: common_pb2.ImportReport) -> Iterator[RenderableType]:
    """The report for a person. `what` names the records counted, such as "pools"."""
    would = "would be " if report.preview else ""
    yield (
        f"{words.counted(report.rows_read, 'row')} read. {what.capitalize()}: {report.created:,} {would}new, "
        f"{report.updated:,} {would}changed, {report.unchanged:,} unchanged."
    )
    yield from _listed("Refused rows", report.problems, report.problems_total)
    yield from _listed("Kept, but look at these", report.warnings, report.warnings_total)
    yield f"\n{_outcome(report)}"


def _listed(title: str, problems: Iterable[common_pb2.RowProblem], total: int) -> Iterator[RenderableType]:
    """At most ROWS_SHOWN of what travelled; `total` counts what did not travel too, and is 0 where nobody counted."""
    found = list(problems)
    if not found:
        return
    first = f" (the first {len(found):,} are listed)" if total > len(found) else ""
    yield terminal.heading(f"{title}: {max(total, len(found)):,}{first}")
    yield problem_table(found[:ROWS_SHOWN])
    if len(found) > ROWS_SHOWN:
        yield f"and {len(found) - ROWS_SHOWN:,} more; --json lists them"


def problem_table(problems: Iterable[common_pb2.RowProblem]) -> Table:
    """File, row, column, value and reason. Row 0 is the whole file."""
    rows = [
        (problem.file, str(problem.row) if problem.row else "all", problem.column, problem.value, problem.reason)
        for problem in problems
    ]
    return terminal.table(("File", "Row", "Column", "Value", "Reason"), rows, right=("Row",))


def _outcome(report: common_pb2.ImportReport) -> str:
    if report.preview and report.accepted:
        return "Preview: nothing was written. Run it again without --preview to import."
    if report.accepted and not report.rows_read:
        return "The file has no rows."
    if report.accepted and not (report.created or report.updated):
        return "Nothing changed: all of it was there already."
    if report.accepted:
        return "Imported; the refused rows were left out." if report.problems else "Imported."
    if any(problem.row == 0 for problem in report.problems):
        return "Nothing was written. Correct the file and import it again."
    return "Nothing was written. Correct the rows above, or import the others with --good-rows-only."


def import_json(report: common_pb2.ImportReport) -> dict[str, Any]:
    """The report for a machine."""
    return {
        "import_id": report.import_id,
        "preview": report.preview,
        "accepted": report.accepted,
        "rows_read": report.rows_read,
        "created": report.created,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "problems_total": max(report.problems_total, len(report.problems)),
        "warnings_total": max(report.warnings_total, len(report.warnings)),
        "problems": [_problem_json(problem) for problem in report.problems],
        "warnings": [_problem_json(problem) for problem in report.warnings],
    }


def _problem_json(problem: common_pb2.RowProblem) -> dict[str, Any]:
    return {
        "file": problem.file,
        "row": problem.row,
        "column": problem.column,
        "value": problem.value,
        "reason": problem.reason,
    }
