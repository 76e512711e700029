"""A plan that stands, and the chain of moves that makes it good again after one change."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from services.placement.model.chains import Chain, cheapest_chain
from services.placement.model.contracted import NO_ROW, Edges
from services.placement.model.distances import take_columns
from services.placement.model.groups import IntArray
from services.placement.model.links import PlaceLinks, nodes_of, rows_of
from services.placement.model.problem import PlacementProblem
from services.placement.model.solution import NOT_PLACED

NOWHERE = -1


class StandingPlan:
    """A plan under potentials that prove it, and its links.

    Parameters
    ----------
    problem, chosen, potentials
        As in `Solution`.
    links
        Of the plan, but for the absent case.
    absent
        A case that cannot move because it is on its way in or out; -1 if there is none.
    held
        The node in which the absent case still fills a place: the one that it is leaving, or the root.
    """

    def __init__(
        self,
        problem: PlacementProblem,
        chosen: IntArray,
        potentials: IntArray,
        links: PlaceLinks,
        absent: int = -1,
        held: int = -1,
    ) -> None:
        self.problem, self.chosen, self.tree = problem, chosen.copy(), links.tree
        self.potentials = links.packed(potentials)
        self.moved_at = np.zeros(self.tree.root + 1, dtype=np.bool_)
        node = nodes_in(problem, chosen, self.tree.root)
        if absent >= 0:
            node[absent] = held
        self._loads = self.tree.loads(node)
        if absent >= 0:
            node[absent] = NOWHERE
            if (links.edges.row == absent).any():
                self.moved_at[held] = True
                links = links.renewed(problem, node, self.moved_at)
        self._links, self._node = links, node

    def gap(self, node: int, around: int) -> IntArray:
        """Return int64[w], how far the potential of a node lies below that of the node around it."""
        return self.potentials[:, around] - self.potentials[:, node]

    def enter(self, case: int, goal: int) -> None:
        """Let an absent case enter by the cheapest chain to a goal: where it left a place or, if new, the root."""
        rows, cases = rows_of(self.problem, np.array([case]))
        nodes, outside = nodes_of(self.problem, rows, self.tree.root), self.tree.root + 1
        words = self._links.words(self.problem, rows, cases)
        entries = Edges(np.full(rows.size, outside), nodes, words, cases)
        self._make(Edges.joined(self._links.edges, entries), outside, goal)

    def pass_on(self, start: int, goal: int, limit: IntArray | None = None) -> None:
        """Take one case more at a node by the cheapest chain, which gives one up at the goal; if less than a limit."""
        self._make(self._links.edges, start, goal, limit)

    def _make(self, links: Edges, start: int, goal: int, limit: IntArray | None = None) -> None:
        """Make the moves of the cheapest chain, and bring the potentials along."""
        edges = Edges.joined(links, self._ways())
        prices = np.concatenate([self.potentials, np.zeros((len(self.potentials), 1), dtype=np.int64)], axis=1)
        slope = take_columns(prices, edges.source) - take_columns(prices, edges.target)
        reduced = replace(edges, change=edges.change + slope)
        chain = cheapest_chain(reduced, self.tree.root + 2, start, goal, limit)
        self.potentials += chain.shift[:, :-1]
        self.potentials -= self.potentials[:, [self.tree.root]]
        self._follow(chain)

    def _follow(self, chain: Chain) -> None:
        for case, target in zip(chain.moves.row.tolist(), chain.moves.target.tolist(), strict=True):
            if case != NO_ROW:
                if self._node[case] != NOWHERE:
                    self.moved_at[self._node[case]] = True
                self.moved_at[target] = True
                self.chosen[case] = self._row(case, target)

    def _row(self, case: int, node: int) -> int:
        """Return the row of a case's option in a pool, or -1 at the root."""
        if node == self.tree.root:
            return NOT_PLACED
        first, after = self.problem.first_option[case : case + 2]
        return int(first + np.searchsorted(self.problem.option_pool[first:after], node))

    def _ways(self) -> Edges:
        """Return the links, at no change, from a node with room to the one around it, and back to one with a case."""
        has_room = np.flatnonzero(self._loads < self.tree.places)
        holds = np.flatnonzero(self._loads > 0)
        source = np.concatenate([has_room, self.tree.parent[holds]])
        target = np.concatenate([self.tree.parent[has_room], holds])
        change = np.zeros((len(self.potentials), source.size), dtype=np.int64)
        return Edges(source, target, change, np.full(source.size, NO_ROW))


def nodes_in(problem: PlacementProblem, chosen: IntArray, root: int) -> IntArray:
    """Return int64[K], each case's pool, or the root."""
    node = np.full(chosen.size, root, dtype=np.int64)
    placed = np.flatnonzero(chosen != NOT_PLACED)
    node[placed] = problem.option_pool[chosen[placed]]
    return node
