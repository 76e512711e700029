"""A published table of spend and deficit against the rule: in words, for a machine, for a spreadsheet."""

from __future__ import annotations

from typing import Any

from services.placement.forecast.money.trajectory import CheckedRow, CheckedTable, Inconsistency
from services.planning.exports.sheets import Sheet

RULE = "deficit = last year's deficit + spend - income"


def income_line(checked: CheckedTable) -> str:
    """Income of the second year, whether it is stated, and its growth."""
    how = "fitted, for the table states none" if checked.income_is_fitted else "as stated"
    growth = float(checked.table.income_growth * 100)
    return f"{millions(checked.income_pence[0])} in {checked.table.years[1]} ({how}), growing {growth:g} % a year"


def verdict(row: CheckedRow, tolerance_pence: int) -> str:
    """Whether the row was reproduced, and how nearly."""
    nearness = f"within {millions(row.largest_difference_pence)} (tolerance {millions(tolerance_pence)})"
    return f"Reproduced {nearness}." if row.reproduced else f"Not reproduced: only {nearness}."


def contradiction(found: Inconsistency, rounding_pence: int) -> str:
    """Which cell stands against the others, by how much, and what would fit, rounded as the table is."""
    off = millions(abs(found.off_by_pence))
    cell = f"{found.year}: the printed {found.cell}, {millions(found.printed_pence)}, contradicts the rest by {off}"
    unit = 2 * rounding_pence or 1
    spend, deficit = (
        millions(round(pence / unit) * unit) for pence in (found.fitting_spend_pence, found.fitting_deficit_pence)
    )
    return f"{cell}. A spend of {spend} would fit, or a deficit of {deficit}."


def millions(pence: int) -> str:
    """ "33.37": GBP m with two decimals."""
    return f"{pence / 10**8:,.2f}"


def signed_millions(pence: int) -> str:
    """ "+0.08", "-0.72", "0.00"."""
    text = f"{pence / 10**8:+,.2f}"
    return "0.00" if text in ("+0.00", "-0.00") else text


def trajectory_json(checked: CheckedTable) -> dict[str, Any]:
    """The shape in docs/json.md."""
    table = checked.table
    return {
        "title": table.title,
        "source": table.source,
        "years": list(table.years),
        "income_pence": list(checked.income_pence),
        "income_is_fitted": checked.income_is_fitted,
        "income_growth_percent": float(table.income_growth * 100),
        "tolerance_pence": table.tolerance_pence,
        "rounding_pence": table.rounding_pence,
        "consistent": checked.consistent,
        "rows": [_row_json(row) for row in checked.rows],
    }


def _row_json(row: CheckedRow) -> dict[str, Any]:
    return {
        "name": row.row.name,
        "spend_pence": list(row.row.spend_pence),
        "printed_deficit_pence": list(row.row.deficit_pence),
        "deficit_pence": list(row.deficit_pence),
        "difference_pence": list(row.difference_pence),
        "largest_difference_pence": row.largest_difference_pence,
        "reproduced": row.reproduced,
        "contradictions": [_found_json(found) for found in row.contradictions],
        "beyond_rounding": [_found_json(found) for found in row.beyond_rounding],
    }


def _found_json(found: Inconsistency) -> dict[str, Any]:
    return {
        "year": found.year,
        "cell": found.cell,
        "printed_pence": found.printed_pence,
        "off_by_pence": found.off_by_pence,
        "fitting_spend_pence": found.fitting_spend_pence,
        "fitting_deficit_pence": found.fitting_deficit_pence,
    }


def trajectory_sheets(checked: CheckedTable) -> list[Sheet]:
    """The reproduced rows, pounds, a line each year; and what contradicts the rule."""
    income = (None, *(pence / 100 for pence in checked.income_pence))
    lines = [
        (row.row.name, year, spend / 100, earned, printed / 100, made / 100, off / 100)
        for row in checked.rows
        for year, spend, earned, printed, made, off in zip(
            checked.table.years,
            row.row.spend_pence,
            income,
            row.row.deficit_pence,
            row.deficit_pence,
            row.difference_pence,
            strict=True,
        )
    ]
    columns = ("row", "year", "spend", "income", "deficit_printed", "deficit_by_the_rule", "difference")
    notes = [
        (row.row.name, found.year, found.cell, contradiction(found, checked.table.rounding_pence))
        for row in checked.rows
        for found in row.contradictions
    ]
    return [
        Sheet("trajectory", columns, lines),
        Sheet("contradictions", ("row", "year", "cell", "in_words"), notes),
    ]
