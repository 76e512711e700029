"""What the Department publishes about one authority's plans, as exact numbers to reproduce."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from services.cli.demo.columns import COLUMNS, NEEDS
from services.cli.demo.fitting import share_out

WHERE_PUBLISHED = (
    "The Department for Education publishes them on Explore Education Statistics "
    '(https://explore-education-statistics.service.gov.uk), release "Education, health and care '
    'plans". Download the data set as CSV and name its folder, or the folder above it, by '
    "INBOROUGH_DATA."
)
CENSUS_PERIOD = "202324"
ALL = "All EHC plans"
AGE = "Child or young persons age"
STARTED = "Age when plan started"
CEASE_REASONS = (
    "max_age",
    "needs_met",
    "he",
    "employ",
    "transfer",
    "no_engage",
    "moved_outside_eng",
    "deceased",
    "other",
)
"""Columns of the ceased-plans table in the order of the SEN2 codes 1 to 9."""

Row = Mapping[str, str]
Shares = Mapping[str, tuple[float, ...]]
Key = TypeVar("Key")


class PublishedTablesMissingError(Exception):
    """The published tables, or this authority in them, could not be found."""


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
    need_shares: Shares
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


def read_published(folder: Path, authority: str) -> PublishedCaseload:
    """Read one authority (ONS or three-digit code) from the folder of published tables.

    Where the Department withheld the breakdown (`x`), the total is the authority's own and its
    shape is England's. Raises PublishedTablesMissingError, saying where to get what is missing.
    """
    folder = folder / "ehc-plans" if (folder / "ehc-plans").is_dir() else folder
    caseload = _read(folder / "caseload.csv", authority, CENSUS_PERIOD)
    own = _of_authority(caseload)
    if not own:
        raise PublishedTablesMissingError(
            f"{authority} is not an authority in {folder / 'caseload.csv'} for January 2024. "
            "Give an ONS code such as E06000006 or a code such as 876. " + WHERE_PUBLISHED
        )
    total = _count(_row(own, ALL, ALL)["ehcplans"])
    whole = sum(_count(row["ehcplans"]) for row in own if row["breakdown_topic"] == AGE) == total
    rows = own if whole else _of_england(caseload)
    cells = _cells(rows)
    published = PublishedCaseload(
        ons_code=own[0]["new_la_code"],
        la_code=own[0]["old_la_code"],
        name=own[0]["la_name"],
        cells=cells,
        girls={column.name: _girls(rows, column.name) for column in COLUMNS},
        need_shares=_need_shares(folder, authority),
        new_need_shares=_new_need_shares(folder, authority),
        started=_started(folder, authority),
        ceased=_ceased(folder, authority),
        shape_from_england=not whole,
    )
    return published if whole else scaled(published, total)


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


def _scaled_girls(
    published: PublishedCaseload, cells: Mapping[str, Mapping[int, int]], column: str
) -> int:
    before = published.column_total(column)
    return round(published.girls[column] * sum(cells[column].values()) / before) if before else 0


def _scaled_counts(counts: Mapping[Key, int], factor: float) -> dict[Key, int]:
    whole = round(sum(counts.values()) * factor)
    if not whole:
        return dict.fromkeys(counts, 0)
    return dict(zip(counts, share_out(whole, list(counts.values())), strict=True))


def _cells(rows: Sequence[Row]) -> dict[str, dict[int, int]]:
    by_age = {_age(row["breakdown"]): row for row in rows if row["breakdown_topic"] == AGE}
    ages = sorted(by_age)
    return {
        column.name: {age: _count(by_age[age][column.name]) for age in ages} for column in COLUMNS
    }


def _girls(rows: Sequence[Row], column: str) -> int:
    return _count(_row(rows, "Sex", "Female")[column])


def _need_shares(folder: Path, authority: str) -> dict[str, tuple[float, ...]]:
    rows = _read(folder / "need_shares_all_plans.csv", authority)
    shares = {row["breakdown"]: _percentages(row) for row in _of_england(rows)}
    shares.update({row["breakdown"]: _percentages(row) for row in _of_authority(rows)})
    return shares


def _new_need_shares(folder: Path, authority: str) -> tuple[float, ...]:
    rows = _read(folder / "need_shares_new_plans.csv", authority)
    return _percentages(_row(_of_authority(rows) or _of_england(rows), ALL, ALL))


def _started(folder: Path, authority: str) -> dict[int, int]:
    rows = _of_authority(_read(folder / "newplans.csv", authority, "2023"))
    return {
        _age(row["breakdown"]): _count(row["new_ehc_plans"])
        for row in rows
        if row["breakdown_topic"] == STARTED and row["breakdown"] != "Unknown"
    }


def _ceased(folder: Path, authority: str) -> dict[tuple[int, int], int]:
    rows = _of_authority(_read(folder / "ceased_plans.csv", authority, "2023"))
    return {
        (code, _age(row["breakdown"])): _count(row[reason])
        for row in rows
        if row["breakdown_topic"] == "Age plan ceased" and row["breakdown"] != "Unknown"
        for code, reason in enumerate(CEASE_REASONS, start=1)
    }


def _read(path: Path, authority: str, period: str | None = None) -> list[Row]:
    if not path.is_file():
        raise PublishedTablesMissingError(f"{path} was not found. {WHERE_PUBLISHED}")
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return [
            row
            for row in csv.DictReader(lines)
            if period in (None, row["time_period"])
            and (
                authority in (row["new_la_code"], row["old_la_code"])
                or row["geographic_level"] == "National"
            )
        ]


def _of_authority(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row["geographic_level"] == "Local authority"]


def _of_england(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row["geographic_level"] == "National"]


def _row(rows: Sequence[Row], topic: str, breakdown: str) -> Row:
    for row in rows:
        if (row["breakdown_topic"], row["breakdown"]) == (topic, breakdown):
            return row
    raise PublishedTablesMissingError(
        f'The published table has no row "{breakdown}" under "{topic}". {WHERE_PUBLISHED}'
    )


def _age(breakdown: str) -> int:
    """`age 2 and under` and `under 3` are 2; `age 20 and over` is 20."""
    return 2 if breakdown == "under 3" else int(breakdown.split()[1])


def _count(value: str) -> int:
    """A published count; `x` (unavailable) and `z` (not applicable) count nobody."""
    return int(value) if value.isdigit() else 0


def _percentages(row: Row) -> tuple[float, ...]:
    values = (row[f"{need.lower()}_pc"] for need in NEEDS)
    return tuple(0.0 if value in ("x", "z", "") else float(value) for value in values)
