"""What a scenario comes to: what matters in sentences, then tables, each beside the baseline or another scenario."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import RenderableType

from inborough.placement.v1 import scenarios_pb2
from services import words
from services.cli import terminal
from services.cli.pages.message_json import message_json
from services.cli.pages.scenario_worth import worth_tables
from services.cli.pages.scenarios import scenario_json
from services.cli.typed import typed
from services.planning.results import (
    BANDS,
    BASELINE,
    MOST_FIRST,
    SECTIONS,
    assumed_money,
    by_year,
    headlines,
    most_changed,
)
from services.words.pool_names import PlanNames
from services.words.scenarios import MEASURES, academic_year, banded, breakdown, changed, span, title

Figures = Sequence[scenarios_pb2.ScenarioFigure]


def result_page(
    answer: scenarios_pb2.GetScenarioResultResponse, names: PlanNames, definition: str
) -> Iterator[RenderableType]:
    """A finished scenario beside its baseline; its definition says which amounts were assumed."""
    scenario = answer.scenario
    yield terminal.heading(title(scenario))
    replicates = words.counted(scenario.replicates, "replicate")
    yield f"{span(scenario)}, {replicates}, facts of {words.day(scenario.facts_as_of)}"
    yield from headlines(answer.figures, BASELINE)
    yield from _tables(answer.figures, names, assumed_money(definition))
    yield f"\nNext: {typed(f'scenario compare {scenario.scenario_id} SCENARIO_ID')}"


def comparison_page(answer: scenarios_pb2.CompareScenariosResponse) -> Iterator[RenderableType]:
    """Each scenario beside the first."""
    for comparison in answer.comparisons:
        than = title(comparison.compared_with)
        yield terminal.heading(f"{title(comparison.scenario)}, against {than}")
        yield from headlines(comparison.figures, than)
        yield _by_year(comparison.figures, "Against it")
    yield f"\nNext: {typed(f'scenario show {answer.comparisons[0].scenario.scenario_id}')}"


def _tables(figures: Figures, names: PlanNames, assumed: str) -> Iterator[RenderableType]:
    yield _by_year(figures, "Against the baseline")
    yield BANDS
    if assumed:
        yield assumed
    last = max(figure.academic_year for figure in figures)
    parts = {heading: most_changed(figures, measure, last) for measure, heading in SECTIONS.items()}
    if any(parts.values()):
        yield MOST_FIRST
    for heading, most in parts.items():
        yield from _section(f"{heading} in {academic_year(last)}", most, names)
    yield from worth_tables(figures, last, names)


def _by_year(figures: Figures, against: str) -> RenderableType:
    ordered = by_year(figures)
    columns = ("", "Year", "Scenario", against)
    rows = [
        (
            MEASURES[figure.measure] if at == 0 or ordered[at - 1].measure != figure.measure else "",
            academic_year(figure.academic_year),
            banded(figure.value, figure.unit),
            changed(figure.difference, figure.unit),
        )
        for at, figure in enumerate(ordered)
    ]
    return terminal.table(columns, rows, whole=("Year",))


def _section(heading: str, parts: Figures, names: PlanNames) -> Iterator[RenderableType]:
    if not parts:
        return
    yield terminal.heading(heading)
    rows = [
        (breakdown(part, names)[0], banded(part.value, part.unit), changed(part.difference, part.unit))
        for part in parts
    ]
    yield terminal.table(("", "Scenario", "Against it"), rows)


def result_json(answer: scenarios_pb2.GetScenarioResultResponse) -> dict[str, Any]:
    """The scenario without its definition, and every figure."""
    return {"scenario": _without_definition(answer.scenario), "figures": _figures_json(answer.figures)}


def comparison_json(answer: scenarios_pb2.CompareScenariosResponse) -> dict[str, Any]:
    """Each scenario after the first beside the first."""
    return {
        "comparisons": [
            {
                "scenario": _without_definition(each.scenario),
                "compared_with": _without_definition(each.compared_with),
                "figures": _figures_json(each.figures),
            }
            for each in answer.comparisons
        ]
    }


def _without_definition(scenario: scenarios_pb2.Scenario) -> dict[str, Any]:
    return {name: value for name, value in scenario_json(scenario).items() if name != "definition"}


def _figures_json(figures: Figures) -> list[dict[str, Any]]:
    return [message_json(figure) for figure in figures]
