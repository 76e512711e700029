"""The optimiser's answer, with the prices that prove it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np

from services.placement.model.groups import IndexArray, IntArray
from services.placement.model.lexicographic import BoolArray, Packing
from services.placement.model.links import PlaceLinks
from services.placement.model.moves import Moves
from services.placement.model.problem import PlacementProblem

NOT_PLACED = -1


@dataclass(frozen=True, eq=False)
class Workings:
    """What a solve leaves behind for those who ask for prices: all of it follows from the problem and the plan.

    Parameters
    ----------
    moves, units
        The moves with their tiers in these units, int64[T + 1].
    packing, reduced
        How all tiers but the lots are packed, and int64[A + K], the first word by which each move is worse than its
        case's own at the plan's prices; None if they were decided in more than one stage.
    """

    moves: Moves
    units: IntArray
    packing: Packing | None
    reduced: IntArray | None


@dataclass(frozen=True, eq=False)
class Carried:
    """The links of the plan before, numbered as this one's are, and bool[P + G + 1], where they are stale."""

    links: PlaceLinks
    stale: BoolArray


@dataclass(frozen=True, eq=False)
class Solution:
    """The unique optimal plan of a problem.

    Parameters
    ----------
    problem
        What was solved.
    chosen
        int64[K], the row of each case's option, or -1 where it is unplaced.
    potentials
        int64[T + 2, P + G + 1], a price of each pool, group and the root in tiers: unplaced, terms, lots. No move and
        no free place has a negative reduced cost under them, which proves the plan optimal; anybody can check it in
        one pass over the options.
    are_distances
        Whether the potentials are the shortest distances from the root in the contracted graph, as `solve` leaves
        them; a plan made by `replan` is proven by any that are valid.
    status
        Always "optimal": a plan that is not proven is an error, never a solution.
    workings
        What `solve` worked out on the way, if it made the plan.
    carried
        What `replan` knows of the links between places, if it made the plan.
    """

    problem: PlacementProblem
    chosen: IntArray
    potentials: IntArray
    are_distances: bool = False
    status: Literal["optimal"] = "optimal"
    workings: Workings | None = field(default=None, repr=False)
    carried: Carried | None = field(default=None, repr=False)

    @cached_property
    def assigned_pool(self) -> IndexArray:
        """int32[K], each case's pool, or -1."""
        pools = np.full(self.problem.case_count, NOT_PLACED, dtype=np.int32)
        placed = np.flatnonzero(self.chosen != NOT_PLACED)
        pools[placed] = self.problem.option_pool[self.chosen[placed]]
        return pools

    @cached_property
    def totals(self) -> IntArray:
        """int64[T + 1], the number of cases unplaced and the sum of each term."""
        placed = self.chosen[self.chosen != NOT_PLACED]
        terms = self.problem.option_terms[:, placed].sum(axis=1)
        return np.concatenate([[self.chosen.size - placed.size], terms]).astype(np.int64)
