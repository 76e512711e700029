"""Distances between nodes that lie near one another (Dijkstra, 1959), from every node that has a near neighbour."""

from __future__ import annotations

from heapq import heappop, heappush

import numpy as np

from services.placement.model.contracted import Edges
from services.placement.model.groups import IntArray
from services.placement.model.whole import joined, split

Neighbours = dict[int, list[tuple[int, int]]]


def distances_below(links: Edges, limit: IntArray) -> tuple[IntArray, IntArray]:
    """Return pairs, int64[m], and their distances, int64[w, m].

    Parameters
    ----------
    links
        With changes of 0 or more.
    limit
        int64[w, n], for each source the distance that a pair must stay below.

    Returns
    -------
    Pairs are source * n + target, ascending; each node is at distance 0 from itself.
    """
    span = limit.shape[1]
    limits = joined(limit)
    neighbours: Neighbours = {}
    for source, target, change in zip(links.source.tolist(), links.target.tolist(), joined(links.change), strict=True):
        neighbours.setdefault(source, []).append((change, target))
    for listed in neighbours.values():
        listed.sort()
    pairs: list[int] = []
    distances: list[int] = []
    for source in range(span):
        found = sorted(_from(source, neighbours, limits[source]).items())
        pairs += [source * span + target for target, _ in found]
        distances += [distance for _, distance in found]
    return np.array(pairs, dtype=np.int64), split(distances, len(limit))


def _from(source: int, neighbours: Neighbours, limit: int) -> dict[int, int]:
    nearest = {source: 0}
    waiting = [(0, source)]
    while waiting:
        distance, node = heappop(waiting)
        if distance > nearest[node]:
            continue
        for change, target in neighbours.get(node, ()):
            there = distance + change
            if there >= limit:
                break
            if there < nearest.get(target, limit):
                nearest[target] = there
                heappush(waiting, (there, target))
    return nearest
