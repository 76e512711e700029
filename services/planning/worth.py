"""Where a place would be worth most: what one more would save, and what the places asked about would.

A price is read as a whole, tier by tier: a place that gives a child a school may cost pounds, and is worth it all the
same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from inborough.placement.v1 import scenarios_pb2

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
    "How many more children, on average, would be: Placed, with a place at all; Settled, in a place that needs no "
    "judgement; As asked, where the family asked; Near home, not in INMSS or out of borough. Saves is pounds a year; "
    "where a child gets a place who had none, it costs."
)


def most_worth(figures: Iterable[scenarios_pb2.ScenarioFigure], measure: str, year: int) -> list[Saved]:
    """What places save in a year by pool, one of TABLES: the most worth first, those worth nothing left out."""
    most = sorted(_by_pool(figures, measure, year).items(), key=lambda item: (_worth(item[1]), item[0]))
    return [saved for _, saved in most if _is_worth_something(saved)]


def _by_pool(figures: Iterable[scenarios_pb2.ScenarioFigure], measure: str, year: int) -> dict[str, Saved]:
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
