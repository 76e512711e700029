"""Where a place would be worth most: what one more would save, and what the places asked about would.

A price is read as a whole, tier by tier: a place that gives a child a school may cost pounds, and is worth it all the
same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType

from inborough.placement.v1 import scenarios_pb2
from services.cli import terminal
from services.planning.worth import CHILDREN, HOW_TO_READ, MOST_ROWS, POUNDS, TABLES, Saved, most_worth
from services.words.pool_names import PlanNames
from services.words.scenarios import academic_year, banded, breakdown, number

Figures = Sequence[scenarios_pb2.ScenarioFigure]


def worth_tables(figures: Figures, year: int, names: PlanNames) -> Iterator[RenderableType]:
    """A table for one more place in each pool, and one for the places asked about, the most worth first."""
    shown = False
    for measure, heading in TABLES.items():
        rows = [_row(saved, names) for saved in most_worth(figures, measure, year)[:MOST_ROWS]]
        if rows:
            yield terminal.heading(f"{heading}, in {academic_year(year)}")
            columns = ("", *CHILDREN.values(), "Saves")
            yield terminal.table(columns, rows, right=tuple(CHILDREN.values()))
            shown = True
    if shown:
        yield HOW_TO_READ


def _row(saved: Saved, names: PlanNames) -> tuple[str, ...]:
    children = (number(saved[line].value.mean, "children") for line in CHILDREN)
    pounds = saved[POUNDS]
    return ", ".join(breakdown(pounds, names)), *children, banded(pounds.value, pounds.unit)
