"""The case-by-case plan: each case in turn takes the best place left. What a panel does by hand, for comparison."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from services.placement.model.groups import IntArray
from services.placement.model.places import PlaceTree
from services.placement.model.problem import PlacementProblem
from services.placement.model.solution import NOT_PLACED


def greedy(problem: PlacementProblem, order: Iterable[int]) -> IntArray:
    """Return int64[K], the row of the option that each case takes, or -1.

    Parameters
    ----------
    order
        Cases in the order in which they are decided. Each takes its least option, term by term and then the earliest
        pool, of those with a place free in the pool and in every group around it. A case not in the order stays
        unplaced.
    """
    tree = PlaceTree.of(problem)
    parent, free = tree.parent.tolist(), tree.places.tolist()
    first = problem.first_option.tolist()
    best_first = np.lexsort((*problem.option_terms[::-1], problem.option_case)).tolist()
    pools = problem.option_pool.tolist()
    chosen = np.full(problem.case_count, NOT_PLACED, dtype=np.int64)
    for case in order:
        for row in best_first[first[case] : first[case + 1]]:
            around = _nodes_around(pools[row], parent)
            if all(free[node] > 0 for node in around):
                for node in around:
                    free[node] -= 1
                chosen[case] = row
                break
    return chosen


def _nodes_around(pool: int, parent: list[int]) -> list[int]:
    """Return the pool and the groups around it, innermost first."""
    nodes, node = [], pool
    while node < len(parent):
        nodes.append(node)
        node = parent[node]
    return nodes
