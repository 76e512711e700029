"""The cheapest chain of links from one place to another, under potentials that make every link 0 or more."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from services.placement.model.contracted import Edges
from services.placement.model.groups import IntArray
from services.placement.model.lexicographic import UNREACHED, is_less
from services.placement.model.shortest import FAR, NegativeRings, shortest_from


@dataclass(frozen=True, eq=False)
class Chain:
    """What a search found.

    Parameters
    ----------
    shift
        int64[w, n], each node's distance, or that of the goal, or the limit, whichever is the least: the potentials
        raised by it prove the plan after the chain (Edmonds and Karp, 1972).
    moves
        The links along the chain, from its start; none if the limit was less.
    """

    shift: IntArray
    moves: Edges


def cheapest_chain(links: Edges, node_count: int, start: int, goal: int, limit: IntArray | None = None) -> Chain:
    """Return the cheapest chain from a start to a goal.

    Parameters
    ----------
    links
        With changes of 0 or more, save those from the start if nothing leads there.
    limit
        int64[w]; a chain as long is of no use.

    Raises
    ------
    ValueError
        If there is neither a chain nor a limit, or a ring is less than 0.
    """
    links = _near(links, node_count, start, goal)
    distance = shortest_from(start, node_count, links)
    if isinstance(distance, NegativeRings):
        raise ValueError("The potentials do not prove this plan optimal.")
    length = distance[:, [goal]]
    if limit is not None and not is_less(length, limit[:, np.newaxis])[0]:
        return Chain(_capped(distance, limit[:, np.newaxis]), links.at(np.zeros(0, dtype=np.int64)))
    if length[0, 0] == UNREACHED:
        raise ValueError("There is no chain of moves to the goal.")
    return Chain(_capped(distance, length), links.at(_along(links, distance, start, goal)))


def _capped(distance: IntArray, length: IntArray) -> IntArray:
    return np.where(is_less(distance, length), distance, length)


def _near(links: Edges, node_count: int, start: int, goal: int) -> Edges:
    """Return the links, sorted by target, that can be on a chain as short as the shortest of one or two links."""
    change = links.change[0]
    first = np.full(node_count, UNREACHED, dtype=np.int64)
    own = np.flatnonzero(links.source == start)
    np.minimum.at(first, links.target[own], change[own])
    least = int(first.min(initial=UNREACHED))
    first[start] = 0
    last = np.flatnonzero(links.target == goal)
    within = first[links.source[last]].clip(max=FAR) + change[last].clip(max=FAR)
    kept = (change <= int(within.min(initial=UNREACHED)) - least) | (links.source == start)
    at = np.flatnonzero(kept)
    return links.at(at[np.argsort(links.target[at], kind="stable")])


def _along(links: Edges, distance: IntArray, start: int, goal: int) -> IntArray:
    """Return the links of a shortest path: of those that are exactly as long as the distances, the fewest."""
    tight = distance[:, links.source] + links.change == distance[:, links.target]
    at = np.flatnonzero(tight.all(axis=0) & (distance[0, links.target] != UNREACHED))
    came_by = np.full(distance.shape[1], -1, dtype=np.int64)
    seen = np.zeros(distance.shape[1], dtype=np.bool_)
    seen[start] = True
    while not seen[goal]:
        onward = at[seen[links.source[at]] & ~seen[links.target[at]]]
        came_by[links.target[onward]] = onward
        seen[links.target[onward]] = True
    edges: list[int] = []
    while goal != start:
        edges.insert(0, int(came_by[goal]))
        goal = int(links.source[edges[0]])
    return np.array(edges, dtype=np.int64)
