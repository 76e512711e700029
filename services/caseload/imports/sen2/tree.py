"""Checks every row of a return and hangs it on its parent. A person is sound when every row below is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from services.caseload.imports.sen2.modules import ReturnRead
from services.caseload.imports.sen2.rows import MODULES, Module
from shared.imports.report import RowProblem
from shared.imports.rows import RowModel, check_each
from shared.imports.tables import Table

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

    def records(self, module: str, kind: type[RowT]) -> list[tuple[Node, RowT]]:
        """The sound rows of a module that hang on this one, in the file's order."""
        nodes = self.below.get(module, ())
        return [(node, node.record) for node in nodes if isinstance(node.record, kind)]

    def is_sound(self) -> bool:
        """Whether this row and every row below is good."""
        below = (node for nodes in self.below.values() for node in nodes)
        return self.record is not None and all(node.is_sound() for node in below)

    def problem(self, column: str, value: object, reason: str) -> RowProblem:
        """Something wrong with this row."""
        heading = self.origin.headings.get(column, column)
        return RowProblem(self.origin.file, self.number, heading, str(value)[:80], reason)


@dataclass(frozen=True)
class HungRows:
    """The persons of a return with all that hangs on them. `are_sound` says that no row of any module is bad."""

    persons: Sequence[Node]
    are_sound: bool


def hang_rows(read: ReturnRead) -> HungRows:
    """The persons of a return; problems and warnings are added to `read`.

    Each table is let go once its rows hang, so that a large return is not held twice.
    """
    sent = frozenset(read.tables)
    found: dict[str, dict[str, Node]] = {"": {}}
    persons: list[Node] = []
    are_sound = True
    for module in MODULES:
        table = read.tables.pop(module.name, None)
        if table is None:
            found[module.name] = {}  # its reader has refused the return
            continue
        nodes = _nodes(table, module, read)
        if module.parent in sent:
            _hang(nodes, _cells(table, module.parent_id), module, found[module.parent], read)
        found[module.name] = _by_id(nodes, _cells(table, module.own_id), module, read) if module.has_children else {}
        are_sound = are_sound and all(node.record is not None for node in nodes)
        if not module.parent:
            persons = nodes
    return HungRows(persons, are_sound)


def _nodes(table: Table, module: Module, read: ReturnRead) -> list[Node]:
    """A node for each row. A broken row, of which there are no checked cells, has one that spoils its person."""
    records, problems = check_each(table, module.row)
    read.problems += problems
    origin = Origin(table.file, table.headings)
    nodes = [Node(origin, number, record) for number, record in zip(table.numbers, records, strict=True)]
    return nodes + [Node(origin, row.number, None) for row in table.broken]


def _cells(table: Table, column: str) -> list[str | None]:
    """A column of ids, of good rows, then of broken ones; None where one cannot be read."""
    good: Sequence[str | None] = table.columns.get(column) or [None] * len(table.numbers)
    return [*good, *(row.cells.get(column) for row in table.broken)]


def _hang(
    nodes: Iterable[Node],
    parent_ids: Iterable[str | None],
    module: Module,
    parents: dict[str, Node],
    read: ReturnRead,
) -> None:
    for node, parent_id in zip(nodes, parent_ids, strict=True):
        if parent_id is None:
            continue
        parent = parents.get(parent_id)
        if parent is not None:
            parent.below.setdefault(module.name, []).append(node)
        else:
            why = f"no row of the {module.parent} module has this id; the row belongs to nobody in the return"
            read.problems.append(node.problem(module.parent_id, parent_id, why))


def _by_id(nodes: Iterable[Node], own_ids: Iterable[str | None], module: Module, read: ReturnRead) -> dict[str, Node]:
    """Rows by table id. Two rows of one id are both refused, for what hangs on them cannot be told apart."""
    found: dict[str, Node] = {}
    for node, own in zip(nodes, own_ids, strict=True):
        first = found.setdefault(own, node) if own is not None else node
        if first is not node:
            why = f"the id is there twice, first in row {first.number}; ids of a module are unique"
            read.problems.append(node.problem(module.own_id, own, why))
            first.record = node.record = None
    return found
