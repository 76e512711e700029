"""A plan that stands, as links between places: worked out only where a search looks, never all at once."""

from __future__ import annotations

import numpy as np

from services.placement.model.chains import Chain, ChainSearch, Links
from services.placement.model.contracted import NO_ROW
from services.placement.model.groups import IntArray
from services.placement.model.lexicographic import BoolArray, Packing
from services.placement.model.lots import LARGEST_LOT, lots_of
from services.placement.model.places import PlaceTree
from services.placement.model.problem import PlacementProblem
from services.placement.model.solution import NOT_PLACED

NOWHERE = -2
ON, BACK = 1, -1
"""Which way a search went: on from where it started, or back to it."""


class StandingPlan:
    """A plan under potentials that prove it, its links, and the chain of moves that makes it good again.

    Parameters
    ----------
    problem, chosen, potentials
        As in `Solution`. Rows of moves are as in `Moves`: row A + k is case k unplaced.
    absent
        A case that cannot move because it is on its way in or out; -1 if there is none.
    held
        The node in which the absent case still fills a place: the one that it is leaving, or the root.
    """

    def __init__(
        self, problem: PlacementProblem, chosen: IntArray, potentials: IntArray, absent: int = -1, held: int = -1
    ) -> None:
        self.problem, self.chosen = problem, chosen.copy()
        self.tree = PlaceTree.of(problem)
        longest = self.tree.longest_sums(np.append(problem.largest_changes(), LARGEST_LOT))
        self._packing = Packing.of_paths(np.maximum(longest, np.abs(potentials).max(axis=1)))
        self._potentials = self._packing.pack(potentials)
        placed = np.flatnonzero(chosen != NOT_PLACED)
        self._node = np.full(chosen.size, self.tree.root, dtype=np.int64)
        self._node[placed] = problem.option_pool[chosen[placed]]
        if absent >= 0:
            self._node[absent] = held
        self._loads = self.tree.loads(self._node)
        if absent >= 0:
            self._node[absent] = NOWHERE

    def potentials(self) -> IntArray:
        """Return int64[T + 2, P + G + 1] potentials in tiers."""
        return self._packing.unpack(self._potentials)

    def gap(self, node: int, around: int) -> IntArray:
        """Return int64[w], how far the potential of a node lies below that of the node around it."""
        return self._potentials[:, around] - self._potentials[:, node]

    def search_for(self, goal: int) -> ChainSearch:
        """Return a new search through this plan."""
        return ChainSearch(self.tree.root + 1, len(self._potentials), goal)

    def entries(self, case: int) -> Links:
        """Return where an absent case could enter the plan, with the reduced costs."""
        own = np.arange(self.problem.first_option[case], self.problem.first_option[case + 1])
        rows = np.append(own, self.problem.option_count + case)
        nodes = self._nodes(rows)
        words = self._packing.pack(self._tiers(rows)) - self._potentials[:, nodes]
        return Links(nodes, rows, words[0], lambda at: words[:, at])

    def links_on(self, node: int) -> Links:
        """Return the links from a node: its cases' other moves, and the places within or around it."""
        cases = np.flatnonzero(self._node == node)
        first, lengths = self.problem.first_option[cases], np.diff(self.problem.first_option)[cases]
        starts = np.cumsum(lengths) - lengths
        options = np.arange(lengths.sum()) + np.repeat(first - starts, lengths)
        rows = np.concatenate([options, self.problem.option_count + cases])
        others = np.concatenate([self._around(node, has_room=True), self._within(node, has_room=False)])
        return self._links(node, self._nodes(rows), rows, others, 1)

    def links_back(self, node: int) -> Links:
        """Return the links to a node: other cases' moves into it, and the places within or around it."""
        if node == self.tree.root:
            rows = self.problem.option_count + np.arange(self.problem.case_count)
        else:
            rows = np.flatnonzero(self.problem.option_pool == node)
        sources = self._node[self._cases(rows)]
        elsewhere = (sources != node) & (sources != NOWHERE)
        others = np.concatenate([self._around(node, has_room=False), self._within(node, has_room=True)])
        return self._links(node, sources[elsewhere], rows[elsewhere], others, -1)

    def make(self, chain: Chain, sign: int) -> None:
        """Make the moves of a chain found by searching on from its start (1), or back from its end (-1).

        The potentials stay valid: each node nearer than the goal is brought level with it.
        """
        self._potentials[:, chain.nodes] -= sign * (chain.length[:, np.newaxis] - chain.distances)
        self._potentials -= self._potentials[:, [self.tree.root]]
        for row in chain.rows:
            case = int(self._cases(np.array([row]))[0])
            self.chosen[case] = row if row < self.problem.option_count else NOT_PLACED

    def _links(self, node: int, nodes: IntArray, rows: IntArray, others: IntArray, sign: int) -> Links:
        """Return links by moves of cases, and then those by which places within or around the node give way."""
        ends = np.concatenate([nodes, others])
        slope = sign * (self._potentials[:, [node]] - self._potentials[:, ends])
        moves = np.concatenate([rows, np.full(others.size, NO_ROW)])

        def words_of(at: IntArray) -> IntArray:
            words = slope[:, at]
            by_case = np.flatnonzero(moves[at] != NO_ROW)
            words[:, by_case] += self._packing.pack(self._changes(moves[at[by_case]]))
            return words

        first_word = slope[0].copy()
        first_word[: rows.size] += self._packing.pack_word(0, self._changes(rows, lots=self._packing.word_count == 1))
        return Links(ends, moves, first_word, words_of)

    def _around(self, node: int, *, has_room: bool) -> IntArray:
        """Return the node around a node, if the node has room (or, has_room False, if it holds a case)."""
        if node == self.tree.root or not self._passes(np.array([node]), has_room)[0]:
            return np.zeros(0, dtype=np.int64)
        return self.tree.parent[[node]]

    def _within(self, node: int, *, has_room: bool) -> IntArray:
        """Return the nodes just within a node which have room (or, has_room False, which hold a case)."""
        if node < self.tree.pool_count:
            return np.zeros(0, dtype=np.int64)
        children = np.flatnonzero(self.tree.parent == node)
        return children[self._passes(children, has_room)]

    def _passes(self, nodes: IntArray, has_room: bool) -> BoolArray:
        loads = self._loads[nodes]
        return np.asarray(loads < self.tree.places[nodes] if has_room else loads > 0)

    def _changes(self, rows: IntArray, *, lots: bool = True) -> IntArray:
        """Return int64[T + 2, n], the changes by moves in tiers."""
        cases = self._cases(rows)
        now = np.where(self.chosen[cases] == NOT_PLACED, self.problem.option_count + cases, self.chosen[cases])
        return self._tiers(rows, lots=lots) - self._tiers(now, lots=lots)

    def _tiers(self, rows: IntArray, *, lots: bool = True) -> IntArray:
        problem = self.problem
        tiers = np.zeros((self._packing.radix.size, rows.size), dtype=np.int64)
        tiers[0] = rows >= problem.option_count
        columns = np.flatnonzero(rows < problem.option_count)
        options = rows[columns]
        tiers[1:-1, columns] = problem.option_terms[:, options]
        if lots:
            cases, pools = problem.option_case[options], problem.option_pool[options]
            tiers[-1, columns] = lots_of(problem.case_seeds[cases], problem.pool_seeds[pools])
        return tiers

    def _cases(self, rows: IntArray) -> IntArray:
        options = self.problem.option_count
        cases = rows - options
        is_option = rows < options
        cases[is_option] = self.problem.option_case[rows[is_option]]
        return cases

    def _nodes(self, rows: IntArray) -> IntArray:
        nodes = np.full(rows.size, self.tree.root, dtype=np.int64)
        is_option = rows < self.problem.option_count
        nodes[is_option] = self.problem.option_pool[rows[is_option]]
        return nodes
