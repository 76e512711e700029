"""The business case of an HN unit, and the opportunity table, for a person."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType

from services.cli import terminal
from services.placement.forecast.money.hn_unit import DAYS_A_YEAR, UnitCase, net_readings, occupancies
from services.placement.forecast.money.opportunities import OpportunityTable
from services.planning.business import ILLUSTRATIVE, break_even_line
from shared.pence import pounds


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
    yield break_even_line(case)
    yield terminal.heading(f'"{pounds(claimed_pence)} a child"')
    gross = pounds(case.saving_a_child_pence)
    yield f"- Read gross, before the unit is paid, the saving is {gross} a child: the claim is not that."
    for reading in net_readings(case, claimed_pence):
        needed = f"a unit with {reading.children} children would cost {pounds(reading.unit_cost_pence)} a year"
        yield f"- Read net, {needed}: {'it holds' if reading.holds else 'outside £120,000 to £160,000'}."


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
