"""The placement problem with its money split in two: what a place costs without travel, and what all runs cost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from services.placement.model.flow import BoolArray
from services.placement.model.groups import IndexArray, IntArray
from services.placement.model.problem import PlacementProblem
from services.placement.model.solution import NOT_PLACED


@dataclass(frozen=True, eq=False)
class JointProblem:
    """A placement problem whose runs are yet to be priced.

    Parameters
    ----------
    without_transport
        The problem, its money term without what travel costs.
    money
        The row of the money term among its terms. The tiers before it know nothing of travel.
    destination
        int32[A], where each option leads to: the same number for every pool of one setting.
    neighbours
        For each case, rows of the cases whose homes are near enough to share a run.
    least
        int64[A], what carrying each option's child costs at least, whoever else travels, pence a year.

    Raises
    ------
    ValueError
        Stating the rule that is broken.
    """

    without_transport: PlacementProblem
    money: int
    destination: IndexArray
    neighbours: tuple[frozenset[int], ...]
    least: IntArray

    def __post_init__(self) -> None:
        if not 0 <= self.money < len(self.without_transport.terms):
            raise ValueError(f"money: {self.money} is not the row of a term.")
        if self.destination.shape != (self.without_transport.option_count,):
            raise ValueError("destination: expected one for each option.")
        if len(self.neighbours) != self.without_transport.case_count:
            raise ValueError("neighbours: expected one set for each case.")
        if self.least.shape != self.destination.shape:
            raise ValueError("least: expected one for each option.")

    def with_transport(self, pence: IntArray) -> PlacementProblem:
        """Return the problem with int64[A] pence of travel in its money term."""
        terms = self.without_transport.option_terms.copy()
        terms[self.money] += pence
        return replace(self.without_transport, option_terms=terms)

    def cost_of_places(self, chosen: IntArray) -> int:
        """What the places of a plan cost without travel, pence a year. `chosen` as in Solution."""
        return int(self.without_transport.option_terms[self.money, chosen[chosen != NOT_PLACED]].sum())

    def before_money(self, chosen: IntArray) -> tuple[int, ...]:
        """How many are unplaced, and the sums of the terms that come before money."""
        placed = chosen[chosen != NOT_PLACED]
        sums = self.without_transport.option_terms[: self.money, placed].sum(axis=1)
        return (int(chosen.size - placed.size), *sums.tolist())

    def as_good_before_money(self, chosen: IntArray) -> BoolArray:
        """bool[A], the options that are no worse for their case than the one it has, by the terms before money.

        False for all options of a case that has none.
        """
        problem = self.without_transport
        now = chosen[problem.option_case]
        better, level = np.zeros(now.size, np.bool_), now != NOT_PLACED
        for row in problem.option_terms[: self.money]:
            better |= level & (row < row[now])
            level &= row == row[now]
        found: BoolArray = better | level
        return found

    def is_chosen(self, chosen: IntArray) -> BoolArray:
        """bool[A], the options that a plan gives."""
        found = np.zeros(self.without_transport.option_count, dtype=np.bool_)
        found[chosen[chosen != NOT_PLACED]] = True
        return found


@dataclass(frozen=True, eq=False)
class RunPrices:
    """What runs cost when everybody goes where a plan sends them. All pence a year.

    Parameters
    ----------
    total
        All runs together, of those placed before and of those due.
    saved
        int64[K], what taking each case due out of its run would save; 0 where it is not carried.
    """

    total: int
    saved: IntArray


class RunPricer(Protocol):
    """Whoever says what runs cost. Only the total is exact, and the same however often a plan is asked about."""

    def price(self, chosen: IntArray) -> RunPrices:
        """Price a plan, `chosen` as in Solution."""

    def added(self, chosen: IntArray) -> IntArray:
        """int64[A], what each option would add to the runs of a plan without its case, pence a year."""

    def together(self, chosen: IntArray, rows: IntArray) -> IntArray:
        """What each of these options would add to the runs of a plan if all of them were on board, pence a year.

        They lead to one destination, where none of their cases goes. The cases stay where the plan has them too.
        """


class Solve(Protocol):
    """The optimiser."""

    def __call__(self, problem: PlacementProblem) -> IntArray:
        """Return `chosen` of the optimal plan."""
