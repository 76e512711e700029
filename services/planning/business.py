"""The business case of an HN unit, and the opportunity table: in words, for a machine, for a spreadsheet."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from services import words
from services.placement.forecast.money.hn_unit import UnitCase, break_even, net_readings, occupancies
from services.placement.forecast.money.opportunities import OpportunityTable
from services.planning.exports.sheets import Sheet

ILLUSTRATIVE = "Illustrative amounts are no council's own; put yours in their place."


def break_even_line(case: UnitCase) -> str:
    """With how many children it breaks even, as a sentence."""
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
