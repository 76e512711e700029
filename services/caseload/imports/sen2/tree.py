"""Checks every column of a return and hangs its rows on their parents. A person is sound when every row below is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.caseload.imports.sen2.modules import ReturnRead
from services.caseload.imports.sen2.rows import MODULES, Module
from shared.imports.report import RowProblem
from shared.imports.rows import check_columns
from shared.imports.tables import Table

NOBODY = -1
"""The place of a parent that is not in the return."""


@dataclass
class ModuleRows:
    """The rows of a module, column by column. A row is known by its place: good ones, then those that are broken.

    `says` has what each column says of each row, `parents` the places of the rows that they hang on. `bad` are the
    places of rows with a cell, an id or a shape that is wrong, `spoiled` those that a rule of whole persons refuses.
    `reached` are the places whose rows above are all good, in the file's order: of others nothing is read.
    """

    module: Module
    file: str
    headings: Mapping[str, str]
    numbers: Sequence[int]
    says: Mapping[str, Sequence[Any]]
    parents: Sequence[int]
    bad: set[int]
    reached: Sequence[int] = ()
    spoiled: set[int] = field(default_factory=set)

    def each(self, *names: str) -> Iterator[tuple[Any, ...]]:
        """The place of every row reached, and what these columns say of it."""
        columns = [self.says[name] for name in names]
        if len(self.reached) == len(self.numbers):
            return zip(self.reached, *columns, strict=True)
        return ((at, *(column[at] for column in columns)) for at in self.reached)

    def problem(self, at: int, column: str, value: object, reason: str) -> RowProblem:
        """Something wrong with a row."""
        heading = self.headings.get(column, column)
        return RowProblem(self.file, self.numbers[at], heading, str(value)[:80], reason)


HungRows = Mapping[str, ModuleRows]
"""The rows of every module, by its name."""


def hang_rows(read: ReturnRead) -> HungRows:
    """The rows of a return; problems are added to `read`.

    Each table is let go once its rows hang, so that a large return is not held twice.
    """
    sent = frozenset(read.tables)
    hung: dict[str, ModuleRows] = {}
    places: dict[str, dict[str, int]] = {}
    for module in MODULES:
        table = read.tables.pop(module.name, None) or Table("", [], {}, [], {})  # its reader has refused the return
        rows = _checked(table, module, read)
        if module.parent in sent:
            rows.parents = _parents(rows, _ids(table, module.parent_id), places[module.parent], read)
        places[module.name] = _places(rows, _ids(table, module.own_id), read) if module.has_children else {}
        hung[module.name] = rows
    for module in MODULES:
        hung[module.name].reached = _reached(module, hung)
    return hung


def spoiled_persons(hung: HungRows) -> set[int]:
    """The places of persons of whom a row is bad, or a rule refuses one."""
    for module in reversed(MODULES):
        rows = hung[module.name]
        rows.spoiled |= rows.bad
        if module.parent:
            hung[module.parent].spoiled |= {rows.parents[at] for at in rows.spoiled} - {NOBODY}
    return hung["person"].spoiled


def _checked(table: Table, module: Module, read: ReturnRead) -> ModuleRows:
    """A table's rows that hang on nobody yet."""
    says, bad, problems = check_columns(table, module.row)
    read.problems += problems
    numbers = [*table.numbers, *(row.number for row in table.broken)]
    broken = range(len(table.numbers), len(numbers))
    return ModuleRows(module, table.file, table.headings, numbers, says, [NOBODY] * len(numbers), {*bad, *broken})


def _ids(table: Table, column: str) -> list[str | None]:
    """A column of ids, of good rows, then of broken ones; None where one cannot be read."""
    good: Sequence[str | None] = table.columns.get(column) or [None] * len(table.numbers)
    return [*good, *(row.cells.get(column) for row in table.broken)]


def _parents(
    rows: ModuleRows, parent_ids: Sequence[str | None], places: Mapping[str, int], read: ReturnRead
) -> list[int]:
    """The place of each row's parent; a row whose parent is not there is a problem."""
    parents = [NOBODY if parent_id is None else places.get(parent_id, NOBODY) for parent_id in parent_ids]
    for at, parent_id in enumerate(parent_ids) if NOBODY in parents else ():
        if parent_id is not None and parents[at] == NOBODY:
            why = f"no row of the {rows.module.parent} module has this id; the row belongs to nobody in the return"
            read.problems.append(rows.problem(at, rows.module.parent_id, parent_id, why))
    return parents


def _places(rows: ModuleRows, own_ids: Iterable[str | None], read: ReturnRead) -> dict[str, int]:
    """Rows by table id. Two rows of one id are both refused, for what hangs on them cannot be told apart."""
    found: dict[str, int] = {}
    for at, own in enumerate(own_ids):
        first = found.setdefault(own, at) if own is not None else at
        if first != at:
            why = f"the id is there twice, first in row {rows.numbers[first]}; ids of a module are unique"
            read.problems.append(rows.problem(at, rows.module.own_id, own, why))
            rows.bad |= {first, at}
    return found


def _reached(module: Module, hung: HungRows) -> Sequence[int]:
    """Places of good rows whose rows above are. What hangs on a bad assessment is looked at all the same."""
    rows = hung[module.name]
    everywhere = range(len(rows.numbers))
    if not module.parent:
        return [at for at in everywhere if at not in rows.bad] if rows.bad else everywhere
    above = hung[module.parent]
    open_to: Sequence[int] = above.reached
    if module.parent == "assessment":
        requests = frozenset(hung["requests"].reached)
        open_to = [at for at, parent in enumerate(above.parents) if parent in requests]
    if not rows.bad and NOBODY not in rows.parents and len(open_to) == len(above.numbers):
        return everywhere
    passing = frozenset(open_to)
    return [at for at in everywhere if at not in rows.bad and rows.parents[at] in passing]
