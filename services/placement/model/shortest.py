"""Shortest lexicographic paths from one node to all others (Bellman, 1958; Ford, 1956), a whole round at a time.

One word after another: the shortest paths by the first word alone, and then by the next word among those of them that
are as short. A round looks at every edge, which with so few nodes is quicker than to keep account of those that matter.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from services.placement.model.contracted import Edges
from services.placement.model.groups import IntArray
from services.placement.model.lexicographic import UNREACHED

ROUNDS_BETWEEN_LOOKS = 4
FAR = UNREACHED // 2
"""No path is as long; an edge from a node not reached leads beyond."""


@dataclass(frozen=True, eq=False)
class NegativeRings:
    """Rings, with no node in common, whose changes each sum to less than nothing: the indices of all their edges."""

    edges: IntArray


def shortest_from(start: int, node_count: int, edges: Edges) -> IntArray | NegativeRings:
    """Return int64[w, node_count], the words of the shortest distances, or rings which make them endless.

    A node that cannot be reached has the first word UNREACHED.
    """
    distance = np.zeros((len(edges.change), node_count), dtype=np.int64)
    at = np.arange(edges.source.size)
    for word, change in enumerate(edges.change):
        source, target, change = edges.source[at], edges.target[at], change[at]
        found = _by_one_word(start, node_count, source, target, change)
        if isinstance(found, NegativeRings):
            return NegativeRings(at[found.edges])
        distance[word] = found
        at = at[(found[source] + change == found[target]) & (found[target] != UNREACHED)]
    return distance


def _by_one_word(
    start: int, node_count: int, source: IntArray, target: IntArray, change: IntArray
) -> IntArray | NegativeRings:
    """Return int64[node_count], distances; edges are sorted by target, and all that count are int64[e]."""
    distance = np.full(node_count, UNREACHED, dtype=np.int64)
    distance[start] = 0
    came_by = np.full(node_count, -1, dtype=np.int64)
    may_ring = _may_ring(start, source, target, change)
    runs = np.flatnonzero(np.diff(target, prepend=-1))
    ends = target[runs]
    rounds = 0
    while runs.size:
        reached = distance[source] + change
        nearest = np.full(node_count, UNREACHED, dtype=np.int64)
        nearest[ends] = np.minimum.reduceat(reached, runs)
        nearer = (nearest < distance) & (nearest < FAR)
        if not nearer.any():
            break
        distance[nearer] = nearest[nearer]
        if not may_ring:
            continue
        nearest[~nearer] = -UNREACHED
        best = np.flatnonzero(reached == nearest[target])
        came_by[target[best]] = best
        rounds += 1
        if rounds % ROUNDS_BETWEEN_LOOKS == 0 and (rings := _rings(came_by, source)).size:
            return NegativeRings(rings)
    return distance


def _may_ring(start: int, source: IntArray, target: IntArray, change: IntArray) -> bool:
    """Return whether a ring could sum to less than nothing: some edge is less, and not only from where none leads."""
    less = source[change < 0]
    return bool((less != start).any()) or bool(less.size and (target == start).any())


def _rings(came_by: IntArray, source: IntArray) -> IntArray:
    """Return the edges of all rings among the edges by which nodes were last reached."""
    nodes = came_by.size
    back = np.append(np.where(came_by < 0, nodes, source[came_by]), nodes)
    far = back
    for _ in range(nodes.bit_length()):
        far = far[far]
    on_rings = np.unique(far[far != nodes])
    return np.asarray(came_by[on_rings])
