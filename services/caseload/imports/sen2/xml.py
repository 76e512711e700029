"""A SEN2 XML return, read as a stream. Element names are matched without case; entities and DTDs are refused.

The result is the same tables as a Blade export gives. A row's number is the ordinal of its Person element in the file.
"""

from __future__ import annotations

import io
from collections import defaultdict
from datetime import date
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from services.caseload.imports.sen2.modules import ReturnRead
from services.caseload.imports.sen2.rows import BY_NAME, MODULES, Module
from shared.days import parse_day
from shared.imports.report import RowProblem, SourceFile
from shared.imports.tables import Row, Table

MODULE_OF_ELEMENT = {**{name: name for name in BY_NAME}, "request": "requests", "activeplan": "activeplans"}
DEEPEST = 64
RETURN_DAY_ELEMENTS = ("referencedate", "datetime")


def read_xml(file: SourceFile) -> ReturnRead:
    """The modules of a return. A file that is not sound XML, or declares entities, is one problem of the whole file."""
    reader = _Reader(file.name)
    if not file.content:
        reader.read.refuse(file.name, "the file is empty; export it again")
        return reader.read
    try:
        for event, element in iterparse(io.BytesIO(file.content), events=("start", "end"), forbid_dtd=True):
            reader.begin(element) if event == "start" else reader.end(element)
    except DefusedXmlException:
        reader.read.refuse(file.name, "a document type or entities are declared, which is refused; export it again")
    except (ParseError, ValueError, LookupError) as error:
        line, _ = getattr(error, "position", (0, 0))
        where = f" at line {line}" if line else ""
        reader.read.refuse(file.name, f"not a readable XML file{where}; export it again")
    except _TooDeep:
        reader.read.refuse(file.name, f"elements are nested more than {DEEPEST} deep; this is not a SEN2 return")
    return reader.finish()


class _TooDeep(Exception):
    """Nothing in a return is nested like this."""


class _Reader:
    """Gathers a module's leaf elements into a row, and gives each row an id and its parent's."""

    def __init__(self, name: str) -> None:
        self.read = ReturnRead()
        self._name = name
        self._path: list[str] = []
        self._open: list[tuple[Module, dict[str, str]]] = []
        self._rows: dict[str, list[Row]] = defaultdict(list)
        self._headings: dict[str, dict[str, str]] = defaultdict(dict)
        self._person = 0

    def begin(self, element: Any) -> None:
        """An element opens; a module's begins a row."""
        if len(self._path) >= DEEPEST:
            raise _TooDeep
        self._path.append(_local_tag(element).casefold())
        module = BY_NAME.get(MODULE_OF_ELEMENT.get(self._path[-1], ""))
        if module is None:
            return
        self._person += module.name == "person"
        parent, cells = self._open[-1] if self._open else (None, {})
        links = {module.own_id: f"{len(self._rows[module.name]) + 1}"}
        if module.parent:
            hangs_right = parent is not None and parent.name == module.parent
            links[module.parent_id] = cells[module.parent_id] if hangs_right else ""
        self._open.append((module, links))
        self._rows[module.name].append(Row(self._person, links))

    def end(self, element: Any) -> None:
        """An element closes; a leaf is a cell of the row that is open, a module's element closes its row."""
        name = self._path.pop()
        if MODULE_OF_ELEMENT.get(name):
            self._open.pop()
        elif len(element) == 0:
            self._take_leaf(name, element)
        element.clear()

    def _take_leaf(self, name: str, element: Any) -> None:
        text = (element.text or "").strip()
        if not self._open:
            self._take_header(name, text)
            return
        module, cells = self._open[-1]
        if name not in module.row.model_fields:
            return
        if name in cells:
            why = "the element is there twice; keep one of them"
            self.read.problems.append(RowProblem(self._name, self._person, _local_tag(element), text[:80], why))
        cells[name] = text
        self._headings[module.name].setdefault(name, _local_tag(element))

    def _take_header(self, name: str, text: str) -> None:
        if "header" in self._path and name in RETURN_DAY_ELEMENTS and self.read.return_day is None:
            self.read.return_day = _day_of(text)

    def finish(self) -> ReturnRead:
        """The tables; every row has every column that its module reads."""
        for module in MODULES:
            rows, names = self._rows[module.name], [module.own_id, *module.row.model_fields]
            names += [module.parent_id] if module.parent else []
            columns = {name: [row.cells.get(name, "") for row in rows] for name in names}
            numbers = [row.number for row in rows]
            self.read.add(module.name, Table(self._name, numbers, columns, [], self._headings[module.name]))
        if not self._rows["person"] and not self.read.problems:
            self.read.refuse(self._name, "no Person element was found; this is not a SEN2 person-level return")
        return self.read


def _local_tag(element: Any) -> str:
    """The element's name as written, without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _day_of(text: str) -> date | None:
    try:
        return parse_day(text.partition("T")[0])
    except ValueError:
        return None
