"""What an import found and did, in our words and on the wire."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from inborough.common.v1 import common_pb2
from shared.errors import InvalidInput, TooMuch
from shared.ids import content_id
from shared.imports.bounds import Bounds
from shared.logs import log

MAX_PROBLEMS_SENT = 1000


@dataclass(frozen=True)
class SourceFile:
    """One file as the user has it: its name without a folder, and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, order=True)
class RowProblem:
    """One thing wrong with one row. `row` counts as a spreadsheet does (the heading is 1); 0 means the whole file."""

    file: str
    row: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True)
class ImportOptions:
    """How the user wants an import done. `good_rows_only` False means one bad row refuses all."""

    preview: bool = False
    good_rows_only: bool = False


@dataclass(frozen=True)
class ImportReport:
    """Counts and problems of one import. `accepted` says whether rows were (or in a preview would be) written."""

    import_id: str
    preview: bool = False
    accepted: bool = False
    rows_read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    problems: Sequence[RowProblem] = field(default=())
    warnings: Sequence[RowProblem] = field(default=())

    def ordered(self) -> ImportReport:
        """The same report with problems and warnings ordered by file, row and column."""
        return replace(self, problems=sorted(self.problems), warnings=sorted(self.warnings))


def import_id(files: Iterable[SourceFile]) -> str:
    """The id of an import: the same files give the same id."""
    return content_id("imp", *(part for f in sorted(files, key=lambda f: f.name) for part in (f.name, f.content)))


def may_write(problems: Sequence[RowProblem], options: ImportOptions) -> bool:
    """Whether good rows are accepted: always when nothing is wrong, else only when the user asked for good rows only.

    A problem of a whole file (row 0) refuses everything.
    """
    return not problems or (options.good_rows_only and all(p.row > 0 for p in problems))


def files_from_wire(files: Iterable[common_pb2.ImportFile]) -> list[SourceFile]:
    """The files of a request. Raises InvalidInput for none or one without a name, TooMuch for too many bytes together.

    An empty file is let through, for its reader to report.
    """
    found = [SourceFile(f.name.replace("\\", "/").rsplit("/", 1)[-1], f.content) for f in files]
    if not found or any(not f.name for f in found):
        raise InvalidInput("file", "no file was sent; name a file that has rows")
    bounds = Bounds()
    if sum(len(f.content) for f in found) > bounds.content:
        raise TooMuch(f"The files of one import may hold {bounds.mib} MiB together. Split them and import each part.")
    return found


def options_from_wire(mode: common_pb2.ImportMode.ValueType, preview: bool) -> ImportOptions:
    """How to import. Raises InvalidInput when the mode is not given."""
    if mode == common_pb2.IMPORT_MODE_UNSPECIFIED:
        raise InvalidInput("mode", "say ALL_OR_NOTHING or GOOD_ROWS_ONLY")
    return ImportOptions(preview, mode == common_pb2.IMPORT_MODE_GOOD_ROWS_ONLY)


def report_to_wire(report: ImportReport) -> common_pb2.ImportReport:
    """A report as a message; the first 1,000 problems and warnings travel, and how many there are."""
    ordered = report.ordered()
    return common_pb2.ImportReport(
        import_id=ordered.import_id,
        preview=ordered.preview,
        accepted=ordered.accepted,
        rows_read=ordered.rows_read,
        created=ordered.created,
        updated=ordered.updated,
        unchanged=ordered.unchanged,
        problems=map(_problem_to_wire, ordered.problems[:MAX_PROBLEMS_SENT]),
        warnings=map(_problem_to_wire, ordered.warnings[:MAX_PROBLEMS_SENT]),
        problems_total=len(ordered.problems),
        warnings_total=len(ordered.warnings),
    )


def _problem_to_wire(problem: RowProblem) -> common_pb2.RowProblem:
    return common_pb2.RowProblem(
        file=problem.file, row=problem.row, column=problem.column, value=problem.value[:80], reason=problem.reason
    )


def log_import(event: str, report: ImportReport) -> None:
    """Log what an import did, in counts alone: a problem's value may be personal."""
    log(
        event,
        import_id=report.import_id,
        preview=report.preview,
        rows=report.rows_read,
        created=report.created,
        updated=report.updated,
        unchanged=report.unchanged,
        problems=len(report.problems),
        warnings=len(report.warnings),
    )
