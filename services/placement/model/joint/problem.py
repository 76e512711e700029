"""The placement problem with its money split in two: what a place costs without travel, and what all runs cost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
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

    Raises
    ------
    ValueError
        Stating the rule that is broken.
    """

    without_transport: PlacementProblem
    money: int
    destination: IndexArray
    neighbours: tuple[frozenset[int], ...]

    def __post_init__(self) -> None:
        if not 0 <= self.money < len(self.without_transport.terms):
            raise ValueError(f"money: {self.money} is not the row of a term.")
        if self.destination.shape != (self.without_transport.option_count,):
            raise ValueError("destination: expected one for each option.")
        if len(self.neighbours) != self.without_transport.case_count:
            raise ValueError("neighbours: expected one set for each case.")

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

    @cached_property
    def best_first(self) -> IntArray:
        """int64[A], options in order of case, then of their terms without travel, the best of each case first."""
        problem = self.without_transport
        return np.lexsort((*problem.option_terms[::-1], problem.option_case)).astype(np.int64)

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
    added
        int64[A], what each option would add to the runs there are without its case.
    """

    total: int
    saved: IntArray
    added: IntArray


class RunPricer(Protocol):
    """Whoever says what runs cost. The same plan has the same total however often it is asked about."""

    def price(self, chosen: IntArray) -> RunPrices:
        """Price a plan, `chosen` as in Solution. It need not keep to the places there are."""


class Solve(Protocol):
    """The optimiser."""

    def __call__(self, problem: PlacementProblem) -> IntArray:
        """Return `chosen` of the optimal plan."""
