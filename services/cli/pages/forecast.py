"""The demand forecast, for a person, a machine and a file."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rich.console import RenderableType

from services.cli import terminal
from services.cli.typed import typed
from services.placement.forecast.demand.forecast import Figure
from services.placement.forecast.published.series import PublishedSeries
from services.planning.published import value_name

COLUMNS = ("authority_code", "january", "breakdown", "value", "mean", "p10", "p50", "p90")


def forecast_page(series: PublishedSeries, figures: Sequence[Figure]) -> Iterator[RenderableType]:
    """One authority: a row a breakdown, a column a January, the 80 % interval beneath each expected number."""
    januaries = sorted({figure.january for figure in figures})
    yield terminal.heading(f"{figures[0].authority.name}: EHC plans expected each January")
    by_value: dict[str, dict[int, Figure]] = {}
    for figure in figures:
        by_value.setdefault(figure.value, {})[figure.january] = figure
    columns = ("", *(str(january) for january in januaries))
    rows = [
        (value_name(value), *(f"{row[january].mean:,.0f}\n{_interval(row[january])}" for january in januaries))
        for value, row in by_value.items()
    ]
    yield terminal.table(columns, rows, right=columns[1:], spaced=True)
    yield (
        f"Beneath each: the 80 % interval. From the Department's tables to January {series.januaries[-1]}. What is "
        "left of the total is alternative provision, early years and placements not recorded."
    )
    yield f"How good such forecasts were: {typed('backtest')}"


def forecast_overview(figures: Sequence[Figure]) -> Iterator[RenderableType]:
    """Many authorities, by name: the total in the first and the last January."""
    totals = sorted((one for one in figures if one.breakdown == "total"), key=lambda one: one.authority.name)
    first, last = min(figure.january for figure in totals), max(figure.january for figure in totals)
    found: dict[str, list[str]] = {}
    for figure in totals:
        if figure.january in (first, last):
            cells = found.setdefault(figure.authority.ons_code, [figure.authority.ons_code, figure.authority.name])
            cells += [f"{figure.mean:,.0f}", _interval(figure)]
    ends = (
        (str(first), "80 % interval") if first == last else (str(first), "80 % interval", str(last), "80 % interval ")
    )
    yield terminal.table(("Code", "Authority", *ends), list(found.values()), right=ends, whole=("Code",))
    yield "All breakdowns: --out FILE.csv, --json, or one authority with --authority."


def forecast_json(series: PublishedSeries, figures: Sequence[Figure]) -> dict[str, Any]:
    """The same for a machine."""
    return {
        "last_january": series.januaries[-1],
        "notes": list(series.notes),
        "rows": [dict(zip(COLUMNS, _cells(figure), strict=True)) for figure in figures],
    }


def write_forecast(path: Path, figures: Sequence[Figure]) -> None:
    """Write all rows as CSV; the file is whole or as it was."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as lines:
            writer = csv.writer(lines, lineterminator="\n")
            writer.writerow(COLUMNS)
            writer.writerows(_cells(figure) for figure in figures)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _cells(figure: Figure) -> tuple[str, int, str, str, float, float, float, float]:
    ends = (round(number, 1) for number in (figure.mean, figure.p10, figure.p50, figure.p90))
    mean, p10, p50, p90 = ends
    return figure.authority.ons_code, figure.january, figure.breakdown, figure.value, mean, p10, p50, p90


def _interval(figure: Figure) -> str:
    return f"{figure.p10:,.0f}-{figure.p90:,.0f}"
