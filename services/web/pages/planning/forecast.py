"""Demand from the Department's published tables, and how good such forecasts were."""

from __future__ import annotations

import csv
import io
import threading
from collections.abc import Sequence
from functools import lru_cache
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from services.planning.refused import Refused
from services.web.charts.lines import Point, Series, line_chart
from services.web.pages.downloads import as_download
from services.web.visit import Visit

if TYPE_CHECKING:  # NumPy is not loaded until somebody looks at a forecast
    from services.placement.forecast.backtest.measure import Line
    from services.placement.forecast.backtest.run import Backtest
    from services.placement.forecast.demand.forecast import Figure, Forecast
    from services.placement.forecast.published.series import PublishedSeries
    from services.placement.forecast.rates.england import England

YEARS = 5
COLUMNS = ("authority_code", "january", "breakdown", "value", "mean", "p10", "p50", "p90")
TITLES = {"total": "All plans", "age_band": "By age", "kind": "By kind of placement"}
FORECASTERS = {
    "model": "This forecast",
    "same_growth": "Same growth again",
    "same_difference": "Same difference again",
    "flows_repeated": "Flows repeated",
    "national_growth": "England's growth",
}
_ONE_AT_A_TIME = threading.Lock()


async def show(visit: Visit) -> Response:
    """One authority's forecast with bands: the council's own, unless another is asked for."""
    folder = visit.house.settings.data
    if folder is None:
        return await _no_tables(visit, "")
    asked = visit.asked("authority") or visit.house.settings.authority
    try:
        series, made = await _off_the_loop(folder)
        figures = await run_in_threadpool(figures_of, series, made, asked)
    except Refused as error:
        return await _no_tables(visit, f"{error.message} {error.advice}".strip())
    if visit.asked("get") == "csv":
        return as_download(as_csv(figures), f"forecast-{figures[0].authority.name}", "csv")
    total = [figure for figure in figures if figure.breakdown == "total"]
    here = [each for each, present in zip(series.authorities, series.present, strict=True) if present]
    return await visit.show(
        "planning/forecast.html",
        authority=figures[0].authority,
        authorities=sorted(((each.ons_code, each.name) for each in here), key=lambda each: each[1]),
        januaries=sorted({figure.january for figure in figures}),
        chart=line_chart(
            f"EHC plans expected each January, {figures[0].authority.name}",
            [Series("Expected, with the 80 % interval", [Point(str(f.january), f.mean, f.p10, f.p90) for f in total])],
            lambda value: f"{value:,.0f}",
        ),
        tables=[(title, rows_of(figures, breakdown)) for breakdown, title in TITLES.items()],
        last=series.januaries[-1],
        notes=series.notes,
    )


async def show_backtest(visit: Visit) -> Response:
    """How good a forecast of the newest January was, made from what was published before it."""
    folder = visit.house.settings.data
    if folder is None:
        return await _no_tables(visit, "")
    try:
        await _off_the_loop(folder)
        made = await run_in_threadpool(_backtest, folder, _stamp(folder))
    except (Refused, ValueError) as error:
        return await _no_tables(visit, str(error))
    lines = [(name_of(line), f"{line.count:,}", *errors_of(line), coverage_of(line)) for line in made.lines]
    heads = ["Plans", "Published counts", *FORECASTERS.values(), "Within the 80 % interval"]
    return await visit.show(
        "planning/backtest.html",
        made=made,
        heads=heads,
        lines=lines,
        misses=made.misses(),
        back=visit.url("forecast"),
        back_text="Forecast",
    )


async def _no_tables(visit: Visit, why: str) -> Response:
    from services.placement.forecast.published.values import WHERE_PUBLISHED

    back = visit.url("start")
    return await visit.show("planning/no_tables.html", why=why, where=WHERE_PUBLISHED, back=back)


async def _off_the_loop(folder: Path) -> tuple[PublishedSeries, Forecast]:
    """Read and forecast once, whoever asks first, without holding up other pages. Raises Refused."""

    def once() -> tuple[PublishedSeries, Forecast]:
        with _ONE_AT_A_TIME:
            return _forecast(folder, _stamp(folder))

    return await run_in_threadpool(once)


def _stamp(folder: Path) -> tuple[tuple[str, int], ...]:
    """Changes when a table does."""
    return tuple((path.name, path.stat().st_mtime_ns) for path in sorted(folder.glob("*.csv")))


@lru_cache(maxsize=1)
def _read(folder: Path, _: object) -> tuple[PublishedSeries, England]:
    from services.planning.published import read_published

    return read_published(folder)


@lru_cache(maxsize=1)
def _forecast(folder: Path, stamp: object) -> tuple[PublishedSeries, Forecast]:
    from services.placement.forecast.demand.forecast import forecast_demand

    series, england = _read(folder, stamp)
    return series, forecast_demand(series, england, YEARS)


@lru_cache(maxsize=1)
def _backtest(folder: Path, stamp: object) -> Backtest:
    from services.placement.forecast.backtest.run import run_backtest

    series, england = _read(folder, stamp)
    return run_backtest(series, series.januaries[-1], england)


def figures_of(series: PublishedSeries, made: Forecast, asked: str) -> list[Figure]:
    """The rows of one authority. Raises Refused where none answers to the name."""
    from services.planning.published import chosen_authorities

    return list(made.figures(chosen_authorities(series, asked)[0]))


def rows_of(figures: Sequence[Figure], breakdown: str) -> list[tuple[str, ...]]:
    """A row a value, a cell a January: "1,650 (1,580 to 1,720)"."""
    from services.planning.published import value_name

    by_value: dict[str, list[str]] = {}
    for figure in figures:
        if figure.breakdown == breakdown:
            cell = f"{figure.mean:,.0f} ({figure.p10:,.0f} to {figure.p90:,.0f})"
            by_value.setdefault(figure.value, [value_name(figure.value)]).append(cell)
    return [tuple(row) for row in by_value.values()]


def as_csv(figures: Sequence[Figure]) -> bytes:
    """The rows as the command writes them."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for each in figures:
        ends = (round(number, 1) for number in (each.mean, each.p10, each.p50, each.p90))
        writer.writerow((each.authority.ons_code, each.january, each.breakdown, each.value, *ends))
    return text.getvalue().encode()


def name_of(line: Line) -> str:
    """A line of the backtest in words."""
    from services.planning.published import value_name

    pooled = {"age_band": "All age bands", "kind": "All kinds"}
    return pooled[line.breakdown] if line.value == "all" and line.breakdown in pooled else value_name(line.value)


def errors_of(line: Line) -> list[str]:
    """Mean absolute percentage error of each forecaster, with the median in brackets."""
    found = [line.errors.get(name) for name in FORECASTERS]
    return [f"{each.mean:.2f} ({each.median:.2f})" if each else "–" for each in found]


def coverage_of(line: Line) -> str:
    """The share of truths within the interval."""
    return "–" if isnan(line.coverage) else f"{line.coverage:.1f} %"
