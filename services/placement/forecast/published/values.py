"""Cells of the published tables: a count, or a letter that says why there is none."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

WHERE_PUBLISHED = (
    "The Department for Education publishes these tables on Explore Education Statistics "
    '(https://explore-education-statistics.service.gov.uk), release "Education, health and care plans": '
    'choose "Download all data (zip)", unpack it and name its folder.'
)
WITHHELD = frozenset({"", "x", "z", "c", "k", "low", ":"})
"""Not available, not applicable, suppressed, or above zero but below what is shown. None of them is a zero."""


class PublishedTablesMissingError(FileNotFoundError):
    """The folder, a table in it or an authority in the tables is not there."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} {WHERE_PUBLISHED}")


class PublishedTableWrongError(ValueError):
    """A table is not as the Department publishes it: which file, row, column and value, and the rule it breaks."""


@dataclass(frozen=True)
class Row:
    """One line of a table: `line` counts from 1 with the heading, `cells` by column name."""

    file: str
    line: int
    cells: Mapping[str, str]

    def text(self, column: str) -> str:
        """The cell as it stands."""
        return self.cells[column]

    def number(self, column: str) -> float:
        """A count or percentage of 0 or more; NaN where the Department withholds it."""
        value = self.cells[column].strip()
        if value in WITHHELD:
            return math.nan
        try:
            number = float(value.replace(",", ""))
        except ValueError:
            raise self.wrong(column, "is a number, or x, z, c, k or low where there is none") from None
        if not (math.isfinite(number) and number >= 0):
            raise self.wrong(column, "is 0 or more")
        return number

    def wrong(self, column: str, rule: str) -> PublishedTableWrongError:
        """The complaint that a cell breaks a rule."""
        where = f"{self.file}, row {self.line}, column {column}"
        return PublishedTableWrongError(f"{where}: {self.cells[column]!r} is wrong; {column} {rule}.")
