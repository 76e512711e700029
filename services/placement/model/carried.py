"""Rows of a list now, and where each stood in the list before: what need not be worked out again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

IndexArray = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Carried:
    """Rows now beside rows before. Both lists are in order of id, so that rows carried over keep their order.

    Parameters
    ----------
    before
        int32[n], the row that this id had before; -1 if it is new.
    same
        bool[n], whether the row says just what it said.
    count_before
        How many rows there were.
    """

    before: IndexArray
    same: npt.NDArray[np.bool_]
    count_before: int

    @staticmethod
    def of(rows_before: Mapping[str, int], before: Sequence[Any], ids: Sequence[str], now: Sequence[Any]) -> Carried:
        """Compare by id; `rows_before` has the row of each id before."""
        at = [rows_before.get(one, -1) for one in ids]
        same = [row >= 0 and (one is before[row] or one == before[row]) for row, one in zip(at, now, strict=True)]
        return Carried(np.array(at, dtype=np.int32), np.array(same, dtype=np.bool_), len(before))

    @cached_property
    def changed(self) -> IndexArray:
        """int32[m], rows now that are new or say something else."""
        return np.flatnonzero(~self.same).astype(np.int32)

    @cached_property
    def now_of(self) -> IndexArray:
        """int32[count_before], the row now of each row before that says the same still; -1 for any other."""
        now = np.full(self.count_before, -1, dtype=np.int32)
        rows = np.flatnonzero(self.same)
        now[self.before[rows]] = rows
        return now

    def column(self, before: IndexArray, anew: IndexArray) -> IndexArray:
        """int32[n], a number for each row: the one it had, and `anew` for those that changed."""
        column = before[self.before] if self.count_before else np.zeros(self.before.size, dtype=np.int32)
        column[self.changed] = anew
        return column
