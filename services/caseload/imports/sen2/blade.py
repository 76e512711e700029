"""A Blade CSV export: one file a module, `Blade-Export_DD-MM-YYYY_<module>.csv`, linked by table ids."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from services.caseload.imports.sen2.modules import ReturnRead
from services.caseload.imports.sen2.rows import BY_NAME, Module
from shared.days import parse_day
from shared.imports.report import RowProblem, SourceFile
from shared.imports.tables import UnreadableFile, read_table

MODULE_OF_NAME = re.compile(r"(?:^|.*[_\- ])(?P<module>[a-z0-9]+)\.(?:csv|xlsx)", re.IGNORECASE)
DAY_OF_NAME = re.compile(r"\d{2}-\d{2}-\d{4}")


def read_blade(files: Sequence[SourceFile]) -> ReturnRead:
    """The modules of an export. What is missing or unreadable is a problem, a file of no module of ours a warning."""
    read = ReturnRead(return_day=_return_day(files))
    for file in files:
        _read_file(file, read)
    if len({day for file in files if (day := _day_in(file))}) > 1:
        read.refuse(files[0].name, "the files are of exports of different days; send the files of one export")
    _refuse_missing(files, read)
    return read


def _refuse_missing(files: Sequence[SourceFile], read: ReturnRead) -> None:
    """A problem for each module without a file: read without it, a return would erase what is on file."""
    sent = {_module_name(file) for file in files}
    for module in BY_NAME:
        if module not in sent:
            why = f"no …_{module}.csv was sent; export the {module} module too and send all files together"
            read.refuse(f"…_{module}.csv", why)


def _read_file(file: SourceFile, read: ReturnRead) -> None:
    module = BY_NAME.get(_module_name(file))
    if module is None:
        read.warn(file.name, f"not read: no module of that name (known: {', '.join(BY_NAME)})")
    elif module.name in read.tables:
        read.refuse(file.name, f"the {module.name} module was sent twice; send the files of one export")
    else:
        _read_module(file, module, read)


def _read_module(file: SourceFile, module: Module, read: ReturnRead) -> None:
    links = [module.own_id] if module.has_children else []
    links += [module.parent_id] if module.parent else []
    required = [*links, *module.row.required_columns()]
    try:
        table = read_table(file, required, module.row.optional_columns())
    except UnreadableFile as unreadable:
        read.problems.append(unreadable.problem)
        return
    read.add(module.name, table)
    lost = next((row.number for row in table.broken if module.parent and module.parent_id not in row.cells), 0)
    if lost:
        why = f"row {lost} cannot be read, so whose row it is is not known; correct it first"
        read.problems.append(RowProblem(file.name, 0, "", "", why))


def _module_name(file: SourceFile) -> str:
    found = MODULE_OF_NAME.fullmatch(file.name)
    return found["module"].casefold() if found else ""


def _day_in(file: SourceFile) -> date | None:
    found = DAY_OF_NAME.search(file.name)
    try:
        return parse_day(found[0]) if found else None
    except ValueError:
        return None


def _return_day(files: Sequence[SourceFile]) -> date | None:
    return max((day for file in files if (day := _day_in(file))), default=None)
