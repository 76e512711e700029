"""Small published tables and figures for tests of the national run."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.cli.nation.authorities import TABLES, tables_folder
from services.cli.nation.results import Done, Figures, Task
from tests.builders.published_tables import write_table

CITY, SCILLY, NOWHERE = "201", "420", "999"
"""The two smallest authorities, and one that has no postcodes."""
FROM_RUTLAND = {"new_la_code": "E06999999", "old_la_code": NOWHERE, "la_name": "Nowhere"}


def published_folder() -> Path:
    """The Department's tables; skips the test where there are none."""
    named = os.environ.get("INBOROUGH_DATA")
    if not named:
        pytest.skip("INBOROUGH_DATA does not name the folder of the Department's tables")
    return Path(named)


def small_tables(folder: Path) -> Path:
    """Tables of three authorities: CITY, SCILLY, and Rutland under the name of NOWHERE, whose code no postcode has."""
    for table in TABLES:
        write_table(folder / f"{table}.csv", list(_rows(tables_folder(published_folder()) / f"{table}.csv")))
    return folder


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["geographic_level"] == "National" or row["old_la_code"] in (CITY, SCILLY):
                yield row
            elif row["la_name"] == "Rutland":
                yield row | FROM_RUTLAND


def a_task(code: str = "876", place: int = 0, **fields: Any) -> Task:
    """An authority of a run."""
    told = {"ons_code": "E06000006", "name": f"Town {code}", "region": "North West", "plans": 1524, **fields}
    return Task(code=code, place=place, **told)


def some_figures(**fields: Any) -> Figures:
    """Figures of 300 decisions, 280 placed in borough, 15 out of it and 5 nowhere, but for what is said."""
    told: dict[str, Any] = {
        "plans": 1524,
        "decisions_due": 300,
        "options_judged": 42_000,
        "options_open": 6_000,
        "in_borough": 280,
        "out_of_borough": 15,
        "unplaced": 5,
        "inmss": 10,
        "practice_inmss": 16,
        "practice_unplaced": 5,
        "annual_cost_pence": 600_000_000,
        "practice_annual_cost_pence": 620_000_000,
        "invent_seconds": 1.0,
        "start_seconds": 0.5,
        "import_seconds": 2.0,
        "plan_seconds": 0.75,
        "solver_seconds": 0.25,
        "peak_megabytes": 600.0,
        "import_processor_seconds": 1.5,
        "plan_processor_seconds": 0.5,
        "database_megabytes": 4.0,
        "plan_id": "plan_5f0c9a7be21d4433",
    }
    return Figures(**told | fields)


def a_few(due: int, unplaced: int = 0) -> Figures:
    """Figures of a few decisions."""
    return some_figures(
        decisions_due=due, in_borough=due - unplaced, out_of_borough=0, unplaced=unplaced, inmss=0,
        practice_inmss=0, practice_unplaced=unplaced,
    )  # fmt: skip


def a_done(code: str, figures: Figures, region: str = "North West") -> Done:
    """An authority that is done."""
    return Done(a_task(code, region=region), figures)
