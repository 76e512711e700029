"""The contracted graph of an optimal plan with its changes reduced by the potentials: every link 0 or more."""

from __future__ import annotations

import numpy as np

from services.placement.model.contracted import NO_ROW, Edges, unbeaten, ways_in
from services.placement.model.groups import IntArray
from services.placement.model.lexicographic import UNREACHED, Packing, is_less
from services.placement.model.moves import Moves
from services.placement.model.places import PlaceTree
from services.placement.model.shortest import NegativeRings, shortest_from
from services.placement.model.solution import NOT_PLACED, Solution


class ReducedGraph:
    """Links between the places of an optimal plan, worked out only as far as they are asked for.

    Nodes are those of the place tree, each standing for the places that are one with it. Potentials are exact distances
    from the root: what `solve` gives, and what a plan made by `replan` is brought to here.

    Parameters
    ----------
    solution
        The plan; what its solve left behind is used as it is.
    """

    def __init__(self, solution: Solution) -> None:
        problem = solution.problem
        tiers = len(problem.tiers)
        self.tree, known = PlaceTree.of(problem), solution.workings
        if known is not None:
            units, self._moves = known.units, known.moves
        else:
            units = np.gcd(problem.units(), np.gcd.reduce(solution.potentials[:tiers], axis=1))
            self._moves = Moves.of(problem, units)
        unplaced = self._moves.option_count + np.arange(problem.case_count)
        self._chosen = np.where(solution.chosen == NOT_PLACED, unplaced, solution.chosen)
        now = self._moves.node[self._chosen]
        loads = self.tree.loads(now)
        self.standing = self.tree.standing_for(loads)
        self._source = np.take(self.standing[now].astype(np.int32), self._moves.case)
        self._target = np.take(self.standing.astype(np.int32), self._moves.node)
        self._outer, self._inner = ways_in(self.tree, loads, self.standing)
        self._units = units[:, np.newaxis]
        potentials = solution.potentials[:tiers, self.standing] // self._units
        if known is not None and known.packing is not None and known.reduced is not None:
            self.packing, self._first_word = known.packing, known.reduced
            self.potentials = self.packing.pack(potentials)
            return
        longest = self.tree.longest_sums(problem.largest_changes() // units)
        self.packing = Packing.of_paths(np.maximum(longest, np.abs(potentials).max(axis=1)))
        self._set_potentials(self.packing.pack(potentials))
        if not solution.are_distances:
            self._set_potentials(self._distances_from_root())

    def tiers_of(self, words: IntArray) -> IntArray:
        """Return int64[t, n], the tiers of int64[w, n] words."""
        return self.packing.unpack(words) * self._units

    def to_root(self) -> tuple[IntArray, Edges]:
        """Return int64[w, P + G + 1], distances to the root, and the links less than those of their sources.

        From the root all nodes are at distance 0; so no other link is on any shortest path, save by way of the root.
        """
        root = self.tree.root
        to_root = self._links_to_root()
        limit = np.full((self.packing.word_count, root + 1), UNREACHED, dtype=np.int64)
        limit[:, to_root.source] = to_root.change
        links = self._links_below(limit)
        distance = distances_from(root, Edges.joined(links, to_root).reversed())
        return distance, links.where(is_less(links.change, distance[:, links.source]))

    def _links_to_root(self) -> Edges:
        """Return the cheapest links to the root: by a case unplaced, or moved where a place is free."""
        return self._edges(np.flatnonzero((self._target == self.tree.root) & (self._source != self.tree.root)))

    def _links_below(self, limit: IntArray) -> Edges:
        """Return the cheapest links, other than from or to the root, that are less than their source's limit.

        Parameters
        ----------
        limit
            int64[w, P + G + 1], words.
        """
        root = self.tree.root
        near = self._first_word <= limit[0, self._source]
        near &= (self._source != root) & (self._target != root)
        inner = self._outer != root
        links = self._edges(np.flatnonzero(near), self._outer[inner], self._inner[inner])
        return links.where(is_less(links.change, limit[:, links.source]))

    def _set_potentials(self, potentials: IntArray) -> None:
        """Take the potentials, int64[w, P + G + 1], and reduce the first word of every move by them."""
        self.potentials = potentials
        priced = self.packing.pack_word(0, self._moves.tiers) - potentials[0, self._moves.node]
        self._first_word = priced - priced[self._chosen][self._moves.case]

    def _distances_from_root(self) -> IntArray:
        """Return the potentials brought to exact distances; a node to which nothing leads has the distance 0."""
        root = self.tree.root
        links = self._edges(np.arange(self._source.size), self._outer, self._inner)
        beyond = distances_from(root, links)[:, self.standing]
        return np.where(beyond[0] == UNREACHED, 0, self.potentials + beyond)

    def _edges(self, rows: IntArray, outer: IntArray | None = None, inner: IntArray | None = None) -> Edges:
        """Return the cheapest links by these moves, and from outer nodes to the inner ones within them."""
        if outer is None or inner is None:
            outer = inner = np.zeros(0, dtype=np.int64)
        ways = self.potentials[:, outer] - self.potentials[:, inner]

        def change_of(word: int, at: IntArray) -> IntArray:
            return self._reduced(word, rows[at])

        nodes, words = self.tree.root + 1, self.packing.word_count
        best = rows[unbeaten(self._source[rows], self._target[rows], nodes, change_of, words)]
        changes = np.stack([self._reduced(word, best) for word in range(words)])
        return Edges.cheapest(
            np.concatenate([self._source[best], outer]),
            np.concatenate([self._target[best], inner]),
            np.concatenate([changes, ways], axis=1),
            np.concatenate([best, np.full(outer.size, NO_ROW)]),
        )

    def _reduced(self, word: int, rows: IntArray) -> IntArray:
        """Return int64[n], one word of the reduced changes of moves; the first is at hand."""
        if word == 0:
            return np.asarray(self._first_word[rows])
        return self._priced(word, rows) - self._priced(word, self._chosen)[self._moves.case[rows]]

    def _priced(self, word: int, rows: IntArray) -> IntArray:
        priced: IntArray = self.packing.pack_word(word, self._moves.tiers[:, rows])
        priced -= self.potentials[word, self._moves.node[rows]]
        return priced


def distances_from(start: int, links: Edges) -> IntArray:
    """Return int64[w, start + 1], words of the distances from the root, the last node, along links of 0 or more.

    Raises
    ------
    ValueError
        If a ring of links is less than 0: then the potentials do not prove the plan.
    """
    found = shortest_from(start, start + 1, links)
    if isinstance(found, NegativeRings):
        raise ValueError("The potentials do not prove this plan optimal.")
    return found
