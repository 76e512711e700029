"""Checks every row of a return and hangs it on its parent. A person is sound when every row below is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TypeVar

from services.caseload.imports.sen2.modules import ReturnRead
from services.caseload.imports.sen2.rows import MODULES, Module
from shared.imports.report import RowProblem
from shared.imports.rows import RowModel, check_rows
from shared.imports.tables import Row, Table

RowT = TypeVar("RowT", bound=RowModel)


@dataclass(frozen=True, slots=True)
class Origin:
    """The file that a row comes from, and its headings by our names of the columns."""

    file: str
    headings: dict[str, str]


@dataclass(slots=True)
class Node:
    """A row with the rows that hang on it, by module. `record` is None when a cell of the row is bad."""

    origin: Origin
    number: int
    record: RowModel | None
    below: dict[str, list[Node]] = field(default_factory=dict)

    def records(self, module: str, kind: type[RowT]) -> Iterator[tuple[Node, RowT]]:
        """The sound rows of a module that hang on this one, in the file's order."""
        for node in self.below.get(module, ()):
            if isinstance(node.record, kind):
                yield node, node.record

    def is_sound(self) -> bool:
        """Whether this row and every row below is good."""
        below = (node for nodes in self.below.values() for node in nodes)
        return self.record is not None and all(node.is_sound() for node in below)

    def problem(self, column: str, value: object, reason: str) -> RowProblem:
        """Something wrong with this row."""
        heading = self.origin.headings.get(column, column)
        return RowProblem(self.origin.file, self.number, heading, str(value)[:80], reason)


def hang_rows(read: ReturnRead) -> list[Node]:
    """The persons of a return with all that hangs on them; problems and warnings are added to `read`.

    Each table is let go once its rows hang, so that a large return is not held twice.
    """
    sent = frozenset(read.tables)
    found: dict[str, dict[str, Node]] = {"": {}}
    persons: list[Node] = []
    for module in MODULES:
        table = read.tables.pop(module.name, None)
        if table is None:
            found[module.name] = {}  # its reader has refused the return
            continue
        nodes = _nodes(table, module, read)
        if module.parent in sent:
            _hang(nodes, module, found[module.parent], read)
        found[module.name] = _by_id(nodes, module, read)
        if not module.parent:
            persons = [node for _, node in nodes]
    return persons


def _nodes(table: Table, module: Module, read: ReturnRead) -> list[tuple[Row, Node]]:
    """A node for each row; rows are checked by position, for an XML file has many rows of one number.

    A broken row has a node without a record, which spoils its person.
    """
    placed = Table(table.file, [Row(at, row.cells) for at, row in enumerate(table.rows)], [], table.headings)
    checked = check_rows(placed, module.row)
    read.problems += [replace(problem, row=table.rows[problem.row].number) for problem in checked.problems]
    good = dict(checked.rows)
    origin = Origin(table.file, table.headings)
    nodes = [(row, Node(origin, row.number, good.get(at))) for at, row in enumerate(table.rows)]
    return nodes + [(row, Node(origin, row.number, None)) for row in table.broken]


def _hang(nodes: list[tuple[Row, Node]], module: Module, parents: dict[str, Node], read: ReturnRead) -> None:
    for row, node in nodes:
        parent_id = row.cells.get(module.parent_id)
        parent = parents.get(parent_id) if parent_id is not None else None
        if parent is not None:
            parent.below.setdefault(module.name, []).append(node)
        elif parent_id is not None:
            why = f"no row of the {module.parent} module has this id; the row belongs to nobody in the return"
            read.problems.append(node.problem(module.parent_id, parent_id, why))


def _by_id(nodes: list[tuple[Row, Node]], module: Module, read: ReturnRead) -> dict[str, Node]:
    """Rows by table id. Two rows of one id are both refused, for what hangs on them cannot be told apart."""
    found: dict[str, Node] = {}
    for row, node in nodes if module.has_children else ():
        own = row.cells.get(module.own_id)
        first = found.setdefault(own, node) if own is not None else node
        if first is not node:
            why = f"the id is there twice, first in row {first.number}; ids of a module are unique"
            read.problems.append(node.problem(module.own_id, own, why))
            first.record = node.record = None
    return found
