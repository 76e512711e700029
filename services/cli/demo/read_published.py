"""Reading the Department's tables of EHC plans for one authority."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from services.cli.demo.columns import COLUMNS, NEEDS
from services.cli.demo.published import PublishedCaseload, scaled

WHERE_PUBLISHED = (
    "The Department for Education publishes them on Explore Education Statistics "
    '(https://explore-education-statistics.service.gov.uk), release "Education, health and care '
    'plans". Download the data set as CSV and name its folder, or the folder above it, by '
    "INBOROUGH_DATA."
)
CENSUS_PERIOD = "202324"
FLOWS_PERIOD = "2023"
ALL = "All EHC plans"
AGE = "Child or young persons age"
AGE_STARTED = "Age when plan started"
AGE_CEASED = "Age plan ceased"
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


class PublishedTablesMissingError(Exception):
    """The published tables, or this authority in them, could not be found."""


def read_published(folder: Path, authority: str) -> PublishedCaseload:
    """Read one authority (ONS or three-digit code) from the folder of published tables.

    `folder` holds caseload.csv or has a folder `ehc-plans` that does. Where the Department
    withheld the breakdown (`x`), the total is the authority's own and its shape is England's.
    Raises PublishedTablesMissingError, saying where to get what is missing.
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
    is_whole = sum(_count(row["ehcplans"]) for _, row in _by_age(own, AGE)) == total
    choose = _of_authority if is_whole else _of_england
    rows = choose(caseload)
    published = PublishedCaseload(
        ons_code=own[0]["new_la_code"],
        la_code=own[0]["old_la_code"],
        name=own[0]["la_name"],
        cells=_cells(rows),
        girls={column.name: _count(_row(rows, "Sex", "Female")[column.name]) for column in COLUMNS},
        need_shares=_need_shares(_read(folder / "need_shares_all_plans.csv", authority)),
        new_need_shares=_need_shares(_read(folder / "need_shares_new_plans.csv", authority))[ALL],
        started=_started(choose(_read(folder / "newplans.csv", authority, FLOWS_PERIOD))),
        ceased=_ceased(choose(_read(folder / "ceased_plans.csv", authority, FLOWS_PERIOD))),
        shape_from_england=not is_whole,
    )
    return published if is_whole else scaled(published, total)


def _cells(rows: Sequence[Row]) -> dict[str, dict[int, int]]:
    by_age = sorted(_by_age(rows, AGE), key=lambda pair: pair[0])
    return {column.name: {age: _count(row[column.name]) for age, row in by_age} for column in COLUMNS}


def _need_shares(rows: Sequence[Row]) -> dict[str, tuple[float, ...]]:
    """Percentages by row of the table: the authority's own where published, else England's."""
    shares: dict[str, tuple[float, ...]] = {}
    for row in (*_of_england(rows), *_of_authority(rows)):
        percentages = _percentages(row)
        if sum(percentages):
            shares[row["breakdown"]] = percentages
    return shares


def _started(rows: Sequence[Row]) -> dict[int, int]:
    return {age: _count(row["new_ehc_plans"]) for age, row in _by_age(rows, AGE_STARTED)}


def _ceased(rows: Sequence[Row]) -> dict[tuple[int, int], int]:
    return {
        (code, age): _count(row[reason])
        for age, row in _by_age(rows, AGE_CEASED)
        for code, reason in enumerate(CEASE_REASONS, start=1)
    }


def _read(path: Path, authority: str, period: str | None = None) -> list[Row]:
    """The rows of the authority and of England, of one period if it is named."""
    if not path.is_file():
        raise PublishedTablesMissingError(f"{path} was not found. {WHERE_PUBLISHED}")
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return [
            row
            for row in csv.DictReader(lines)
            if period in (None, row["time_period"])
            and (authority in (row["new_la_code"], row["old_la_code"]) or row["geographic_level"] == "National")
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


def _by_age(rows: Sequence[Row], topic: str) -> Iterator[tuple[int, Row]]:
    """Ages and their rows: `age 2 and under` and `under 3` are 2, `age 20 and over` is 20."""
    for row in rows:
        words = row["breakdown"].lower().split()
        if row["breakdown_topic"] == topic and "unknown" not in words:
            yield (2 if words[0] == "under" else int(words[1])), row


def _count(value: str) -> int:
    """A published count; `x` (unavailable) and `z` (not applicable) count nobody."""
    return int(value) if value.isdigit() else 0


def _percentages(row: Row) -> tuple[float, ...]:
    values = (row[f"{need.lower()}_pc"] for need in NEEDS)
    return tuple(0.0 if value in ("x", "z", "") else float(value) for value in values)
