"""Finished scenarios beside each other, run by run."""

from __future__ import annotations

from starlette.responses import Response

from inborough.placement.v1 import scenarios_pb2
from services.planning.results import BANDS, by_year, headlines
from services.web.charts.lines import Point, Series, line_chart
from services.web.failures import CAN_BE_MENDED, in_words
from services.web.pages.planning.result import CHARTED, Charted
from services.web.visit import Visit
from services.words.scenarios import MEASURES, academic_year, banded, changed, number, title

FEWEST, MOST = 2, 6
COMPARE_SECONDS = 60.0
Comparisons = list[scenarios_pb2.ScenarioComparison]


async def show(visit: Visit) -> Response:
    """Two to six, each beside the last named: the list is newest first, so that it is the oldest."""
    chosen = list(dict.fromkeys(visit.request.query_params.getlist("of")))
    if not FEWEST <= len(chosen) <= MOST:
        return await visit.go(visit.url("scenarios", {"wrong": "count"}))
    request = scenarios_pb2.CompareScenariosRequest(scenario_ids=chosen[::-1], measures=list(MEASURES))
    try:
        answer = await visit.services.scenarios.CompareScenarios(request, timeout=COMPARE_SECONDS)
    except CAN_BE_MENDED as error:
        return await visit.show(
            "planning/cannot_compare.html", 422, why=in_words(error), back=visit.url("scenarios"), back_text="Scenarios"
        )
    comparisons: Comparisons = list(answer.comparisons)
    first = comparisons[0].compared_with
    return await visit.show(
        "planning/compare.html",
        first=first,
        comparisons=[
            (each.scenario, list(headlines(each.figures, title(first))), rows_of(each)) for each in comparisons
        ],
        charted=[charted_together(comparisons, measure) for measure in CHARTED],
        bands=BANDS,
        back=visit.url("scenarios"),
        back_text="Scenarios",
    )


def rows_of(comparison: scenarios_pb2.ScenarioComparison) -> list[tuple[str, str, str, str]]:
    """Measure, year, value, difference."""
    return [
        (
            MEASURES[each.measure],
            academic_year(each.academic_year),
            banded(each.value, each.unit),
            changed(each.difference, each.unit),
        )
        for each in by_year(comparison.figures)
    ]


def charted_together(comparisons: Comparisons, measure: str) -> Charted:
    """A measure of every scenario by year."""
    figures = [[each for each in by_year(one.figures) if each.measure == measure] for one in comparisons]
    unit = figures[0][0].unit if figures[0] else "children"
    first = Series(title(comparisons[0].compared_with), [_point(each, each.baseline) for each in figures[0]])
    others = [
        Series(title(one.scenario), [_point(each, each.value) for each in found])
        for one, found in zip(comparisons, figures, strict=True)
    ]
    series = [first, *others]
    heading = CHARTED[measure]
    chart = line_chart(f"{heading} of each scenario", series, lambda value: number(value, unit))
    rows: list[tuple[str, ...]] = [
        (point.label, *(number(one.points[at].value, unit) for one in series)) for at, point in enumerate(first.points)
    ]
    return Charted(heading, chart, rows)


def _point(figure: scenarios_pb2.ScenarioFigure, band: scenarios_pb2.ScenarioBand) -> Point:
    return Point(academic_year(figure.academic_year), band.mean, band.p10, band.p90)
