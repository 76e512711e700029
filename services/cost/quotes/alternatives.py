"""What a council may offer in place of transport, where it is paid. Nothing here is in a total: a person chooses.

1. Left to the family     Where the family's setting may be named on that condition, nothing.
2. Personal travel budget A year's amount by distance, where the card has one for the distance.
3. Mileage                Pence a mile for two return journeys a day, there and back twice, on every day of transport.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from services.cost.domain.pricing import Amount, CostLine, Origin
from services.cost.quotes.journeys import JudgedTravel
from services.cost.quotes.tables import LineTable
from services.cost.transport.fares import Fares, Mileage

LEFT, BUDGET, MILEAGE = "Travel left to the family", "Personal travel budget", "Mileage paid to the family"
NAMED_ON_CONDITION = Origin("estimate", "setting named on that condition (Children and Families Act 2014 s.39)")
JOURNEYS_A_DAY = 4
MILLIMETRES_PER_MILE = 1_609_344


def list_alternatives(fares: Fares, travel: JudgedTravel, route_metres: NDArray[np.int32]) -> list[LineTable]:
    """A table for each alternative; pair i has `entries[at[i]]`, None where it is not offered."""
    conditional = np.array([found.code == "parental_choice" for found in travel.eligibilities], bool)
    tables = [_table(LEFT, [Amount(0, NAMED_ON_CONDITION)], conditional[travel.index].astype(np.intp))]
    if fares.budgets:
        begins = [budget.minimum_metres for budget in fares.budgets]
        band = np.searchsorted(begins, route_metres, side="right")
        tables.append(_table(BUDGET, [budget.amount for budget in fares.budgets], np.where(travel.paid, band, 0)))
    if fares.mileage:
        metres, at = np.unique(np.where(travel.paid, route_metres, -1), return_inverse=True)
        amounts = [Amount(mileage_pence(fares.mileage, int(far)), fares.mileage.origin) for far in metres if far >= 0]
        tables.append(_table(MILEAGE, amounts, at + int(metres.size == len(amounts))))
    return tables


def mileage_pence(mileage: Mileage, metres: int) -> int:
    """Pence a year for a one-way route: two return journeys a day, rounded half up to whole pence."""
    travelled = metres * 1000 * JOURNEYS_A_DAY * mileage.days * mileage.pence_per_mile
    return (2 * travelled + MILLIMETRES_PER_MILE) // (2 * MILLIMETRES_PER_MILE)


def _table(label: str, amounts: list[Amount], at: NDArray[np.intp]) -> LineTable:
    return LineTable(label, [None, *(CostLine(label, amount, amount) for amount in amounts)], at)
