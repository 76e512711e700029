"""A published table of spend and deficit against the rule, for a person."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType

from services.cli import terminal
from services.placement.forecast.money.trajectory import CheckedTable
from services.planning.trajectory import RULE, contradiction, income_line, millions, signed_millions, verdict


def trajectory_page(checked: CheckedTable) -> Iterator[RenderableType]:
    """Each row printed and reproduced, then what contradicts the rule and what would fit."""
    table = checked.table
    yield f"{table.title}\n{table.source}\n\n{RULE}; income {income_line(checked)}. GBP m."
    years = [str(year) for year in table.years]
    for row in checked.rows:
        yield terminal.heading(row.row.name)
        lines = [
            ("spend, printed", *map(millions, row.row.spend_pence)),
            ("deficit, printed", *map(millions, row.row.deficit_pence)),
            ("deficit, by the rule", *map(millions, row.deficit_pence)),
            ("difference", *map(signed_millions, row.difference_pence)),
        ]
        yield terminal.table(("", *years), lines, right=years)
        yield verdict(row, table.tolerance_pence)
        for found in row.contradictions:
            yield f"- {contradiction(found, table.rounding_pence)}"
        for found in row.beyond_rounding:
            strained = contradiction(found, table.rounding_pence)
            yield f"- Within the tolerance, but more than rounding explains: {strained}"
    if not checked.consistent:
        yield "\nThe table is shown as printed; nothing in it was changed."
