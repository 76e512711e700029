"""Shortest lexicographic paths from one node to all others (Bellman, 1958; Ford, 1956), a whole round at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from services.placement.model.contracted import Edges
from services.placement.model.groups import IntArray
from services.placement.model.lexicographic import UNREACHED, is_less, least_in_runs

ROUNDS_BETWEEN_LOOKS = 4


@dataclass(frozen=True, eq=False)
class NegativeRing:
    """A ring of edges whose changes sum to less than nothing, as indices of edges."""

    edges: IntArray


def shortest_from(start: int, node_count: int, edges: Edges) -> IntArray | NegativeRing:
    """Return int64[w, node_count], the words of the shortest distances, or a ring which makes them endless.

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
        if rounds % ROUNDS_BETWEEN_LOOKS == 0 and (ring := _ring(came_by, edges.source)) is not None:
            return NegativeRing(ring)
    return distance


def _ring(came_by: IntArray, source: IntArray) -> IntArray | None:
    """Return the edges of a ring among the edges by which nodes were last reached, if there is one."""
    nodes = came_by.size
    back = np.where(came_by < 0, nodes, source[came_by])
    back = np.append(back, nodes)
    far = back
    for _ in range(nodes.bit_length()):
        far = far[far]
    on_ring = np.flatnonzero(far != nodes)
    if not on_ring.size:
        return None
    first = node = int(far[on_ring[0]])
    ring = [int(came_by[first])]
    while (node := int(back[node])) != first:
        ring.append(int(came_by[node]))
    return np.array(ring)
