"""What a scenario comes to: sentences, tables and charts beside the baseline."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup
from starlette.responses import Response

from inborough.placement.v1 import scenarios_pb2
from inborough.provision.v1 import provision_pb2
from services.planning.results import BANDS, BASELINE, SECTIONS, by_year, headlines
from services.planning.worth import CHILDREN, HOW_TO_READ, POUNDS, TABLES, Saved, most_worth
from services.web.calls import CHANGE_SECONDS
from services.web.charts.lines import Point, Series, line_chart
from services.web.charts.map.drawing import Map
from services.web.charts.map.things import Rings, Spot
from services.web.pages.planning.years import first_day
from services.web.visit import Visit
from services.words.pool_names import PlanNames, build_names
from services.words.scenarios import MEASURES, academic_year, banded, breakdown, changed, number

Figures = Sequence[scenarios_pb2.ScenarioFigure]
Pools = Sequence[provision_pb2.PlacePool]
CHARTED = {
    "inmss": "Children in INMSS",
    "unmet": "Children without a place",
    "spend": "Spend a year",
    "deficit": "Deficit at the year's end",
}
WORTH_ROWS = 20
LESS_THAN_SEEN = 0.05


@dataclass(frozen=True)
class Charted:
    """A measure by year: its heading, its chart, and the table beside it."""

    heading: str
    chart: Markup
    rows: list[tuple[str, ...]]


async def show_result(visit: Visit, scenario: scenarios_pb2.Scenario) -> Response:
    """A finished scenario beside its baseline, broken down in one year: the last, unless another is asked for."""
    request = scenarios_pb2.GetScenarioResultRequest(scenario_id=scenario.scenario_id)
    result, pools = await asyncio.gather(
        visit.services.scenarios.GetScenarioResult(request, timeout=CHANGE_SECONDS),
        read_pools(visit, scenario),
    )
    years = list(range(scenario.first_year, scenario.first_year + scenario.years))
    year = next((each for each in years if str(each) == visit.asked("year")), years[-1])
    return await visit.show(
        "planning/result.html",
        scenario=scenario,
        headlines=list(headlines(result.figures, BASELINE)),
        charted=[charted(result.figures, measure, scenario.name) for measure in CHARTED],
        others=[
            (
                MEASURES[each.measure],
                academic_year(each.academic_year),
                banded(each.value, each.unit),
                changed(each.difference, each.unit),
            )
            for each in by_year(result.figures)
            if each.measure not in CHARTED
        ],
        bands=BANDS,
        sections=[
            (heading, parts_of(result.figures, measure, year, build_names(pools)))
            for measure, heading in SECTIONS.items()
        ],
        years=years,
        year=year,
        back=visit.url("scenarios"),
        back_text="Scenarios",
    )


async def read_pools(visit: Visit, scenario: scenarios_pb2.Scenario) -> Pools:
    """Pools on the first day simulated; none for somebody who may not see places, who then sees ids."""
    if not visit.may_see("board"):
        return []
    request = provision_pb2.ListPlacePoolsRequest(first_day=first_day(scenario.first_year))
    return list((await visit.services.provision.ListPlacePools(request, timeout=CHANGE_SECONDS)).pools)


def charted(figures: Figures, measure: str, name: str, baseline: str = "Baseline") -> Charted:
    """A measure of the whole authority by year, beside what it is compared with."""
    whole = [each for each in by_year(figures) if each.measure == measure]
    unit = whole[0].unit if whole else "children"
    series = [
        Series(name, [_point(each, each.value) for each in whole]),
        Series(baseline, [_point(each, each.baseline) for each in whole]),
    ]
    rows: list[tuple[str, ...]] = [
        (
            academic_year(each.academic_year),
            banded(each.value, unit),
            banded(each.baseline, unit),
            changed(each.difference, unit),
        )
        for each in whole
    ]
    heading = CHARTED[measure]
    chart = line_chart(f"{heading}: {name} and {baseline.casefold()}", series, lambda value: number(value, unit))
    return Charted(heading, chart, rows)


def _point(figure: scenarios_pb2.ScenarioFigure, band: scenarios_pb2.ScenarioBand) -> Point:
    return Point(academic_year(figure.academic_year), band.mean, band.p10, band.p90)


def parts_of(figures: Figures, measure: str, year: int, names: PlanNames) -> list[tuple[str, str, str, str]]:
    """The parts of a measure in a year by one thing at a time: name, value, baseline, difference; largest first."""
    parts = [
        each
        for each in figures
        if (each.measure, each.academic_year) == (measure, year)
        and len(breakdown(each)) == 1
        and _is_seen(each, only_changes=measure == "places_used")
    ]
    ordered = sorted(parts, key=lambda each: (_sort_of(each), -each.value.mean, breakdown(each)))
    return [
        (
            _headed(", ".join(breakdown(each, names))) if each.line else ", ".join(breakdown(each, names)),
            banded(each.value, each.unit),
            banded(each.baseline, each.unit),
            changed(each.difference, each.unit),
        )
        for each in ordered
    ]


def _headed(said: str) -> str:
    """With a capital first letter; the others stay, as in "INMSS fee"."""
    return f"{said[:1].upper()}{said[1:]}"


def _is_seen(figure: scenarios_pb2.ScenarioFigure, only_changes: bool) -> bool:
    """Whether there is anything to show: some children or pence, or for places a change."""
    values = (figure.difference.mean,) if only_changes else (figure.value.mean, figure.baseline.mean)
    return any(abs(value) >= LESS_THAN_SEEN for value in values)


def _sort_of(figure: scenarios_pb2.ScenarioFigure) -> int:
    return (
        [bool(part) for part in (figure.need, figure.phase, figure.area, figure.kind, figure.line)].index(True)
        if not figure.pool_id
        else 9
    )


async def show_worth(visit: Visit) -> Response:
    """Where the next place is worth most: a table, and a map of the settings."""
    scenario_id = visit.part("scenario_id")
    request = scenarios_pb2.GetScenarioResultRequest(scenario_id=scenario_id)
    result = await visit.services.scenarios.GetScenarioResult(request, timeout=CHANGE_SECONDS)
    scenario = result.scenario
    pools = await read_pools(visit, scenario)
    years = list(range(scenario.first_year, scenario.first_year + scenario.years))
    year = next((each for each in years if str(each) == visit.asked("year")), years[-1])
    tables = {measure: most_worth(result.figures, measure, year)[:WORTH_ROWS] for measure in TABLES}
    names = build_names(pools)
    return await visit.show(
        "planning/worth.html",
        scenario=scenario,
        tables=[
            (TABLES[measure], [worth_row(at, saved, names) for at, saved in enumerate(found, 1)])
            for measure, found in tables.items()
            if found
        ],
        heads=["Place", *CHILDREN.values(), "Saves"],
        how_to_read=HOW_TO_READ,
        map=map_of_worth(tables["price_of_one_more_place"], pools, year, await visit.house.outline.rings()),
        years=years,
        year=year,
        back=visit.url("scenario", scenario_id=scenario_id),
        back_text=scenario.name,
    )


def worth_row(at: int, saved: Saved, names: PlanNames) -> tuple[str, ...]:
    """Rank and name, children by tier, pounds."""
    pounds = saved[POUNDS]
    children = (number(saved[line].value.mean, "children") for line in CHILDREN)
    return f"{at}. {', '.join(breakdown(pounds, names))}", *children, banded(pounds.value, pounds.unit)


def map_of_worth(ranked: Sequence[Saved], pools: Pools, year: int, outline: Rings) -> Map | None:
    """Settings in borough as squares, those where a place is worth most larger and numbered as in the table.

    Those far away would make the map small. None without any.
    """
    at = {saved[POUNDS].pool_id: rank for rank, saved in enumerate(ranked, 1)}
    placed: dict[int, tuple[provision_pb2.Setting, list[int]]] = {}
    for pool in pools:
        if pool.setting.HasField("location"):
            placed.setdefault(pool.setting.urn, (pool.setting, []))[1].extend(
                [at[pool.pool_id]] if pool.pool_id in at else []
            )
    spots = [
        Spot(
            ", ".join(map(str, sorted(ranks))),
            setting.name,
            setting.location.easting,
            setting.location.northing,
            1 - (min(ranks) - 1) / max(1, len(ranked)) if ranks else 0.0,
            bool(ranks),
        )
        for setting, ranks in placed.values()
        if setting.in_borough
    ]
    if not any(spot.marked for spot in spots):
        return None
    return Map(f"Where one more place would be worth most in {academic_year(year)}", spots, outline=outline)
