"""The case-by-case plan: each case in turn takes the best place left. What a panel does by hand, for comparison."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

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
    best_first = np.lexsort(_joined((problem.option_case, *problem.option_terms))[::-1]).tolist()
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


def _joined(columns: Sequence[npt.NDArray[np.signedinteger]]) -> list[IntArray]:
    """Return columns that order rows as the given ones do, the first leading: as few as 63 bits each allow.

    A sort by one column is several times quicker than by six.
    """
    joined: list[IntArray] = []
    width = 0
    for column in columns:
        low = column.min(initial=0).astype(np.int64)
        bits = int(column.max(initial=0) - low).bit_length()
        if joined and width + bits <= 63:
            joined[-1] = (joined[-1] << bits) + (column - low)
            width += bits
        else:
            joined.append(column - low)
            width = bits
    return joined


def _nodes_around(pool: int, parent: list[int]) -> list[int]:
    """Return the pool and the groups around it, innermost first."""
    nodes, node = [], pool
    while node < len(parent):
        nodes.append(node)
        node = parent[node]
    return nodes
