"""England's plans by age: the larger population that an authority's own small counts are shrunk towards.

`england.csv` beside this file carries the Department's published figures (Department for Education, *Education, health
and care plans*, Open Government Licence v3.0). It was written from the published tables by

    python -m services.placement.forecast.published.england FOLDER
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from services.placement.forecast.published.ages import by_academic_age, by_year_group
from services.placement.forecast.rates.rates import AGE_COUNT, NEEDS, FloatArray

CARRIED = Path(__file__).with_name("england.csv")
PUBLISHED_NEEDS = tuple(need for need in NEEDS if need not in ("DS", ""))
COLUMNS = ("age", "plans", "new_plans", "ceased", *PUBLISHED_NEEDS, "unrecorded")
YOUNGEST_APART = 5
OLDEST_BY_FLOW = 17
_HALVINGS = 60


@dataclass(frozen=True, eq=False)
class England:
    """One year's figures for England.

    Parameters
    ----------
    year
        The January in which `plans` were counted; the flows are those of the calendar year before.
    plans
        float64[26], plans by age on the 31 August before.
    new_plans, ceased
        float64[26], plans started and ceased in the year by published age; 20 holds everybody of 20 and over. Ceased
        leaves out transfers to another authority, which are no loss to England.
    need_shares
        float64[26, 14], share of new plans by primary need (NEEDS) within each age; rows sum to 1.
    """

    year: int
    plans: FloatArray
    new_plans: FloatArray
    ceased: FloatArray
    need_shares: FloatArray

    def profile(self) -> FloatArray:
        """float64[26, 14] summing to 1: share of new plans by age in the academic year and need."""
        by_group = by_academic_age(by_year_group(self.new_plans[:, np.newaxis] * self.need_shares))
        result: FloatArray = by_group / by_group.sum()
        return result

    def cease_chances(self) -> FloatArray:
        """float64[26], chance that a plan ceases within a year, by the age at which the year finds it.

        To 17 the published flow over the stock of the year before, which is the stock of now less what came and with
        what went; those under five are taken together. From 18, because flows are published for all ages over 19
        together, what the stock loses from one age to the next, with the growth of the stock that makes all of them
        together agree with the flow.
        """
        new, gone = by_year_group(self.new_plans), by_year_group(self.ceased)
        before = np.maximum(self.plans - new + gone, 1.0)[1:]
        gone = gone[1:]
        chances = np.zeros(AGE_COUNT)
        chances[:YOUNGEST_APART] = gone[:YOUNGEST_APART].sum() / before[:YOUNGEST_APART].sum()
        single = slice(YOUNGEST_APART, OLDEST_BY_FLOW + 1)
        chances[single] = np.minimum(gone[single] / before[single], 1.0)
        chances[OLDEST_BY_FLOW + 1 :] = self._oldest(new, float(gone[OLDEST_BY_FLOW + 1 :].sum()))
        return chances

    def _oldest(self, new: FloatArray, flow: float) -> FloatArray:
        """Chances from 18 to 25, by bisection on the stock's growth between 0 and 50 %."""
        low, high = 1.0, 1.5
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            chances, stock = self._losses(new, middle)
            low, high = (low, middle) if float((chances * stock).sum()) < flow else (middle, high)
        return self._losses(new, low)[0]

    def _losses(self, new: FloatArray, growth: float) -> tuple[FloatArray, FloatArray]:
        stock = self.plans[OLDEST_BY_FLOW + 1 :] / growth
        kept = np.append((self.plans - new)[OLDEST_BY_FLOW + 2 :], 0.0)
        return np.clip(1.0 - kept / stock, 0.0, 1.0), stock


def carried_england() -> England:
    """The figures carried in `england.csv`: January 2024, flows of 2023, needs of 2024's new plans."""
    with CARRIED.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    columns = {name: np.array([float(row[name]) for row in rows]) for name in COLUMNS}
    shares = np.zeros((AGE_COUNT, len(NEEDS)))
    for index, need in enumerate(NEEDS):
        shares[:, index] = columns["unrecorded" if need == "" else need] if need != "DS" else 0.0
    return England(2024, columns["plans"], columns["new_plans"], columns["ceased"], whole_shares(shares))


def whole_shares(percentages: FloatArray) -> FloatArray:
    """Rows that sum to 1; an age without any takes the nearest age's."""
    known = np.flatnonzero(percentages.sum(axis=1) > 0)
    if not known.size:
        raise ValueError("need shares are not all zero")
    nearest = known[np.abs(np.arange(AGE_COUNT)[:, np.newaxis] - known).argmin(axis=1)]
    result: FloatArray = percentages[nearest] / percentages[nearest].sum(axis=1, keepdims=True)
    return result
