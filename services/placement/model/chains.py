"""The cheapest chain of moves from one place to another in a standing plan (Dijkstra, 1959).

Under valid potentials every link is 0 or more, so the search stops at its goal, and the potentials stay valid for the
plan after the chain (Edmonds and Karp, 1972). A chain is usually a handful of moves, and the search little more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from heapq import heappop, heappush

Link = tuple[int, int, int]
"""The node that it leads to, its reduced change, and the row moved, or -1."""


@dataclass(frozen=True)
class Chain:
    """What a search found.

    Parameters
    ----------
    reached
        Whether the goal was reached.
    length
        The goal's distance, or the limit if that is less.
    nearer
        Distances of the nodes settled before the goal.
    rows
        The moves along the chain, from the goal back to the start; empty unless reached.
    """

    reached: bool
    length: int
    nearer: dict[int, int]
    rows: list[int]


def cheapest_chain(
    start: Iterable[Link], goal: int, links: Callable[[int], list[Link]], limit: int | None = None
) -> Chain:
    """Return the cheapest chain from the start to the goal.

    Parameters
    ----------
    start
        First nodes with their distances and the rows moved to reach them.
    links
        The links of a node.
    limit
        Stop at this distance, if given: a longer chain is of no use.

    Raises
    ------
    ValueError
        If there is neither a chain nor a limit.
    """
    waiting: list[tuple[int, bool, int, int, int]] = []
    for node, distance, row in start:
        heappush(waiting, (distance, node != goal, node, row, -1))
    best: dict[int, int] = {}
    settled: dict[int, int] = {}
    came_by: dict[int, tuple[int, int]] = {}
    while waiting:
        distance, _, node, row, before = heappop(waiting)
        if node in settled:
            continue
        if limit is not None and distance >= limit:
            break
        came_by[node] = (row, before)
        if node == goal:
            return Chain(True, distance, settled, _rows(node, came_by))
        settled[node] = distance
        for target, change, moved in links(node):
            if target not in settled and distance + change < best.get(target, distance + change + 1):
                best[target] = distance + change
                heappush(waiting, (distance + change, target != goal, target, moved, node))
    if limit is None:
        raise ValueError("There is no chain of moves to the goal.")
    return Chain(False, limit, settled, [])


def _rows(node: int, came_by: dict[int, tuple[int, int]]) -> list[int]:
    rows = []
    while node >= 0:
        row, node = came_by[node]
        if row >= 0:
            rows.append(row)
    return rows
