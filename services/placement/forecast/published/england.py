"""England's rows of the published tables by age, and the command that writes them to `england.csv`."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from services.placement.forecast.published.ages import read_age
from services.placement.forecast.published.table import NATIONAL, read_january, read_table, tables_folder
from services.placement.forecast.published.values import Row
from services.placement.forecast.rates.england import (
    CARRIED,
    COLUMNS,
    PUBLISHED_NEEDS,
    England,
    carried_england,
    whole_shares,
)
from services.placement.forecast.rates.rates import AGE_COUNT, NEEDS, FloatArray

AGE_NOW = "Child or young persons age"
AGE_STARTED = "Age when plan started"
AGE_CEASED = "Age plan ceased"
NEED_SHARES = "need_shares_new_plans"


def read_england(folder: Path) -> England:
    """England's newest January by age. Raises the errors of `read_table`.

    Ages were not published before 2024: where plans, new or ceased plans by age are missing, or are not of one year,
    the carried figures take their place, as the carried need shares do where their table is not in the folder.
    """
    inner = tables_folder(folder)
    plans = _england(inner, "caseload", AGE_NOW, ("ehcplans",))
    new = _england(inner, "newplans", AGE_STARTED, ("new_ehc_plans",))
    ceased = _england(inner, "ceased_plans", AGE_CEASED, ("total_ceased", "transfer"))
    if not _is_of_one_year(plans, new, ceased):
        return carried_england()
    return England(
        year=read_january(plans[0]),
        plans=_by_age(plans, lambda row: row.number("ehcplans")),
        new_plans=_by_age(new, lambda row: row.number("new_ehc_plans")),
        ceased=_by_age(ceased, lambda row: row.number("total_ceased") - row.number("transfer")),
        need_shares=_need_shares(inner),
    )


def _is_of_one_year(*tables: Sequence[Row]) -> bool:
    return all(tables) and len({read_january(rows[0]) for rows in tables}) == 1


def _need_shares(folder: Path) -> FloatArray:
    if not (folder / f"{NEED_SHARES}.csv").is_file():
        return carried_england().need_shares
    columns = [*(f"{need.lower()}_pc" for need in PUBLISHED_NEEDS), "unknown_pc"]
    rows = _england(folder, NEED_SHARES, AGE_NOW, columns)
    return whole_shares(_need_percentages(rows)) if rows else carried_england().need_shares


def _england(folder: Path, name: str, topic: str, columns: Sequence[str]) -> list[Row]:
    """England's rows of a topic in its newest year; none where the table has none."""
    rows = [
        row
        for row in read_table(folder, name, columns)
        if row.text("geographic_level") == NATIONAL and row.text("breakdown_topic") == topic
    ]
    newest = max((row.text("time_period") for row in rows), default="")
    return [row for row in rows if row.text("time_period") == newest]


def _by_age(rows: Sequence[Row], value: Callable[[Row], float]) -> FloatArray:
    counts = np.zeros(AGE_COUNT)
    for row in rows:
        age = read_age(row)
        if age is not None:
            counts[age] = np.nan_to_num(value(row))
    return counts


def _need_percentages(rows: Sequence[Row]) -> FloatArray:
    shares = np.zeros((AGE_COUNT, len(NEEDS)))
    for index, need in enumerate(NEEDS):
        if need != "DS":  # not published on its own
            column = f"{need.lower()}_pc" if need else "unknown_pc"
            shares[:, index] = _by_age(rows, lambda row, column=column: row.number(column))  # type: ignore[misc]
    return shares


def write_england(england: England, path: Path) -> None:
    """Write the figures as `carried_england` reads them: counts whole, shares in per cent to one decimal."""
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(COLUMNS)
        order = [NEEDS.index(need) for need in (*PUBLISHED_NEEDS, "")]
        for age in range(AGE_COUNT):
            counts = (int(column[age]) for column in (england.plans, england.new_plans, england.ceased))
            shares = (f"{100 * england.need_shares[age, index]:.1f}" for index in order)
            writer.writerow((age, *counts, *shares))


if __name__ == "__main__":
    write_england(read_england(Path(sys.argv[1])), CARRIED)
