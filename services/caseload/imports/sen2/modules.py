"""A return as read from its files, before any row is checked: a table for each module, whatever the file's form."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from shared.imports.report import RowProblem
from shared.imports.tables import Table


@dataclass
class ReturnRead:
    """Tables by module name, whose rows carry `<module>tableid` and their parent's; the day of the return, if known."""

    return_day: date | None = None
    tables: dict[str, Table] = field(default_factory=dict)
    problems: list[RowProblem] = field(default_factory=list)
    warnings: list[RowProblem] = field(default_factory=list)
    rows_read: int = 0

    def add(self, module: str, table: Table) -> None:
        """Take a module's table; its rows count, good and bad."""
        self.tables[module] = table
        self.problems += table.problems
        self.rows_read += table.count_rows()

    def refuse(self, file: str, reason: str) -> None:
        """A problem of a whole file."""
        self.problems.append(RowProblem(file, 0, "", "", reason))

    def warn(self, file: str, reason: str) -> None:
        """A remark on a whole file."""
        self.warnings.append(RowProblem(file, 0, "", "", reason))
