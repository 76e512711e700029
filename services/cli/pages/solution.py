"""What the optimiser found for a problem file, for a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import RenderableType

from services import words
from services.cli import terminal

LISTED = 10


def solution_page(solution: Mapping[str, Any]) -> Iterator[RenderableType]:
    """The totals, who is not placed, where a place is worth most, and the knock-on when it was asked for."""
    placed, unplaced = len(solution["assignment"]), solution["unplaced"]
    yield f"{solution['status'].capitalize()}: {placed:,} placed, {len(unplaced):,} not placed."
    totals = [(words.term(name), words.amount(name, number)) for name, number in solution["totals"].items()]
    yield terminal.table(("Totals", ""), totals, right=("",))
    if unplaced:
        yield f"Not placed: {', '.join(unplaced[:LISTED])}{' and more' if len(unplaced) > LISTED else ''}"
    worth = {pool: price for pool, price in solution["shadow_prices"].items() if any(price.values())}
    if worth:
        yield terminal.heading("Where one more place would save")
        for pool, price in list(words.most_first(worth))[:LISTED]:
            yield f"- {pool}: {words.saving(price)}"
    for title, effects in (
        ("What each option does to the whole plan", solution.get("knock_on")),
        ("What each option does to the other cases", solution.get("knock_on_others")),
    ):
        if effects:
            yield terminal.heading(title)
            yield from (f"- {pool}: {words.knock_on(terms)}" for pool, terms in effects.items())
    yield "\n--json lists everything."
