"""The cheapest chain of moves from one place to another in a standing plan (Dijkstra, 1959).

Under valid potentials every link is 0 or more, so the search stops at its goal, and the potentials stay valid for the
plan after the chain (Edmonds and Karp, 1972). A chain is usually a handful of moves, and the search little more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from heapq import heappop, heappush

import numpy as np

from services.placement.model.groups import IntArray
from services.placement.model.lexicographic import UNREACHED, is_less, least_in_runs


@dataclass(frozen=True, eq=False)
class Links:
    """Links from a node, or to it.

    Parameters
    ----------
    nodes, rows
        int64[n], the nodes at the other end, and the moves made, or -1.
    first_word
        int64[n], the first words of their reduced changes.
    words_of
        Returns int64[w, m], all words of m of them, given which; called only where the first word leaves a doubt.
    """

    nodes: IntArray
    rows: IntArray
    first_word: IntArray
    words_of: Callable[[IntArray], IntArray]


@dataclass(frozen=True, eq=False)
class Chain:
    """What a search found.

    Parameters
    ----------
    length
        int64[w], the goal's distance, or the limit if that is less.
    nodes, distances
        int64[n] and int64[w, n], the nodes nearer than that and their distances.
    rows
        The moves along the chain; none if the limit was less.
    """

    length: IntArray
    nodes: IntArray
    distances: IntArray
    rows: list[int]


class ChainSearch:
    """A search for the cheapest chain to a goal: the distances found so far from where it starts."""

    def __init__(self, node_count: int, word_count: int, goal: int) -> None:
        self._goal = goal
        self._distance = np.zeros((word_count, node_count), dtype=np.int64)
        self._distance[0] = UNREACHED
        self._came_by = np.full(node_count, -1, dtype=np.int64)
        self._came_from = np.full(node_count, -1, dtype=np.int64)
        self._settled = np.zeros(node_count, dtype=np.bool_)
        self._waiting: list[tuple[list[int], bool, int]] = []

    def start_at(self, node: int) -> None:
        """Start at a node, at no distance."""
        self._reach(node, np.zeros(len(self._distance), dtype=np.int64), -1, -1)

    def spread(self, links: Links, node: int = -1) -> None:
        """Follow the links of a node, or (-1) those by which the search starts."""
        base = self._distance[:, node] if node >= 0 else np.zeros(len(self._distance), dtype=np.int64)
        hopeful = (links.first_word + base[0] <= self._distance[0, links.nodes]) & ~self._settled[links.nodes]
        at = np.flatnonzero(hopeful)
        at = at[np.argsort(links.nodes[at], kind="stable")]
        there = links.words_of(at) + base[:, np.newaxis]
        better = is_less(there, self._distance[:, links.nodes[at]])
        at, there = at[better], there[:, better]
        if at.size:
            run_starts = np.flatnonzero(np.diff(links.nodes[at], prepend=-1))
            for index in least_in_runs(there, run_starts).tolist():
                self._reach(int(links.nodes[at[index]]), there[:, index], int(links.rows[at[index]]), node)

    def run(self, links: Callable[[int], Links], limit: IntArray | None = None) -> Chain:
        """Return the cheapest chain to the goal.

        Parameters
        ----------
        links
            The links of a node.
        limit
            int64[w]; stop at this distance, if given: a longer chain is of no use.

        Raises
        ------
        ValueError
            If there is neither a chain nor a limit.
        """
        while self._waiting:
            distance, _, node = heappop(self._waiting)
            if limit is not None and distance >= limit.tolist():
                break
            if node == self._goal:
                return self._chain(self._distance[:, node].copy(), self._rows_to(node))
            if not self._settled[node]:
                self._settled[node] = True
                self.spread(links(node), node)
        if limit is None:
            raise ValueError("There is no chain of moves to the goal.")
        return self._chain(limit, [])

    def _reach(self, node: int, distance: IntArray, row: int, came_from: int) -> None:
        self._distance[:, node] = distance
        self._came_by[node], self._came_from[node] = row, came_from
        heappush(self._waiting, (distance.tolist(), node != self._goal, node))

    def _chain(self, length: IntArray, rows: list[int]) -> Chain:
        nodes = np.flatnonzero(self._settled)
        return Chain(length, nodes, self._distance[:, nodes], rows)

    def _rows_to(self, node: int) -> list[int]:
        rows = []
        while node >= 0:
            if self._came_by[node] >= 0:
                rows.append(int(self._came_by[node]))
            node = int(self._came_from[node])
        return rows
