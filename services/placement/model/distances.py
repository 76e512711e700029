"""Distances between the places of an optimal plan: what it costs everyone to move one unit of room between them.

`distance(j, i)` is the cheapest chain of moves that makes room for one more case in j by leaving one fewer in i. Under
the plan's potentials every link of a chain is 0 or more, and from the root to anywhere it is exactly 0; so a chain is
never dearer than through the root, and only links cheaper than that need be looked at: usually very few.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from services.placement.model.contracted import NO_ROW, Edges, ways_in
from services.placement.model.groups import IndexArray, IntArray
from services.placement.model.lexicographic import UNREACHED, BoolArray, Packing, is_less
from services.placement.model.moves import Moves
from services.placement.model.near import distances_below
from services.placement.model.places import PlaceTree
from services.placement.model.shortest import NegativeRing, shortest_from
from services.placement.model.solution import NOT_PLACED, Solution


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
        than by the root.
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
        return self._reduced(self.standing[taken], self.standing[left]) - self.potentials[:, taken]

    def to_root(self, pools: IndexArray | IntArray) -> IntArray:
        """Return int64[T + 1, n]: what all lose if a newcomer takes a place in each pool."""
        return self.through_root[:, self.standing[pools]] - self.potentials[:, pools]

    def of_one_more_place(self, pools: IndexArray | IntArray) -> IntArray:
        """Return int64[T + 1, n]: the change if each pool had one more place; the groups around it still bind."""
        around = self.standing[self.parent[pools]]
        change = self._reduced(around, pools) - self.potentials[:, around] + self.potentials[:, pools]
        helps = (self.standing[pools] == pools) & self.leads_on[around]
        return np.where(helps & is_less(change, np.zeros_like(change)), change, 0)

    def of_one_place_fewer(self, pools: IndexArray | IntArray) -> IntArray:
        """Return int64[T + 1, n]: the change if each pool had one place fewer; 0 where it has one free."""
        around = self.standing[self.parent[pools]]
        change = self._reduced(pools, around) - self.potentials[:, pools] + self.potentials[:, around]
        return np.where(self.standing[pools] == pools, change, 0)

    def _reduced(self, source: IntArray, target: IntArray) -> IntArray:
        distance = np.where(source == target, 0, self.through_root[:, source])
        if self.pairs.size:
            pair = source * (self.root + 1) + target
            place = np.minimum(np.searchsorted(self.pairs, pair), self.pairs.size - 1)
            found = np.flatnonzero(self.pairs[place] == pair)
            distance[:, found] = self.nearer[:, place[found]]
        return distance


def node_distances(solution: Solution) -> NodeDistances:
    """Return the distances between the places of an optimal plan."""
    moves, tree = Moves.of(solution.problem), PlaceTree.of(solution.problem)
    packing = Packing.of_paths(moves.largest_changes(), tree.root + 2)
    potentials = solution.potentials[:-1]
    assigned = np.where(solution.assigned_pool == NOT_PLACED, tree.root, solution.assigned_pool)
    loads = tree.loads(assigned)
    standing = tree.standing_for(loads)
    links = _reduced_links(solution, moves, tree, packing, standing, loads)
    through_root = _reduced_to_root(links, tree.root)
    below = is_less(links.change, through_root[:, links.source]) & (links.target != tree.root)
    near = Edges(links.source[below], links.target[below], links.change[:, below], links.row[below])
    pairs, nearer = distances_below(near, through_root)
    leads_on = through_root[0] != UNREACHED
    through_root[:, ~leads_on] = 0
    return NodeDistances(
        tree.parent,
        standing,
        potentials,
        packing.unpack(through_root),
        leads_on,
        pairs,
        packing.unpack(nearer),
    )


def _reduced_links(
    solution: Solution, moves: Moves, tree: PlaceTree, packing: Packing, standing: IntArray, loads: IntArray
) -> Edges:
    """Return the links between nodes, other than from the root, with their reduced changes, all 0 or more."""
    potentials = packing.pack(solution.potentials[:-1])
    rows = np.where(solution.chosen == NOT_PLACED, moves.option_count + np.arange(moves.case_count), solution.chosen)
    priced = packing.pack(moves.tiers) - potentials[:, moves.node]
    reduced = priced - priced[:, rows][:, moves.case]
    source, target = standing[moves.node[rows]][moves.case], standing[moves.node]
    away = np.flatnonzero((source != target) & (source != tree.root))
    outer, inner = ways_in(tree, loads, standing)
    outer, inner = outer[outer != tree.root], inner[outer != tree.root]
    return Edges.cheapest(
        np.concatenate([source[away], outer]),
        np.concatenate([target[away], inner]),
        np.concatenate([reduced[:, away], potentials[:, outer] - potentials[:, inner]], axis=1),
        np.full(away.size + outer.size, NO_ROW),
    )


def _reduced_to_root(links: Edges, root: int) -> IntArray:
    found = shortest_from(root, root + 1, links.reversed())
    if isinstance(found, NegativeRing):
        raise ValueError("The potentials do not prove this plan optimal.")
    return found
