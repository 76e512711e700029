"""Invented tables in the form of the Department's, written to a folder, for tests that read one."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random

from services.placement.forecast.published.kinds import KIND_COLUMNS

PLACE = ("time_period", "geographic_level", "region_code", "new_la_code", "old_la_code", "la_name")
TOPIC = ("breakdown_topic", "breakdown")
FIRST_JANUARY, LAST_JANUARY = 2019, 2024
ENGLAND_AT = {"geographic_level": "National", "region_code": "", "new_la_code": "", "old_la_code": "", "la_name": ""}

Row = dict[str, str]
Rows = list[Row]


def write_tables(
    folder: Path, *, authorities: int = 12, first: int = FIRST_JANUARY, last: int = LAST_JANUARY, seed: int = 1
) -> Path:
    """Write caseload, newplans, ceased_plans and requests of invented authorities 801, 802 ... that grow by a tenth."""
    made = invented_tables(authorities=authorities, first=first, last=last, seed=seed)
    for name, rows in made.items():
        write_table(folder / f"{name}.csv", rows)
    return folder


def write_table(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    """Write one table, its heading from the first row."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def invented_tables(*, authorities: int, first: int, last: int, seed: int) -> dict[str, Rows]:
    """The rows of each table by its name; England's are the sums of the authorities'."""
    draw = Random(seed)
    tables: dict[str, Rows] = {"caseload": [], "newplans": [], "ceased_plans": [], "requests": []}
    for number in range(authorities):
        where = authority_at(801 + number, f"Town {number}")
        for name, rows in _authority(draw, where, draw.randint(800, 4000), first, last).items():
            tables[name] += rows
    return {name: [*_england(rows), *rows] for name, rows in tables.items()}


def authority_at(code: int, name: str) -> Row:
    """The columns that say which authority a row is of."""
    return {
        "geographic_level": "Local authority",
        "region_code": "E12000002",
        "new_la_code": f"E0600{code:04d}",
        "old_la_code": str(code),
        "la_name": name,
    }


def _authority(draw: Random, where: Row, plans: int, first: int, last: int) -> dict[str, Rows]:
    rows: dict[str, Rows] = {"caseload": [], "newplans": [], "ceased_plans": [], "requests": []}
    for january in range(first, last + 1):
        census, year = f"{january - 1}{january % 100:02d}", str(january - 1)
        began, gone = round(plans * draw.uniform(0.12, 0.18)), round(plans * draw.uniform(0.04, 0.08))
        rows["caseload"].append(_placed(where, (census, "All EHC plans", "All"), "ehcplans", plans, draw))
        rows["newplans"] += _new_plans(where, year, began, draw)
        rows["ceased_plans"].append(_ceased(where, (year, "All ceased EHC plans", "All"), gone))
        rows["requests"].append(_requests(where, year, began, draw))
        if january == last:
            rows["caseload"] += [
                _placed(where, (census, "Child or young persons age", _age(age)), "ehcplans", count, draw)
                for age, count in _shared(plans, range(2, 26)).items()
            ]
            rows["ceased_plans"] += [
                _ceased(where, (year, "Age plan ceased", _age(age)), count)
                for age, count in _shared(gone, range(16, 21)).items()
            ]
        plans = round(plans * draw.uniform(1.06, 1.14))
    return rows


def _new_plans(where: Row, year: str, began: int, draw: Random) -> Rows:
    ages = ((year, "Age when plan started", _age(age), count) for age, count in _shared(began, range(2, 21)).items())
    every = ((year, "New EHC plans", "All", began), *ages)
    return [_placed(where, what, "new_ehc_plans", count, draw) for *what, count in every]


def _ceased(where: Row, what: Sequence[str], gone: int) -> Row:
    return _flat(where, what, total_ceased=gone, transfer=gone // 4)


def _requests(where: Row, year: str, began: int, draw: Random) -> Row:
    received = round(began * draw.uniform(1.4, 1.8))
    what = (year, "All requests for EHC needs assessments", "All")
    return _flat(where, what, requests_received_in_year=received, requests_decided_not_to_assess=round(began * 0.3))


def _placed(where: Row, what: Sequence[str], column: str, plans: int, draw: Random) -> Row:
    """A row with placements: about two fifths mainstream, a third special, the rest as in England."""
    counts = dict.fromkeys(KIND_COLUMNS, 0)
    counts["mainstream_la_maintained_resourced_provision"] = round(plans * 0.03)
    counts["mainstream_academy_senunit"] = round(plans * 0.02)
    counts["mainstream_total"] = round(plans * draw.uniform(0.40, 0.46))
    counts["special_la_maintained"] = round(plans * 0.20)
    counts["special_academy_free"] = round(plans * 0.09)
    counts["special_independent"] = round(plans * draw.uniform(0.03, 0.06))
    counts["fe_total"] = round(plans * 0.14)
    counts["ed_elsewhere"] = round(plans * draw.uniform(0.04, 0.06))
    return _flat(where, what, **{column: plans, **counts})


def _flat(where: Row, what: Sequence[str], **counts: int) -> Row:
    period, topic, breakdown = what
    row = {"time_period": period, **where, "breakdown_topic": topic, "breakdown": breakdown}
    return row | {name: str(count) for name, count in counts.items()}


def _england(rows: Rows) -> Rows:
    summed: dict[tuple[str, str, str], Row] = {}
    for row in rows:
        key = (row["time_period"], row["breakdown_topic"], row["breakdown"])
        into = summed.setdefault(key, row | ENGLAND_AT | {name: "0" for name in row if name not in (*PLACE, *TOPIC)})
        for name in into:
            if name not in (*PLACE, *TOPIC):
                into[name] = str(int(into[name]) + int(row[name]))
    return list(summed.values())


def _shared(total: int, ages: range) -> dict[int, int]:
    """A total over ages as evenly as whole numbers can."""
    each, over = divmod(total, len(ages))
    return {age: each + (position < over) for position, age in enumerate(ages)}


def _age(age: int) -> str:
    return "age 2 and under" if age == 2 else f"age {age}"
