"""What a scenario comes to, in parts: what matters in sentences, whole figures by year, what changed most."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence

from inborough.placement.v1 import scenarios_pb2
from services.words.scenarios import MEASURES, academic_year, banded, breakdown, more_or_fewer

Figures = Sequence[scenarios_pb2.ScenarioFigure]
BASELINE = "the baseline"
BANDS = "Each number is the mean; in brackets, where four fifths of the replicates lie."
MOST_FIRST = "Tables by part show what differs most, at most ten rows."
MOST_ROWS = 10
SHOWN_CHANGE = 0.05
SECTIONS = {
    "inmss": "In INMSS by need, phase and area",
    "unmet": "Without a place by need, phase and area",
    "spend": "Spend by line",
    "places_used": "Places used that differ",
}
"""Measures that are broken down by one thing at a time, with the headings of their tables."""
ASSUMED = {
    "income_pence": "income of the first year is what the children on file cost in full",
    "other_spend_pence": "nothing is spent on children educated elsewhere or on support",
}
"""What stands in the place of amounts that a definition leaves out."""


def headlines(figures: Figures, than: str) -> Iterator[str]:
    """INMSS, children without a place, and the deficit, in the last year."""
    last = max((figure.academic_year for figure in figures), default=0)
    whole = {figure.measure: figure for figure in figures if figure.academic_year == last and not breakdown(figure)}
    for measure, said in (
        ("inmss", "{} children in INMSS"),
        ("unmet", "{} children without a place"),
        ("deficit", "a deficit of {} at its end"),
    ):
        if found := whole.get(measure):
            difference = more_or_fewer(found.difference, found.unit, than)
            yield f"In {academic_year(last)}: {said.format(banded(found.value, found.unit))}, {difference}."


def assumed_money(definition: str) -> str:
    """A sentence on the amounts that a definition leaves out, on which spend and deficit rest; "" if it has all."""
    stated = tomllib.loads(definition).get("money", {})
    missing = [said for name, said in ASSUMED.items() if name not in stated]
    return f"Assumed, for want of amounts in the definition's [money]: {'; '.join(missing)}." if missing else ""


def by_year(figures: Figures) -> list[scenarios_pb2.ScenarioFigure]:
    """Figures of the whole authority, by measure in the order of MEASURES, then by year."""
    whole = [figure for figure in figures if figure.measure in MEASURES and not breakdown(figure)]
    return sorted(whole, key=lambda figure: (list(MEASURES).index(figure.measure), figure.academic_year))


def most_changed(figures: Figures, measure: str, year: int) -> list[scenarios_pb2.ScenarioFigure]:
    """The parts of a measure by one thing at a time that differ most from the baseline, the most first."""
    parts = [
        figure
        for figure in figures
        if (figure.measure, figure.academic_year) == (measure, year)
        and len(breakdown(figure)) == 1
        and abs(figure.difference.mean) >= SHOWN_CHANGE
    ]
    return sorted(parts, key=lambda figure: (-abs(figure.difference.mean), breakdown(figure)))[:MOST_ROWS]
