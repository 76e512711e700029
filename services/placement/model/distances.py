"""Distances between the places of an optimal plan: what it costs everyone to move one unit of room between them.

`distance(j, i)` is the cheapest chain of moves that makes room for one more case in j by leaving one fewer in i. Under
the plan's potentials every link of a chain is 0 or more, and from the root to anywhere it is exactly 0; so a chain is
never dearer than through the root, and only links cheaper than that need be looked at: usually very few.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from services.placement.model.groups import IndexArray, IntArray
from services.placement.model.lexicographic import UNREACHED, BoolArray, is_less
from services.placement.model.near import distances_below
from services.placement.model.reduced import ReducedGraph
from services.placement.model.solution import Solution


@dataclass(frozen=True, eq=False)
class NodeDistances:
    """Exact distances between all nodes, in tiers: unplaced and then the terms.

    Parameters
    ----------
    parent
        int64[P + G], the node around each node.
    standing
        int64[P + G + 1], the node that each node is one with.
    potentials
        int64[T + 1, P + G + 1], distance from the root.
    through_root
        int64[T + 1, P + G + 1], reduced distance to the root, and so to any node when going by the root.
    leads_on
        bool[P + G + 1], whether room can be made in each node at all.
    pairs, nearer
        int64[m], source * (P + G + 1) + target, ascending, and int64[T + 1, m]: the reduced distances that are less
        than by the root, and those of nodes from themselves.
    """

    parent: IntArray
    standing: IntArray
    potentials: IntArray
    through_root: IntArray
    leads_on: BoolArray
    pairs: IntArray
    nearer: IntArray

    @property
    def root(self) -> int:
        """The root's number."""
        return int(self.parent.size)

    def can_hold(self, pools: IndexArray | IntArray) -> BoolArray:
        """Return bool[n], whether any plan has a case in each pool."""
        return self.leads_on[self.standing[pools]]

    def given_up(self, taken: IndexArray | IntArray, left: IndexArray | IntArray) -> IntArray:
        """Return int64[T + 1, n]: what the others lose if a case takes each node, having left the other."""
        pair = self.standing[taken] * (self.root + 1) + self.standing[left]
        if pair.size > (self.root + 1) ** 2:
            lost = take_columns(self._every_pair(), pair)
            lost -= take_columns(self.potentials, taken)
            return lost
        lost = take_columns(self.through_root[:, self.standing] - self.potentials, taken)
        place = self._places(pair)
        at = np.flatnonzero(place >= 0)
        nearer = take_columns(self.nearer, place[at]) - take_columns(self.potentials, taken[at])
        for row, found in zip(lost, nearer, strict=True):
            row[at] = found
        return lost

    def to_root(self, pools: IndexArray | IntArray) -> IntArray:
        """Return int64[T + 1, n]: what all lose if a newcomer takes a place in each pool."""
        return self.given_up(pools, np.full(pools.size, self.root))

    def of_one_more_place(self, pools: IndexArray | IntArray) -> IntArray:
        """Return int64[T + 1, n]: the change if each pool had one more place; the groups around it still bind."""
        around = self.standing[self.parent[pools]]
        change = self.given_up(around, pools) + self.potentials[:, pools]
        helps = (self.standing[pools] == pools) & self.leads_on[around]
        return np.where(helps & is_less(change, np.zeros_like(change)), change, 0)

    def of_one_place_fewer(self, pools: IndexArray | IntArray) -> IntArray:
        """Return int64[T + 1, n]: the change if each pool had one place fewer; 0 where it has one free."""
        around = self.standing[self.parent[pools]]
        change = self.given_up(pools, around) + self.potentials[:, around]
        return np.where(self.standing[pools] == pools, change, 0)

    def _places(self, wanted: IntArray) -> IntArray:
        """Return int64[n], where each pair stands in `pairs`, or -1; by a table when many are wanted."""
        every_pair = (self.root + 1) ** 2
        if wanted.size > every_pair // 8:
            table = np.full(every_pair, -1)
            table[self.pairs] = np.arange(self.pairs.size)
            return table[wanted]
        place = np.minimum(np.searchsorted(self.pairs, wanted), self.pairs.size - 1)
        return np.where(self.pairs[place] == wanted, place, -1)

    def _every_pair(self) -> IntArray:
        """Return int64[T + 1, (P + G + 1) ** 2], the reduced distance of every pair."""
        table = np.repeat(self.through_root, self.root + 1, axis=1)
        table[:, self.pairs] = self.nearer
        return table


def take_columns(rows: IntArray, at: IndexArray | IntArray) -> IntArray:
    """Return int64[t, n], columns of int64[t, m]: row by row, several times quicker than all rows at once."""
    taken = np.empty((len(rows), at.size), dtype=np.int64)
    for row, found in zip(rows, taken, strict=True):
        np.take(row, at, out=found, mode="clip")
    return taken


def node_distances(solution: Solution) -> NodeDistances:
    """Return the distances between the places of an optimal plan."""
    graph = ReducedGraph(solution)
    through_root, links = graph.to_root()
    pairs, nearer = distances_below(links, through_root)
    leads_on = through_root[0] != UNREACHED
    through_root[:, ~leads_on] = 0
    return NodeDistances(
        graph.tree.parent,
        graph.standing,
        graph.tiers_of(graph.potentials),
        graph.tiers_of(through_root),
        leads_on,
        pairs,
        graph.tiers_of(nearer),
    )
