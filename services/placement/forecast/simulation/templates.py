"""Which children on file a simulated new child may copy: those of the same need and nearly the same age."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from services.placement.forecast.rates.rates import AGE_COUNT, NEEDS, FloatArray
from services.placement.forecast.simulation.world import Children, IntArray

ENOUGH = 8
"""Children to choose between, before ages further away are looked at."""


@dataclass(frozen=True, eq=False)
class Templates:
    """Rows to copy for each age and need: those of cell (age, need) are rows[first[cell]] up to rows[first[cell + 1]].

    A cell's rows are the children of that need at the nearest ages, as many ages as give ENOUGH; those whose plan is
    recent alone, where they are enough, because new plans are placed as recent ones were. Where nobody on file has the
    need, children of any need stand in; the cell is empty only if there are no children at all.
    """

    rows: IntArray
    first: IntArray

    @classmethod
    def of(cls, children: Children) -> Templates:
        """The templates of the children on file."""
        cells = [_nearest(children, age, need) for age in range(AGE_COUNT) for need in range(len(NEEDS))]
        first = np.concatenate([[0], np.cumsum([cell.size for cell in cells])])
        return cls(np.concatenate(cells).astype(np.int32), first.astype(np.int64))

    def choose(self, age: IntArray, need: IntArray, uniform: FloatArray) -> IntArray:
        """Return int32[n], a row for each child, by a number from 0 up to 1."""
        cell = age.astype(np.int64) * len(NEEDS) + need
        count = self.first[cell + 1] - self.first[cell]
        rows: IntArray = self.rows[self.first[cell] + np.floor(uniform * count).astype(np.int64)]
        return rows


def _nearest(children: Children, age: int, need: int) -> IntArray:
    of_need = np.flatnonzero(children.need == need)
    if not of_need.size:
        of_need = np.arange(children.count)
    recent = of_need[children.recent[of_need]]
    chosen = _within(children, recent, age)
    return chosen if chosen.size >= ENOUGH else _within(children, of_need, age)


def _within(children: Children, rows: IntArray, age: int) -> IntArray:
    """Those of the rows at the fewest ages around one that are enough; at most two years away if that is any."""
    away = np.abs(children.age[rows].astype(np.int64) - age)
    for limit in range(AGE_COUNT):
        found = rows[away <= limit]
        if found.size >= ENOUGH or (limit >= 2 and found.size):
            return found
    return rows
