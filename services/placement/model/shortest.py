"""Shortest lexicographic paths from one node to all others (Bellman, 1958; Ford, 1956), a whole round at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from services.placement.model.contracted import Edges
from services.placement.model.groups import IntArray
from services.placement.model.lexicographic import UNREACHED, is_less, least_in_runs

ROUNDS_BETWEEN_LOOKS = 4


@dataclass(frozen=True, eq=False)
class NegativeRings:
    """Rings, with no node in common, whose changes each sum to less than nothing: the indices of all their edges."""

    edges: IntArray


def shortest_from(start: int, node_count: int, edges: Edges) -> IntArray | NegativeRings:
    """Return int64[w, node_count], the words of the shortest distances, or rings which make them endless.

    A node that cannot be reached has the first word UNREACHED.
    """
    distance = np.zeros((len(edges.change), node_count), dtype=np.int64)
    distance[0] = UNREACHED
    distance[0, start] = 0
    came_by = np.full(node_count, -1, dtype=np.int64)
    changed = np.zeros(node_count, dtype=np.bool_)
    changed[start] = True
    rounds = 0
    while (live := np.flatnonzero(changed[edges.source])).size:
        reached = distance[:, edges.source[live]] + edges.change[:, live]
        run_starts = np.flatnonzero(np.diff(edges.target[live], prepend=-1))
        best = least_in_runs(reached, run_starts)
        targets = edges.target[live[best]]
        nearer = is_less(reached[:, best], distance[:, targets])
        best, targets = best[nearer], targets[nearer]
        distance[:, targets] = reached[:, best]
        came_by[targets] = live[best]
        changed[:] = False
        changed[targets] = True
        rounds += 1
        if rounds % ROUNDS_BETWEEN_LOOKS == 0 and (rings := _rings(came_by, edges.source)).size:
            return NegativeRings(rings)
    return distance


def _rings(came_by: IntArray, source: IntArray) -> IntArray:
    """Return the edges of all rings among the edges by which nodes were last reached."""
    nodes = came_by.size
    back = np.append(np.where(came_by < 0, nodes, source[came_by]), nodes)
    far = back
    for _ in range(nodes.bit_length()):
        far = far[far]
    on_rings = np.unique(far[far != nodes])
    return np.asarray(came_by[on_rings])
