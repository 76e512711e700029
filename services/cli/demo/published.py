"""What the Department publishes about one authority's plans: exact numbers to reproduce."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from services.cli.demo.fitting import share_out

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class PublishedCaseload:
    """One authority in January 2024.

    `cells` counts children by placement column and age at 31 August 2023.
    `girls` counts them by placement column.
    `need_shares` gives percentages in the order of NEEDS, by row of the need-shares table.
    `started` counts new plans of calendar year 2023 by age; `ceased` those ended, by reason
    code (1 to 9) and age.
    """

    ons_code: str
    la_code: str
    name: str
    cells: Mapping[str, Mapping[int, int]]
    girls: Mapping[str, int]
    need_shares: Mapping[str, tuple[float, ...]]
    new_need_shares: tuple[float, ...]
    started: Mapping[int, int]
    ceased: Mapping[tuple[int, int], int]
    shape_from_england: bool

    @property
    def total(self) -> int:
        """Active plans in January 2024."""
        return sum(sum(ages.values()) for ages in self.cells.values())

    def column_total(self, column: str) -> int:
        """Children in one placement column."""
        return sum(self.cells[column].values())


def scaled(published: PublishedCaseload, total: int) -> PublishedCaseload:
    """The same authority with `total` active plans and everything else in proportion."""
    factor = total / published.total
    keys = [(column, age) for column, ages in published.cells.items() for age in ages]
    counts = share_out(total, [published.cells[column][age] for column, age in keys])
    cells: dict[str, dict[int, int]] = {column: {} for column in published.cells}
    for (column, age), count in zip(keys, counts, strict=True):
        cells[column][age] = count
    return replace(
        published,
        cells=cells,
        girls={column: _scaled_girls(published, cells, column) for column in cells},
        started=_scaled_counts(published.started, factor),
        ceased=_scaled_counts(published.ceased, factor),
    )


def _scaled_girls(published: PublishedCaseload, cells: Mapping[str, Mapping[int, int]], column: str) -> int:
    before = published.column_total(column)
    return round(published.girls[column] * sum(cells[column].values()) / before) if before else 0


def _scaled_counts(counts: Mapping[Key, int], factor: float) -> dict[Key, int]:
    whole = round(sum(counts.values()) * factor)
    if not whole:
        return dict.fromkeys(counts, 0)
    return dict(zip(counts, share_out(whole, list(counts.values())), strict=True))
