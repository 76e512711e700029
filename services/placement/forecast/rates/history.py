"""An authority's own plans as its SEN2 return has them, in columns: one row a plan, nothing that tells whose it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from services.placement.forecast.rates.rates import AGE_COUNT, NEED_COUNT, FloatArray

AGE_AT_RECEPTION = 4
LONGEST_HISTORY_YEARS = 5
_DAYS_A_YEAR = 365


@dataclass(frozen=True, eq=False)
class PlanHistory:
    """Every plan that the authority has had on file.

    Parameters
    ----------
    reception_year
        int[N], the calendar year in which the child's year group began Reception.
    need
        int[N], primary need as an index of NEEDS, 0 to 13.
    started, ceased
        int[N], proleptic ordinals (`date.toordinal`) of the day; 0 where there is none.
    as_of
        The day to which the columns are complete. Later days in them are not looked at.
    """

    reception_year: NDArray[np.int64]
    need: NDArray[np.int64]
    started: NDArray[np.int64]
    ceased: NDArray[np.int64]
    as_of: date

    def __post_init__(self) -> None:
        columns = (self.reception_year, self.need, self.started, self.ceased)
        if len({column.shape for column in columns}) != 1 or self.need.ndim != 1:
            raise ValueError("the columns of a history are of one length")
        if ((self.need < 0) | (self.need >= NEED_COUNT)).any():
            raise ValueError(f"need is an index from 0 to {NEED_COUNT - 1}")
        if ((self.ceased > 0) & (self.started > 0) & (self.ceased < self.started)).any():
            raise ValueError("a plan ceases on or after the day it starts")

    @property
    def years(self) -> int:
        """Whole years before `as_of` in which plans started, 0 to 5."""
        began = self.started[(self.started > 0) & (self.started <= self.as_of.toordinal())]
        if not began.size:
            return 0
        return min((self.as_of.toordinal() - int(began.min())) // _DAYS_A_YEAR, LONGEST_HISTORY_YEARS)

    def new_plans(self, years_ago: int) -> FloatArray:
        """float64[26, 14], plans started in the twelve months that ended `years_ago` years before `as_of`."""
        last = self.as_of.toordinal() - years_ago * _DAYS_A_YEAR
        rows = np.flatnonzero((self.started > last - _DAYS_A_YEAR) & (self.started <= last))
        counts = np.zeros((AGE_COUNT, NEED_COUNT))
        np.add.at(counts, (self._age(rows, self.started[rows]), self.need[rows]), 1.0)
        return counts

    def exposed(self, years_ago: int) -> tuple[FloatArray, FloatArray]:
        """Plans open when those twelve months began, and how many of them ceased within: float64[26] each, by age."""
        last = self.as_of.toordinal() - years_ago * _DAYS_A_YEAR
        first = last - _DAYS_A_YEAR
        open_then = (self.started > 0) & (self.started <= first) & ((self.ceased == 0) | (self.ceased > first))
        rows = np.flatnonzero(open_then)
        ages = self._age(rows, np.full(rows.size, first))
        gone = (self.ceased[rows] > 0) & (self.ceased[rows] <= last)
        return (
            np.bincount(ages, minlength=AGE_COUNT).astype(np.float64),
            np.bincount(ages[gone], minlength=AGE_COUNT).astype(np.float64),
        )

    def _age(self, rows: NDArray[np.int64], days: NDArray[np.int64]) -> NDArray[np.int64]:
        """Age on 31 August before the academic year of each day, held within 0 to 25."""
        years = np.array([_academic_year(int(day)) for day in days], dtype=np.int64)
        ages: NDArray[np.int64] = np.clip(years - self.reception_year[rows] + AGE_AT_RECEPTION, 0, AGE_COUNT - 1)
        return ages


def _academic_year(ordinal: int) -> int:
    day = date.fromordinal(ordinal)
    return day.year if day.month >= 9 else day.year - 1
