"""The business case of an HN unit, and the opportunity table: for a person, a machine, a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from rich.console import RenderableType

from services import words
from services.cli import terminal
from services.cli.exports.sheets import Sheet
from services.placement.forecast.hn_unit import DAYS_A_YEAR, UnitCase, break_even, net_readings, occupancies
from services.placement.forecast.opportunities import OpportunityTable
from shared.pence import pounds

ILLUSTRATIVE = "Illustrative amounts are no council's own; put yours in their place."


def unit_page(case: UnitCase, claimed_pence: int) -> Iterator[RenderableType]:
    """Occupancy by occupancy, the break-even, and how a claimed saving for each child is to be read."""
    yield (
        f"High Needs unit: {pounds(case.unit_cost_pence)} a year for {case.places} places, whatever its occupancy. "
        f"For each child it avoids an INMSS fee of {pounds(case.inmss_fee_pence)} and transport of "
        f"{pounds(case.inmss_transport_pence)}; transport of {pounds(case.remaining_transport_pence)} remains."
    )
    if case.days_open < DAYS_A_YEAR:
        yield f"First year only: open {case.days_open} of {DAYS_A_YEAR} days, cost and savings in that proportion."
    lines = [
        (
            str(row.children),
            pounds(row.gross_pence),
            pounds(row.unit_cost_pence),
            pounds(row.net_pence),
            "" if row.net_a_child_pence is None else pounds(row.net_a_child_pence),
        )
        for row in occupancies(case)
    ]
    columns = ("Children", "Avoided", "Unit", "Net saving", "Net, a child")
    yield terminal.table(columns, lines, right=columns)
    yield _break_even_line(case)
    yield terminal.heading(f'"{pounds(claimed_pence)} a child"')
    gross = pounds(case.saving_a_child_pence)
    yield f"- Read gross, before the unit is paid, the saving is {gross} a child: the claim is not that."
    for reading in net_readings(case, claimed_pence):
        needed = f"a unit with {reading.children} children would cost {pounds(reading.unit_cost_pence)} a year"
        yield f"- Read net, {needed}: {'it holds' if reading.holds else 'outside £120,000 to £160,000'}."


def _break_even_line(case: UnitCase) -> str:
    children = break_even(case)
    if children is None or children > case.places:
        return f"It does not break even with its {case.places} places."
    return f"Over a full year it breaks even with {words.counted(children, 'child', 'children')}."


def unit_json(case: UnitCase, claimed_pence: int) -> dict[str, Any]:
    """The shape in docs/json.md."""
    return {
        **asdict(case),
        "saving_a_child_pence": case.saving_a_child_pence,
        "break_even_children": break_even(case),
        "occupancies": [asdict(row) for row in occupancies(case)],
        "claimed_pence": claimed_pence,
        "net_readings": [asdict(reading) for reading in net_readings(case, claimed_pence)],
    }


def unit_sheets(case: UnitCase) -> list[Sheet]:
    """Occupancies, in pounds."""
    columns = ("children", "avoided", "unit_cost", "net_saving", "net_saving_a_child")
    rows = [
        (
            row.children,
            row.gross_pence / 100,
            row.unit_cost_pence / 100,
            row.net_pence / 100,
            None if row.net_a_child_pence is None else row.net_a_child_pence / 100,
        )
        for row in occupancies(case)
    ]
    return [Sheet("hn unit", columns, rows)]


def opportunities_page(table: OpportunityTable) -> Iterator[RenderableType]:
    """Each opportunity with its children and saving, the total, and where each amount is from."""
    yield f"{table.title}\n{table.source}"
    lines = [
        (
            one.name,
            f"{float(one.children):,.1f}",
            f"{float(one.share * 100):g} %",
            pounds(one.before.pence),
            pounds(one.after.pence),
            pounds(one.saving_a_child_pence),
            pounds(one.saving_a_year_pence),
        )
        for one in table.opportunities
    ]
    columns = ("Opportunity", "Children", "Share", "Before", "After", "Saves a child", "Saves a year")
    yield terminal.table(columns, lines, right=columns[1:])
    yield f"Together {pounds(table.saving_a_year_pence)} a year, places and transport, once all are so placed."
    yield terminal.heading("Where the unit costs are from")
    costs = {cost.name: cost for one in table.opportunities for cost in (one.before, one.after)}
    yield terminal.table(
        ("Placed at", "A year", "Basis", "Source"),
        [(cost.name, pounds(cost.pence), cost.basis, cost.source) for cost in costs.values()],
        right=("A year",),
    )
    if any(cost.basis == "illustrative" for cost in costs.values()):
        yield ILLUSTRATIVE


def opportunities_json(table: OpportunityTable) -> dict[str, Any]:
    """The shape in docs/json.md."""
    return {
        "title": table.title,
        "source": table.source,
        "saving_a_year_pence": table.saving_a_year_pence,
        "opportunities": [
            {
                "name": one.name,
                "cohort": one.cohort,
                "cohort_children": one.cohort_children,
                "share": float(one.share),
                "children": float(one.children),
                "before": asdict(one.before) | {"pence": one.before.pence},
                "after": asdict(one.after) | {"pence": one.after.pence},
                "saving_a_child_pence": one.saving_a_child_pence,
                "saving_a_year_pence": one.saving_a_year_pence,
            }
            for one in table.opportunities
        ],
    }


def opportunities_sheets(table: OpportunityTable) -> list[Sheet]:
    """The opportunities and the unit costs, in pounds."""
    columns = ("opportunity", "cohort", "cohort_children", "share", "children", "before", "after")
    rows = [
        (
            one.name,
            one.cohort,
            one.cohort_children,
            float(one.share),
            float(one.children),
            one.before.pence / 100,
            one.after.pence / 100,
            one.saving_a_child_pence / 100,
            one.saving_a_year_pence / 100,
        )
        for one in table.opportunities
    ]
    costs = {cost.name: cost for one in table.opportunities for cost in (one.before, one.after)}
    return [
        Sheet("opportunities", (*columns, "saving_a_child", "saving_a_year"), rows),
        Sheet(
            "unit costs",
            ("placed_at", "place", "transport", "basis", "source"),
            [(c.name, c.place_pence / 100, c.transport_pence / 100, c.basis, c.source) for c in costs.values()],
        ),
    ]
