"""What the product's own files share: a row names a child by case id or UPN."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

from pydantic import BeforeValidator, Field, ValidationError

from services.caseload.domain.identities import Known
from services.caseload.domain.pseudonyms import CASE_ID_SHAPE, Pseudonyms
from services.caseload.imports.sen2.rows import Upn
from shared.imports.report import RowProblem, SourceFile
from shared.imports.rows import RowModel, check_rows
from shared.imports.tables import Table, UnreadableFile, no_rows, read_table


def _case_id(cell: object) -> str:
    text = str(cell).strip()
    if not CASE_ID_SHAPE.fullmatch(text):
        raise ValueError("not a case id: case_ and sixteen digits or letters a to f")
    return text


class ChildRow(RowModel):
    """A row about one child."""

    case_id: Annotated[str, BeforeValidator(_case_id)] = Field(
        "", description="The child's case id, such as case_5f0c9a7be21d4433. Give this or upn."
    )
    upn: Upn = Field("", description="The child's unique pupil number; it is looked up and not kept.")


ChildT = TypeVar("ChildT", bound=ChildRow)


@dataclass(frozen=True)
class ChildRows(Generic[ChildT]):
    """Good rows of one file by (row number, case id, row), with their table for naming columns; and what is wrong.

    `spoiled` has the row number of a refused row of each case that has one, as far as the row says whose it is.
    """

    table: Table | None
    rows: Sequence[tuple[int, str, ChildT]]
    rows_read: int
    problems: Sequence[RowProblem]
    spoiled: Mapping[str, int]

    def problem(self, number: int, column: str, value: object, reason: str) -> RowProblem:
        """Something wrong with a row."""
        file, headings = (self.table.file, self.table.headings) if self.table else ("", {})
        return RowProblem(file, number, headings.get(column, column), str(value)[:80], reason)


def read_child_rows(
    file: SourceFile, model: type[ChildT], pseudonyms: Pseudonyms, known: Known, case_ids: Iterable[str]
) -> ChildRows[ChildT]:
    """Check a file and find the child of each row. `case_ids` are all that there are."""
    try:
        table = read_table(file, model.required_columns(), model.optional_columns())
    except UnreadableFile as unreadable:
        return ChildRows(None, [], 0, [unreadable.problem], {})
    rows_read = table.count_rows()
    if not {"case_id", "upn"} & table.headings.keys():
        why = f"the column is missing (needed: case_id or upn, and {', '.join(model.required_columns())})"
        return ChildRows(table, [], rows_read, [RowProblem(file.name, 0, "case_id", "", why)], {})
    checked = check_rows(table, model)
    problems = [*checked.problems, *no_rows(table)]
    found: list[tuple[int, str, ChildT]] = []
    finder = ChildFinder(pseudonyms, known, frozenset(case_ids))
    for number, row in checked.rows:
        case_id, column, why = finder.find(row)
        if case_id:
            found.append((number, case_id, row))
        else:
            heading = table.headings.get(column, column)
            problems.append(RowProblem(file.name, number, heading, row.case_id or row.upn, why))
    spoiled = _spoiled(table, {problem.row for problem in checked.problems}, finder)
    return ChildRows(table, found, rows_read, problems, spoiled)


def _spoiled(table: Table, refused: Container[int], finder: ChildFinder) -> dict[str, int]:
    """Row numbers of refused rows by the case that they name."""
    spoiled: dict[str, int] = {}
    for row in (*table.rows_of(refused), *table.broken):
        try:
            case_id, _, _ = finder.find(ChildRow.from_cells(row.cells))
        except ValidationError:
            continue
        spoiled[case_id] = row.number
    return spoiled


@dataclass(frozen=True)
class ChildFinder:
    """Finds the case of a child that a file names. `case_ids` are all that there are."""

    pseudonyms: Pseudonyms
    known: Known
    case_ids: frozenset[str]

    def find_named(self, name: str) -> str:
        """The case of a child by its case id or UPN; "" for none."""
        if CASE_ID_SHAPE.fullmatch(name):
            return name if name in self.case_ids else ""
        return self.known.get(("upn", self.pseudonyms.digest("upn", name)), "")

    def find(self, row: ChildRow) -> tuple[str, str, str]:
        """The case id of a row, or "", the column at fault and why."""
        by_upn = self.known.get(("upn", self.pseudonyms.digest("upn", row.upn)), "") if row.upn else ""
        if not (row.case_id or row.upn):
            return "", "case_id", "the row names no child; give a UPN or a case_id"
        if row.case_id and row.case_id not in self.case_ids:
            return "", "case_id", "no case has this id; import the SEN2 return first, or correct the id"
        if row.upn and not by_upn:
            return "", "upn", "no case has this UPN; import the SEN2 return first, or correct the UPN"
        if row.case_id and by_upn and row.case_id != by_upn:
            return "", "upn", "the UPN is another child's than the case id; keep the right one"
        return row.case_id or by_upn, "", ""
