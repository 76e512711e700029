"""A plan that stands, as links between places: worked out only where a search looks, never all at once."""

from __future__ import annotations

import numpy as np

from services.placement.model.chains import Chain, Link
from services.placement.model.contracted import NO_ROW
from services.placement.model.groups import IntArray
from services.placement.model.lexicographic import BoolArray, Packing
from services.placement.model.lots import LARGEST_LOT, lots_of
from services.placement.model.places import PlaceTree
from services.placement.model.problem import PlacementProblem
from services.placement.model.solution import NOT_PLACED, Solution
from services.placement.model.whole import joined, split

NOWHERE = -2


class StandingPlan:
    """A plan under potentials that prove it, with its links and the chains of moves made in it.

    Rows are as in `Moves`: row A + k is case k unplaced. One case may be absent: it holds no place and cannot move.
    """

    def __init__(self, problem: PlacementProblem, chosen: IntArray, potentials: IntArray, absent: int = -1) -> None:
        self.problem, self.chosen, self.absent = problem, chosen.copy(), absent
        self.tree = PlaceTree.of(problem)
        longest = self.tree.longest_sums(np.append(problem.largest_changes(), LARGEST_LOT))
        self._packing = Packing.of_paths(np.maximum(longest, np.abs(potentials).max(axis=1)))
        self._potentials = self._packing.pack(potentials)
        self._settle()

    def solution(self) -> Solution:
        """Return the plan as it stands now."""
        return Solution(self.problem, self.chosen, self.potentials())

    def potentials(self) -> IntArray:
        """Return int64[T + 2, P + G + 1] potentials in tiers."""
        return self._packing.unpack(self._potentials)

    def node_of(self, case: int) -> int:
        """Return the node of a case, its pool or the root."""
        return int(self._node[case])

    def gap(self, node: int, around: int) -> int:
        """Return how far the potential of a node lies below that of the node around it."""
        return joined(self._potentials[:, [around]] - self._potentials[:, [node]])[0]

    def entries(self, case: int) -> list[Link]:
        """Return where an absent case could enter the plan, with the reduced costs."""
        own = np.arange(self.problem.first_option[case], self.problem.first_option[case + 1])
        rows = np.append(own, self.problem.option_count + case)
        nodes = self._nodes(rows)
        return _listed(nodes, self._words(rows) - self._potentials[:, nodes], rows)

    def links_on(self, node: int) -> list[Link]:
        """Return the links from a node: its cases' other moves, and the places within or around it."""
        cases = np.flatnonzero(self._node == node)
        first, lengths = self.problem.first_option[cases], np.diff(self.problem.first_option)[cases]
        starts = np.cumsum(lengths) - lengths
        options = np.arange(lengths.sum()) + np.repeat(first - starts, lengths)
        rows = np.concatenate([options, self.problem.option_count + cases])
        targets = self._nodes(rows)
        change = self._changes(rows) + self._potentials[:, [node]] - self._potentials[:, targets]
        away = targets != node
        return [
            *_listed(targets[away], change[:, away], rows[away]),
            *self._between(node, self._around(node, has_room=True), self._within(node, has_room=False), 1),
        ]

    def links_back(self, node: int) -> list[Link]:
        """Return the links to a node: other cases' moves into it, and the places within or around it."""
        if node == self.tree.root:
            rows = self.problem.option_count + np.arange(self.problem.case_count)
        else:
            rows = np.flatnonzero(self.problem.option_pool == node)
        sources = self._node[self._cases(rows)]
        elsewhere = (sources != node) & (sources != NOWHERE)
        rows, sources = rows[elsewhere], sources[elsewhere]
        change = self._changes(rows) + self._potentials[:, sources] - self._potentials[:, [node]]
        return [
            *_listed(sources, change, rows),
            *self._between(node, self._around(node, has_room=False), self._within(node, has_room=True), -1),
        ]

    def move(self, chain: Chain) -> None:
        """Make the moves of a chain."""
        for row in chain.rows:
            case = int(self._cases(np.array([row]))[0])
            self.chosen[case] = row if row < self.problem.option_count else NOT_PLACED
            self.absent = -1 if case == self.absent else self.absent
        self._settle()

    def take_out(self, case: int) -> None:
        """Make a case absent, keeping nothing for it."""
        self.chosen[case], self.absent = NOT_PLACED, case
        self._node[case] = NOWHERE

    def shift_nearer(self, chain: Chain, sign: int) -> None:
        """Keep the potentials valid after a search on from its start (-1) or back from its goal (1)."""
        nodes = list(chain.nearer)
        shifts = split([sign * (chain.length - distance) for distance in chain.nearer.values()], len(self._potentials))
        self._potentials[:, nodes] += shifts
        self._potentials -= self._potentials[:, [self.tree.root]]

    def _settle(self) -> None:
        pools = self.problem.option_pool
        placed = self.chosen != NOT_PLACED
        self._node = np.full(self.chosen.size, self.tree.root, dtype=np.int64)
        self._node[placed] = pools[self.chosen[placed]]
        if self.absent >= 0:
            self._node[self.absent] = NOWHERE
        self._loads = self.tree.loads(self._node[self._node != NOWHERE])

    def _between(self, node: int, around: IntArray, within: IntArray, sign: int) -> list[Link]:
        others = np.concatenate([around, within])
        gap = sign * (self._potentials[:, [node]] - self._potentials[:, others])
        return _listed(others, gap, np.full(others.size, NO_ROW))

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

    def _changes(self, rows: IntArray) -> IntArray:
        cases = self._cases(rows)
        now = np.where(self.chosen[cases] == NOT_PLACED, self.problem.option_count + cases, self.chosen[cases])
        return self._words(rows) - self._words(now)

    def _words(self, rows: IntArray) -> IntArray:
        problem = self.problem
        tiers = np.zeros((self._packing.radix.size, rows.size), dtype=np.int64)
        tiers[0] = rows >= problem.option_count
        columns = np.flatnonzero(rows < problem.option_count)
        options = rows[columns]
        tiers[1:-1, columns] = problem.option_terms[:, options]
        cases, pools = problem.option_case[options], problem.option_pool[options]
        tiers[-1, columns] = lots_of(problem.case_seeds[cases], problem.pool_seeds[pools])
        return self._packing.pack(tiers)

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


def _listed(nodes: IntArray, change: IntArray, rows: IntArray) -> list[Link]:
    return list(zip(nodes.tolist(), joined(change), rows.tolist(), strict=True))
