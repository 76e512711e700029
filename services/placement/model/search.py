"""The stages of a solve: what is settled so far, and the proof of each stage.

A stage is one min-cost flow over the moves still level. Its plan is then proven, or put right, on the contracted graph:
where no ring of moves improves it, it is optimal, and the distances found there say which moves are level for the next
stage. So nothing rests on the engine being right.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from services.placement.model.contracted import NO_ROW, contract
from services.placement.model.flow import BoolArray, FlowNetwork, build_network
from services.placement.model.groups import IntArray
from services.placement.model.lexicographic import UNREACHED, Packing
from services.placement.model.lots import LARGEST_LOT
from services.placement.model.moves import Moves
from services.placement.model.places import PlaceTree
from services.placement.model.problem import PlacementProblem
from services.placement.model.shortest import NegativeRings, shortest_from
from services.placement.model.solution import NOT_PLACED, Solution
from services.placement.model.stages import next_stage

Engine = Callable[[FlowNetwork], BoolArray]


class Search:
    """A plan in the making.

    Parameters
    ----------
    problem
        What is solved.
    engine
        Tells which moves carry flow in a cheapest flow of a network.
    """

    def __init__(self, problem: PlacementProblem, engine: Engine) -> None:
        self._problem, self._engine = problem, engine
        units = problem.units()
        self._moves, self._tree = Moves.of(problem, units), PlaceTree.of(problem)
        self._units = np.append(units, 1)[:, np.newaxis]
        self._changes = problem.largest_changes() // units
        self._longest = self._tree.longest_sums(np.append(self._changes, LARGEST_LOT))
        self._level = np.arange(self._moves.case.size)
        self._open_nodes = np.ones(self._tree.root, dtype=np.bool_)
        self._chosen: IntArray | None = None
        self._potentials: list[IntArray] = []
        self._decided = 0

    @property
    def tiers_left(self) -> bool:
        """Whether a tier before the lots is still to be decided."""
        return self._decided < self._changes.size

    def decide_next(self) -> None:
        """Decide the next tier, and as many after it as one stage can join."""
        nodes = self._tree.root + 1 + self._problem.case_count
        stage = next_stage(self._decided, self._changes, nodes)
        tiers = self._moves.tiers[stage.first : stage.last, self._level]
        self._run(tiers, stage.cost(tiers), self._longest[stage.first : stage.last])
        self._decided = stage.last

    def draw_lots(self) -> None:
        """Decide between the plans that are level on every term."""
        lots = self._moves.lots(self._level)
        self._run(lots[np.newaxis], lots, self._longest[-1:])

    def solution(self) -> Solution:
        """Return the plan, unique now, with its prices."""
        assert self._chosen is not None
        chosen = np.where(self._chosen < self._moves.option_count, self._chosen, NOT_PLACED)
        return Solution(self._problem, chosen, np.concatenate(self._potentials) * self._units, are_distances=True)

    def _run(self, tiers: IntArray, cost: IntArray, longest: IntArray) -> None:
        """Decide one stage.

        Parameters
        ----------
        tiers, cost
            int64[t, n] and int64[n], of the moves still level.
        longest
            int64[t], the most that a path can sum to in each tier.
        """
        self._chosen = self._flow(cost)
        packing = Packing.of_paths(longest)
        words = packing.pack(tiers)
        level, better, distance = self._compared(words)
        while better.size:
            self._move_one_in_each_node(better)
            level, better, distance = self._compared(words)
        self._potentials.append(packing.unpack(distance))
        self._level = self._level[level]
        level_nodes = distance[:, : self._tree.root] == distance[:, self._tree.parent]
        self._open_nodes &= level_nodes.all(axis=0)

    def _flow(self, cost: IntArray) -> IntArray:
        """Return each case's row after the cheapest flow between the moves still level."""
        network = build_network(self._tree, self._moves, self._level, cost, self._chosen, self._open_nodes)
        chosen = np.full(self._moves.case_count, NO_ROW) if self._chosen is None else self._chosen.copy()
        taken = network.rows[self._engine(network)]
        chosen[self._moves.case[taken]] = taken
        if (chosen == NO_ROW).any() or (self._tree.loads(self._moves.node[chosen]) > self._tree.places).any():
            raise RuntimeError("The flow engine left a case out or overfilled a place.")
        return chosen

    def _distances(self, words: IntArray) -> IntArray:
        """Return every node's distance from the root, having turned all rings of moves that improve the plan."""
        assert self._chosen is not None
        position = np.full(self._moves.case.size, NO_ROW)
        position[self._level] = np.arange(self._level.size)
        case, node = self._moves.case[self._level], self._moves.node[self._level]
        while True:
            loads = self._tree.loads(self._moves.node[self._chosen])
            moves = (case, node, words, self._level)
            edges = contract(self._tree, loads, self._open_nodes, moves, position[self._chosen])
            found = shortest_from(self._tree.root, self._tree.root + 1, edges)
            if not isinstance(found, NegativeRings):
                standing = self._tree.standing_for(loads)
                return np.where(found[0, standing] == UNREACHED, 0, found[:, standing])
            turned = edges.row[found.edges]
            turned = turned[turned != NO_ROW]
            self._chosen[self._moves.case[turned]] = turned

    def _compared(self, words: IntArray) -> tuple[IntArray, IntArray, IntArray]:
        """Return the moves level with the plan, those better than it, and the distances by which they were compared.

        No ring improves the plan by then; so a better move is one between places that are one node, both with room.
        """
        distance = self._distances(words)
        assert self._chosen is not None
        case, node = self._moves.case[self._level], self._moves.node[self._level]
        now = np.flatnonzero(self._chosen[case] == self._level)
        level = np.arange(self._level.size)
        better = []
        for word, price in zip(words, distance, strict=True):
            priced = np.empty(self._moves.case_count, dtype=np.int64)
            priced[case[now]] = word[now] - price[node[now]]
            beyond = word[level] - price[node[level]] - priced[case[level]]
            better.append(level[beyond < 0])
            level = level[beyond == 0]
        return level, np.concatenate(better), distance

    def _move_one_in_each_node(self, better: IntArray) -> None:
        """Make one better move in each node, which has room for it."""
        assert self._chosen is not None
        rows = self._level[better]
        standing = self._tree.standing_for(self._tree.loads(self._moves.node[self._chosen]))
        _, first = np.unique(standing[self._moves.node[rows]], return_index=True)
        self._chosen[self._moves.case[rows[first]]] = rows[first]
