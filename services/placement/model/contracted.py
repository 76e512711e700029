"""The contracted graph of a plan: places as nodes, and the cheapest move between each two of them as an edge.

An edge from i to j says: one of the cases in i can go to j instead, at this change in the totals. A path of edges is a
chain of moves; a ring whose changes sum to less than nothing would improve the plan. That there is no such ring is the
proof that a plan is optimal (Klein, 1967), and shortest paths give the price of every place.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.placement.model.groups import IndexArray, IntArray
from services.placement.model.lexicographic import UNREACHED, least_in_runs
from services.placement.model.places import PlaceTree

NO_ROW = -1
LARGEST_TABLE = 2**23
"""Pairs of nodes up to which a table of all pairs (64 MB) is quicker than sorting the moves by pair."""


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
        pair = target.astype(np.int64) * span + source
        order = np.argsort(pair)
        order = order[(source != target)[order]]
        run_starts = np.flatnonzero(np.diff(pair[order], prepend=-1))
        kept = order[least_in_runs(change[:, order], run_starts)] if order.size else order
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

    @classmethod
    def merged(cls, some: Edges, more: Edges) -> Edges:
        """Return the edges of two graphs, the least for each pair of nodes."""
        both = cls.joined(some, more)
        return cls.cheapest(both.source, both.target, both.change, both.row)

    def where(self, kept: npt.NDArray[np.bool_]) -> Edges:
        """Return the edges at which `kept`, bool[e], is true."""
        return Edges(self.source[kept], self.target[kept], self.change[:, kept], self.row[kept])

    def at(self, order: IntArray) -> Edges:
        """Return the edges at these indices, in their order."""
        return Edges(self.source[order], self.target[order], self.change[:, order], self.row[order])

    def reversed(self) -> Edges:
        """Return the same edges with sources and targets exchanged."""
        return Edges.cheapest(self.target, self.source, self.change, self.row)


def ways_in(tree: PlaceTree, loads: IntArray, standing: IntArray) -> tuple[IntArray, IntArray]:
    """Return sources and targets, int64[f] each, of the edges from the node around each full node to it.

    A full node that holds a case can give one up: the node around it then holds one fewer, at no change of its own.
    """
    full = np.flatnonzero((loads > 0) & (standing[: tree.root] == np.arange(tree.root)))
    return standing[tree.parent[full]], full


def unbeaten(
    source: IndexArray, target: IndexArray, node_count: int, change_of: Callable[[int, IntArray], IntArray], words: int
) -> IntArray:
    """Return the moves between two different nodes that no other move between the same two beats.

    Parameters
    ----------
    source, target
        int32[n], nodes.
    change_of
        Returns int64[m], one word of the changes of m of the moves, given its number and theirs.
    words
        w, the number of words.
    """
    left = np.flatnonzero(source != target)
    if node_count**2 > LARGEST_TABLE:
        return left
    pair = source[left] * np.int32(node_count) + target[left]
    for word in range(words):
        change = change_of(word, left)
        least = np.full(node_count**2, UNREACHED, dtype=np.int64)
        np.minimum.at(least, pair, change)
        kept = change == least[pair]
        left, pair = left[kept], pair[kept]
    return left


def contract(
    tree: PlaceTree,
    loads: IntArray,
    open_nodes: npt.NDArray[np.bool_],
    moves: tuple[IndexArray, IndexArray, IntArray, IntArray],
    chosen: IntArray,
    known: tuple[Edges, npt.NDArray[np.bool_]] | None = None,
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
    known
        The graph before some cases moved, while the same nodes were full and held cases, and bool[P + G + 1], the nodes
        from which or to which they moved: the edges from all others stand.
    """
    case, node, words, row = moves
    standing = tree.standing_for(loads)
    outer, inner = ways_in(tree, loads, standing)
    outer, inner = outer[open_nodes[inner]], inner[open_nodes[inner]]
    stands = standing.astype(np.int32)
    source = stands[node[chosen]][case]
    asked = np.arange(case.size) if known is None else np.flatnonzero(known[1][source])
    now = words[:, chosen]

    def change_of(word: int, at: IntArray) -> IntArray:
        rows = asked[at]
        changed: IntArray = words[word, rows] - now[word, case[rows]]
        return changed

    target = stands[node]
    at = asked[unbeaten(source[asked], target[asked], tree.root + 1, change_of, len(words))]
    if known is not None:
        outer = inner = outer[:0]
    edges = Edges.cheapest(
        np.concatenate([source[at], outer]),
        np.concatenate([target[at], inner]),
        np.concatenate([words[:, at] - now[:, case[at]], np.zeros((len(words), inner.size), int)], axis=1),
        np.concatenate([row[at], np.full(inner.size, NO_ROW)]),
    )
    return (
        edges
        if known is None
        else Edges.merged(known[0].where(~known[1][known[0].source] | (known[0].row == NO_ROW)), edges)
    )
