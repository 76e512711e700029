"""The contracted graph of a plan: places as nodes, and the cheapest move between each two of them as an edge.

An edge from i to j says: one of the cases in i can go to j instead, at this change in the totals. A path of edges is a
chain of moves; a ring whose changes sum to less than nothing would improve the plan. That there is no such ring is the
proof that a plan is optimal (Klein, 1967), and shortest paths give the price of every place.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.placement.model.groups import IndexArray, IntArray
from services.placement.model.lexicographic import UNREACHED, least_in_runs
from services.placement.model.places import PlaceTree

NO_ROW = -1
DENSE_TABLE = 2**23
"""Pairs of nodes up to which a table of all pairs (64 MB) finds the cheapest moves quicker than sorting does."""


@dataclass(frozen=True, eq=False)
class Edges:
    """Edges sorted by target, then source, at most one between two nodes in each direction.

    Parameters
    ----------
    source, target
        int64[e], nodes.
    change
        int64[w, e], words of the change in the totals.
    row
        int64[e], the move that makes the change, or -1 where a node merely gives way to a node inside it.
    """

    source: IntArray
    target: IntArray
    change: IntArray
    row: IntArray

    @classmethod
    def cheapest(cls, source: IntArray, target: IntArray, change: IntArray, row: IntArray) -> Edges:
        """Return the least of the given edges for each pair of nodes, without those from a node to itself."""
        span = int(max(source.max(initial=0), target.max(initial=0))) + 1
        apart = np.flatnonzero(source != target)
        pair = target[apart].astype(np.int64) * span + source[apart]
        if span * span < DENSE_TABLE:
            least = np.full(span * span, UNREACHED, dtype=np.int64)
            np.minimum.at(least, pair, change[0, apart])
            hopeful = np.flatnonzero(change[0, apart] == least[pair])
            pair, apart = pair[hopeful], apart[hopeful]
        order = np.argsort(pair, kind="stable")
        pair, apart = pair[order], apart[order]
        run_starts = np.flatnonzero(np.diff(pair, prepend=-1))
        kept = apart[least_in_runs(change[:, apart], run_starts)] if apart.size else apart
        return cls(source[kept].astype(np.int64), target[kept].astype(np.int64), change[:, kept], row[kept])

    @classmethod
    def joined(cls, some: Edges, more: Edges) -> Edges:
        """Return the edges of two graphs which have no pair of nodes in common, not sorted by target."""
        return cls(
            np.concatenate([some.source, more.source]),
            np.concatenate([some.target, more.target]),
            np.concatenate([some.change, more.change], axis=1),
            np.concatenate([some.row, more.row]),
        )

    def where(self, kept: npt.NDArray[np.bool_]) -> Edges:
        """Return the edges at which `kept`, bool[e], is true."""
        return Edges(self.source[kept], self.target[kept], self.change[:, kept], self.row[kept])

    def reversed(self) -> Edges:
        """Return the same edges with sources and targets exchanged."""
        return Edges.cheapest(self.target, self.source, self.change, self.row)


def ways_in(tree: PlaceTree, loads: IntArray, standing: IntArray) -> tuple[IntArray, IntArray]:
    """Return sources and targets, int64[f] each, of the edges from the node around each full node to it.

    A full node that holds a case can give one up: the node around it then holds one fewer, at no change of its own.
    """
    full = np.flatnonzero((loads > 0) & (standing[: tree.root] == np.arange(tree.root)))
    return standing[tree.parent[full]], full


def contract(
    tree: PlaceTree,
    loads: IntArray,
    open_nodes: npt.NDArray[np.bool_],
    moves: tuple[IndexArray, IndexArray, IntArray, IntArray],
    chosen: IntArray,
) -> Edges:
    """Return the contracted graph.

    Parameters
    ----------
    loads
        int64[P + G], cases in each node.
    open_nodes
        bool[P + G], the nodes whose number of cases may change.
    moves
        case, node, words and row number of each move to consider; those of `chosen` among them.
    chosen
        int64[K], the index among `moves` of each case's move in the plan.
    """
    case, node, words, row = moves
    standing = tree.standing_for(loads)
    outer, inner = ways_in(tree, loads, standing)
    outer, inner = outer[open_nodes[inner]], inner[open_nodes[inner]]
    now = chosen[case]
    return Edges.cheapest(
        np.concatenate([standing[node[now]], outer]),
        np.concatenate([standing[node], inner]),
        np.concatenate([words - words[:, now], np.zeros((len(words), inner.size), dtype=np.int64)], axis=1),
        np.concatenate([row, np.full(inner.size, NO_ROW, dtype=np.int64)]),
    )
