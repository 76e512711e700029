"""What taking one place does to everyone else's plan: exact, from the contracted graph of the optimal plan.

Every answer is a column of changes: cases unplaced, then each term. The columns are compared in that order, and each
is the difference between two optimal plans, the one that stands and the best one with the change. README.md derives
them. Nothing here solves again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.placement.model.distances import node_distances, take_columns
from services.placement.model.groups import IndexArray, IntArray
from services.placement.model.solution import NOT_PLACED, Solution

BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Effects:
    """Changes in the optimal totals, one column for each place asked about.

    Parameters
    ----------
    pools
        int32[n], the pools.
    change
        int64[T + 1, n], unplaced and then the terms; below 0 is a saving. 0 where not possible.
    possible
        bool[n], False where no plan holds a case there: the pool, or a group around it, has no places at all.
    """

    pools: IndexArray
    change: IntArray
    possible: BoolArray


class KnockOns:
    """The prices of a plan: cheap to keep and to ask, and safe to send to another process."""

    def __init__(self, solution: Solution) -> None:
        self._problem = solution.problem
        self._first_option = solution.problem.first_option
        self._distances = node_distances(solution)
        root = self._distances.root
        self._assigned = np.where(solution.assigned_pool == NOT_PLACED, root, solution.assigned_pool)
        self._leaving = take_columns(self._distances.potentials, self._assigned) - _own_tiers(solution)

    def effect_of_options(self, case: int) -> Effects:
        """Return the change in the whole plan's totals if this case were made to take each of its options."""
        rows = self._rows(case)
        return self._effects(rows, self._forced(rows, self._on_others(rows)))

    def effect_on_others(self, case: int) -> Effects:
        """Return the change in the others' totals if this case takes each option, against their best without it."""
        rows = self._rows(case)
        return self._effects(rows, self._on_others(rows))

    def all_effects(self) -> tuple[Effects, Effects]:
        """Return `effect_of_options` and `effect_on_others` of every case, in the order of the problem's options."""
        rows = slice(0, self._problem.option_count)
        on_others = self._on_others(rows)
        return self._effects(rows, self._forced(rows, on_others.copy())), self._effects(rows, on_others)

    def effect_of_place_taken(self, pools: IndexArray | None = None) -> Effects:
        """Return the change in the plan's totals if a newcomer of no cost took a place in each pool (default: all)."""
        asked = np.arange(self._problem.pool_count, dtype=np.int32) if pools is None else pools
        return self._masked(asked, self._distances.to_root(asked))

    def effect_of_new_case(self, pools: IndexArray, terms: IntArray) -> Effects:
        """Return the change in the whole plan's totals, its own terms with them, if a new case took each option.

        Parameters
        ----------
        pools
            int32[n], its options.
        terms
            int64[T, n], their terms. For the effect on the other cases alone see `effect_of_place_taken`.
        """
        change = self._distances.to_root(pools)
        change[1:] += terms
        return self._masked(pools, change)

    def saved_by_one_more_place(self) -> IntArray:
        """Return int64[T + 1, P]: what the totals would fall by if each pool alone had one more place; 0 or more."""
        pools = np.arange(self._problem.pool_count)
        return -self._distances.of_one_more_place(pools)

    def cost_of_one_place_fewer(self) -> Effects:
        """Return the change in the totals if each pool alone had one place fewer; not possible where it has none."""
        pools = np.arange(self._problem.pool_count, dtype=np.int32)
        change = self._distances.of_one_place_fewer(pools)
        possible = self._problem.pool_places > 0
        return Effects(pools, np.where(possible, change, 0), possible)

    def _rows(self, case: int) -> slice:
        return slice(int(self._first_option[case]), int(self._first_option[case + 1]))

    def _effects(self, rows: slice, change: IntArray) -> Effects:
        return self._masked(self._problem.option_pool[rows], change)

    def _masked(self, pools: IndexArray, change: IntArray) -> Effects:
        possible = self._distances.can_hold(pools)
        impossible = np.flatnonzero(~possible)
        for row in change if impossible.size else ():
            row[impossible] = 0
        return Effects(pools, change, possible)

    def _on_others(self, rows: slice) -> IntArray:
        now = self._assigned[self._problem.option_case[rows]]
        return self._distances.given_up(self._problem.option_pool[rows], now)

    def _forced(self, rows: slice, change: IntArray) -> IntArray:
        """Add to what the others lose what they gain by the place that the case leaves, and the case's own change."""
        change += take_columns(self._leaving, self._problem.option_case[rows])
        change[1:] += self._problem.option_terms[:, rows]
        return change


def _own_tiers(solution: Solution) -> IntArray:
    """Return int64[T + 1, K]: whether each case is unplaced, and the terms of its option."""
    own = np.zeros((len(solution.problem.tiers), solution.chosen.size), dtype=np.int64)
    placed = np.flatnonzero(solution.chosen != NOT_PLACED)
    own[0] = solution.chosen == NOT_PLACED
    own[1:, placed] = take_columns(solution.problem.option_terms, solution.chosen[placed])
    return own
