"""The cumulative deficit of the Dedicated Schools Grant, year by year, and whether a published table keeps to it.

The rule: a year's deficit is that of the year before, plus the year's spend, less its income. Whole pence throughout.
A published table is checked and reported on, never mended.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from statistics import median

AMOUNTS_A_STEP = 3  # last year's deficit, the year's spend and the year's deficit: each is rounded in print


def grown_income(first_pence: int, growth: Fraction, years: int) -> tuple[int, ...]:
    """Income of each year, the first as given and each later one grown, rounded to whole pence (halves to even)."""
    income = [first_pence]
    while len(income) < years:
        income.append(round(income[-1] * (1 + growth)))
    return tuple(income[:years])


def deficits(opening_pence: int, spend_pence: Sequence[int], income_pence: Sequence[int]) -> tuple[int, ...]:
    """Cumulative deficit at the end of each year; below 0 is a surplus. Raises ValueError if the lengths differ."""
    found, deficit = [], opening_pence
    for spend, income in zip(spend_pence, income_pence, strict=True):
        deficit += spend - income
        found.append(deficit)
    return tuple(found)


@dataclass(frozen=True)
class PublishedRow:
    """One course of action in a published table: its spend and its cumulative deficit, pence, one for each year."""

    name: str
    spend_pence: tuple[int, ...]
    deficit_pence: tuple[int, ...]


@dataclass(frozen=True)
class PublishedTable:
    """A table as it was published, and the rule's parameters.

    Parameters
    ----------
    years
        Two or more, one after the other. The first year's deficits are taken as printed.
    rows
        With one amount for each year; names differ.
    income_pence
        Of the second year, more than 0; None if the table does not state it, and then it is fitted.
    income_growth
        A year, as a share: Fraction(3, 100). From -1/2 to 1.
    tolerance_pence
        A deficit further than this from the rule is a contradiction. 0 or more.
    rounding_pence
        The most by which print rounds an amount: 5,000,000 for GBP m with one decimal.
    """

    title: str
    source: str
    years: tuple[int, ...]
    rows: tuple[PublishedRow, ...]
    income_pence: int | None
    income_growth: Fraction
    tolerance_pence: int
    rounding_pence: int

    def __post_init__(self) -> None:
        if len(self.years) < 2 or any(later != year + 1 for year, later in pairwise(self.years)):
            raise ValueError("years must be two or more, one after the other.")
        if not self.rows:
            raise ValueError("rows: a table needs one or more.")
        if len({row.name for row in self.rows}) != len(self.rows):
            raise ValueError("rows: a name may appear only once.")
        for row in self.rows:
            for measure, amounts in (("spend", row.spend_pence), ("deficit", row.deficit_pence)):
                if len(amounts) != len(self.years):
                    raise ValueError(f"{row.name}: {measure} has {len(amounts)} amounts for {len(self.years)} years.")
        if self.income_pence is not None and self.income_pence <= 0:
            raise ValueError("income must be more than 0.")
        if not Fraction(-1, 2) <= self.income_growth <= 1:
            raise ValueError("income_growth_percent must be from -50 to 100.")
        if self.tolerance_pence < 0:
            raise ValueError("tolerance must be 0 or more.")


@dataclass(frozen=True)
class Inconsistency:
    """A step of a row, from one printed deficit to the next, that its printed spend does not make.

    `off_by_pence` is the printed deficit less what the rule makes of the printed one before it. `cell` says which
    amount stands alone against the others: "spend" when later deficits follow from the printed one; "deficit" when the
    next step is off by as much the other way. Either fitting amount would put the step right, the other as printed.
    """

    year: int
    cell: str
    printed_pence: int
    off_by_pence: int
    fitting_spend_pence: int
    fitting_deficit_pence: int


@dataclass(frozen=True)
class CheckedRow:
    """A row reproduced: `deficit_pence` by the rule from the first printed deficit on, and how far print is from it.

    `reproduced` says whether no difference passes the tolerance. `contradictions` are the steps beyond it,
    `beyond_rounding` those within it that the rounding of print does not explain either.
    """

    row: PublishedRow
    deficit_pence: tuple[int, ...]
    difference_pence: tuple[int, ...]
    reproduced: bool
    contradictions: tuple[Inconsistency, ...]
    beyond_rounding: tuple[Inconsistency, ...]

    @property
    def largest_difference_pence(self) -> int:
        """Of any year, without its sign."""
        return max(map(abs, self.difference_pence))


@dataclass(frozen=True)
class CheckedTable:
    """A table against the rule; `income_pence` is for the years from the second on."""

    table: PublishedTable
    income_pence: tuple[int, ...]
    income_is_fitted: bool
    rows: tuple[CheckedRow, ...]

    @property
    def consistent(self) -> bool:
        """Whether every row is reproduced within the tolerance."""
        return all(row.reproduced for row in self.rows)


def check_table(table: PublishedTable) -> CheckedTable:
    """Reproduce every row by the rule, and name the cells that contradict it and what would fit."""
    first = fit_income(table) if table.income_pence is None else table.income_pence
    income = grown_income(first, table.income_growth, len(table.years) - 1)
    rows = tuple(_check_row(table, row, income) for row in table.rows)
    return CheckedTable(table, income, table.income_pence is None, rows)


def fit_income(table: PublishedTable) -> int:
    """The second year's income that the table implies: the median over all its steps, so that no one cell moves it."""
    implied = [
        Fraction(row.deficit_pence[at - 1] + row.spend_pence[at] - row.deficit_pence[at])
        / (1 + table.income_growth) ** (at - 1)
        for row in table.rows
        for at in range(1, len(table.years))
    ]
    return round(median(implied))


