"""Where a place would be worth most: what one more would save, and what the places asked about would.

A price is read as a whole, tier by tier: a place that gives a child a school may cost pounds, and is worth it all the
same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from rich.console import RenderableType

from inborough.placement.v1 import scenarios_pb2
from services.cli import terminal
from services.cli.pages.plan_names import PlanNames
from services.cli.pages.scenario_words import banded, breakdown, number
from services.cli.pages.scenarios import academic_year

Figures = Sequence[scenarios_pb2.ScenarioFigure]
Saved = Mapping[str, scenarios_pb2.ScenarioFigure]
MOST_ROWS = 10
POUNDS = ""
CHILDREN = {
    "unmet": "Placed",
    "unsettled": "Settled",
    "request_not_given": "As asked",
    "inmss_or_out_of_borough": "Near home",
}
"""Children for whom a place does something, in the order of the tiers, as headings of columns."""
TABLES = {
    "price_of_one_more_place": "What one more place would do in a year",
    "value_of_places": "What the places asked about would do in a year",
}
HOW_TO_READ = (
    "Children more, on average: with a place; in a place that needs no judgement; where the family asked; not in INMSS "
    "or out of borough. Then pounds saved: where a child gets a place who had none, it costs."
)


def worth_tables(figures: Figures, year: int, names: PlanNames) -> Iterator[RenderableType]:
    """A table for one more place in each pool, and one for the places asked about, the most worth first."""
    shown = False
    for measure, heading in TABLES.items():
        most = sorted(_by_pool(figures, measure, year).items(), key=lambda item: (_worth(item[1]), item[0]))
        rows = [_row(saved, names) for _, saved in most if _is_worth_something(saved)][:MOST_ROWS]
        if rows:
            yield terminal.heading(f"{heading}, in {academic_year(year)}")
            columns = ("", *CHILDREN.values(), "Saves")
            yield terminal.table(columns, rows, right=tuple(CHILDREN.values()))
            shown = True
    if shown:
        yield HOW_TO_READ


def _by_pool(figures: Figures, measure: str, year: int) -> dict[str, Saved]:
    found: dict[str, dict[str, scenarios_pb2.ScenarioFigure]] = defaultdict(dict)
    for figure in figures:
        if (figure.measure, figure.academic_year) == (measure, year):
            found[figure.pool_id][figure.line] = figure
    return dict(found)


def _worth(saved: Saved) -> tuple[float, ...]:
    """Heaviest tier first, to a twentieth of a child: less than that is chance."""
    children = (-round(saved[line].value.mean * 20) for line in CHILDREN)
    return (*children, -saved[POUNDS].value.mean)


def _is_worth_something(saved: Saved) -> bool:
    return _worth(saved) < (0,) * (len(CHILDREN) + 1)


def _row(saved: Saved, names: PlanNames) -> tuple[str, ...]:
    children = (number(saved[line].value.mean, "children") for line in CHILDREN)
    pounds = saved[POUNDS]
    return ", ".join(breakdown(pounds, names)), *children, banded(pounds.value, pounds.unit)
