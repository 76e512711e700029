"""Which authorities there are, the largest first, and the published tables cut so that each reads its own rows."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.cli.demo.read_published import ALL, CENSUS_PERIOD, WHERE_PUBLISHED, PublishedTablesMissingError

TABLES = ("caseload", "newplans", "ceased_plans", "need_shares_all_plans", "need_shares_new_plans")
OF_ENGLAND = "National"


@dataclass(frozen=True, slots=True)
class Authority:
    """A local authority with its active plans in January 2024.

    Example: Authority("876", "E06000006", "Halton", "North West", 1524).
    """

    code: str
    ons_code: str
    name: str
    region: str
    plans: int


def list_authorities(folder: Path) -> list[Authority]:
    """Every authority of the published tables in `folder`: most plans first, then by code.

    The largest first, so that no worker begins one when the others have nothing left to do. An authority without a
    plan is left out. Raises PublishedTablesMissingError.
    """
    found = [
        Authority(row["old_la_code"], row["new_la_code"], row["la_name"], row["region_name"], int(row["ehcplans"]))
        for row in _rows(tables_folder(folder) / "caseload.csv")
        if row["geographic_level"] == "Local authority"
        and (row["time_period"], row["breakdown_topic"], row["breakdown"]) == (CENSUS_PERIOD, ALL, ALL)
        and row["ehcplans"].isdigit()
        and int(row["ehcplans"])
    ]
    return sorted(found, key=lambda authority: (-authority.plans, authority.code))


def choose(authorities: Sequence[Authority], codes: Sequence[str], some: int | None) -> list[Authority]:
    """Those with these codes (three digits or ONS), or `some` spread evenly over the sizes; all when neither is given.

    Raises ValueError naming codes that there are not.
    """
    if codes:
        known = {code: authority for authority in authorities for code in (authority.code, authority.ons_code)}
        if unknown := [code for code in codes if code not in known]:
            raise ValueError(f"{', '.join(unknown)}: no authority of the published tables has this code")
        wanted = {known[code] for code in codes}
        return [authority for authority in authorities if authority in wanted]
    if some is None or some >= len(authorities):
        return list(authorities)
    if some == 1:
        return [authorities[len(authorities) // 2]]
    return [authorities[round(at * (len(authorities) - 1) / (some - 1))] for at in range(some)]


def cut_tables(folder: Path, into: Path, authorities: Sequence[Authority]) -> None:
    """Write the tables anew under `into`, a folder for each authority with its own rows and England's.

    One reading of each table in place of one for each authority. Raises PublishedTablesMissingError.
    """
    wanted = {authority.ons_code: into / authority.code for authority in authorities}
    for path in wanted.values():
        path.mkdir(parents=True, exist_ok=True)
    for table in TABLES:
        source = tables_folder(folder) / f"{table}.csv"
        with ExitStack() as stack:
            writers: dict[str, Any] = {}
            for row in _rows(source):
                if not writers:
                    for code, path in wanted.items():
                        lines = stack.enter_context((path / source.name).open("w", encoding="utf-8", newline=""))
                        writers[code] = csv.DictWriter(lines, list(row))
                        writers[code].writeheader()
                of_england = row["geographic_level"] == OF_ENGLAND
                for code in writers if of_england else {row["new_la_code"]} & writers.keys():
                    writers[code].writerow(row)


def tables_folder(folder: Path) -> Path:
    """Where the tables are: `folder`, or its `ehc-plans`."""
    return folder / "ehc-plans" if (folder / "ehc-plans").is_dir() else folder


def _rows(path: Path) -> Iterator[dict[str, str]]:
    if not path.is_file():
        raise PublishedTablesMissingError(f"{path} was not found. {WHERE_PUBLISHED}")
    with path.open(encoding="utf-8-sig", newline="") as lines:
        yield from csv.DictReader(lines)
