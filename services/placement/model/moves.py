"""The moves open to each case: its options, and being unplaced.

Rows 0 to A - 1 are the problem's options; row A + k is case k unplaced. So every case always has exactly one row, and
being unplaced is a choice like any other, with its own leading tier.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from services.placement.model.groups import IndexArray, IntArray
from services.placement.model.lots import Seeds, lots_of
from services.placement.model.problem import PlacementProblem


@dataclass(frozen=True, eq=False)
class Moves:
    """Rows of moves.

    Parameters
    ----------
    case, node
        int32[A + K], the case that moves and the node, a pool or the root, to which it moves.
    tiers
        int64[T + 1, A + K], unplaced (0 or 1) and then the terms.
    case_seeds, pool_seeds
        uint64[K] and uint64[P], from which lots are drawn.
    """

    case: IndexArray
    node: IndexArray
    tiers: IntArray
    case_seeds: Seeds
    pool_seeds: Seeds

    @classmethod
    def of(cls, problem: PlacementProblem, units: IntArray) -> Moves:
        """Return every move of every case, its tiers in these units: int64[T + 1], each a divisor of its tier."""
        options, cases = problem.option_count, problem.case_count
        root = problem.pool_count + len(problem.groups.ids)
        tiers = np.zeros((len(problem.terms) + 1, options + cases), dtype=np.int64)
        for tier, term, unit in zip(tiers[1:, :options], problem.option_terms, units[1:].tolist(), strict=True):
            tier[:] = term if unit == 1 else term // unit
        tiers[0, options:] = 1
        return cls(
            case=np.concatenate([problem.option_case, np.arange(cases, dtype=np.int32)]),
            node=np.concatenate([problem.option_pool, np.full(cases, root, dtype=np.int32)]),
            tiers=tiers,
            case_seeds=problem.case_seeds,
            pool_seeds=problem.pool_seeds,
        )

    @property
    def option_count(self) -> int:
        """A, the number of rows that are options."""
        return int(self.case.size - self.case_seeds.size)

    def lots(self, rows: IntArray) -> IntArray:
        """Return int64[n], the lot of each row; that of being unplaced is 0."""
        lots = np.zeros(rows.size, dtype=np.int64)
        options = np.flatnonzero(rows < self.option_count)
        chosen = rows[options]
        lots[options] = lots_of(self.case_seeds[self.case[chosen]], self.pool_seeds[self.node[chosen]])
        return lots

    @property
    def case_count(self) -> int:
        """K, the number of cases."""
        return int(self.case_seeds.size)