def _check_row(table: PublishedTable, row: PublishedRow, income: Sequence[int]) -> CheckedRow:
    opening, printed = row.deficit_pence[0], row.deficit_pence
    made = (opening, *deficits(opening, row.spend_pence[1:], income))
    difference = tuple(shown - right for shown, right in zip(printed, made, strict=True))
    off = _steps_off(row, income)
    beyond = [at for at in range(1, len(printed)) if abs(off[at]) > table.tolerance_pence]
    explained = AMOUNTS_A_STEP * table.rounding_pence
    strained = [at for at in range(1, len(printed)) if explained < abs(off[at]) <= table.tolerance_pence]
    return CheckedRow(
        row,
        made,
        difference,
        max(map(abs, difference)) <= table.tolerance_pence,
        _inconsistencies(table, row, off, beyond),
        _inconsistencies(table, row, off, strained),
    )


def _steps_off(row: PublishedRow, income: Sequence[int]) -> list[int]:
    """How far each printed deficit is from what the rule makes of the printed one before it; 0 for the first year."""
    off = [0]
    for at in range(1, len(row.deficit_pence)):
        (right,) = deficits(row.deficit_pence[at - 1], row.spend_pence[at : at + 1], income[at - 1 : at])
        off.append(row.deficit_pence[at] - right)
    return off


def _inconsistencies(
    table: PublishedTable, row: PublishedRow, off: Sequence[int], steps: Sequence[int]
) -> tuple[Inconsistency, ...]:
    found: list[Inconsistency] = []
    for at in steps:
        if found and found[-1].cell == "deficit" and found[-1].year == table.years[at - 1]:
            continue  # the other half of the deficit just named
        put_back = at + 1 < len(off) and abs(off[at] + off[at + 1]) <= table.tolerance_pence < abs(off[at + 1])
        cell = "deficit" if put_back else "spend"
        printed = row.deficit_pence[at] if put_back else row.spend_pence[at]
        fitting_spend, fitting_deficit = row.spend_pence[at] + off[at], row.deficit_pence[at] - off[at]
        found.append(Inconsistency(table.years[at], cell, printed, off[at], fitting_spend, fitting_deficit))
    return tuple(found)
