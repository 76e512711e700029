"""The stages of a solve: what is settled so far, and the proof of each stage.

A stage is one min-cost flow over the moves still level. Its plan is then proven, or put right, on the contracted graph:
where no ring of moves improves it, it is optimal, and the distances found there say which moves are level for the next
stage. So nothing rests on the engine being right.
"""

from __future__ import annotations

import numpy as np

from services.placement.model.contracted import NO_ROW, contract
from services.placement.model.flow import Engine, build_network
from services.placement.model.groups import IndexArray, IntArray
from services.placement.model.lexicographic import UNREACHED, Packing
from services.placement.model.lots import LARGEST_LOT
from services.placement.model.moves import Moves
from services.placement.model.places import PlaceTree
from services.placement.model.problem import PlacementProblem
from services.placement.model.shortest import NegativeRings, shortest_from
from services.placement.model.sifting import Sifting, likely_moves
from services.placement.model.solution import NOT_PLACED, Solution, Workings
from services.placement.model.stages import next_stage

CASES_FOR_EACH_BETTER = 50
"""With fewer cases than this for each better move that was not shown, the engine plans again; else rings are turned."""


class Search:
    """A plan in the making.

    Parameters
    ----------
    problem
        What is solved.
    engine
        Tells which moves carry flow in a cheapest flow of a network.
    sifting
        How the first stage chooses the options that the engine is shown.
    """

    def __init__(self, problem: PlacementProblem, engine: Engine, sifting: Sifting | None = None) -> None:
        self._problem, self._engine, self._sifting = problem, engine, sifting or Sifting()
        units = problem.units()
        self._moves, self._tree = Moves.of(problem, units), PlaceTree.of(problem)
        self._units = np.append(units, 1)[:, np.newaxis]
        self._changes = problem.largest_changes() // units
        self._longest = self._tree.longest_sums(np.append(self._changes, LARGEST_LOT))
        self._level = np.arange(self._moves.case.size)
        self._open_nodes = np.ones(self._tree.root, dtype=np.bool_)
        self._chosen: IntArray | None = None
        self._potentials: list[IntArray] = []
        self._reduced: tuple[Packing, IntArray] | None = None
        self._decided = 0

    @property
    def tiers_left(self) -> bool:
        """Whether a tier before the lots is still to be decided."""
        return self._decided < self._changes.size

    def decide_next(self) -> None:
        """Decide the next tier, and as many after it as one stage can join."""
        nodes = self._tree.root + 1 + self._problem.case_count
        stage = next_stage(self._decided, self._changes, nodes)
        tiers = self._moves.tiers[stage.first : stage.last]
        if self._level.size < tiers.shape[1]:
            tiers = tiers[:, self._level]
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
        potentials = np.concatenate(self._potentials) * self._units
        in_one_stage = self._reduced if len(self._potentials) == 2 else None
        workings = Workings(self._moves, self._units[:-1, 0], *(in_one_stage or (None, None)))
        return Solution(self._problem, chosen, potentials, are_distances=True, workings=workings)

    def _run(self, tiers: IntArray, cost: IntArray, longest: IntArray) -> None:
        """Decide one stage.

        Parameters
        ----------
        tiers, cost
            int64[t, n] and int64[n], of the moves still level.
        longest
            int64[t], the most that a path can sum to in each tier.
        """
        before, shown = self._chosen, self._shown(cost)
        self._chosen = self._flow(shown, cost, before)
        packing = Packing.of_paths(longest)
        words = packing.pack(tiers)
        while True:
            distance = self._distances(words, shown)
            level, better, beyond = self._compared(words, distance)
            if not better.size:
                break
            few, shown = shown, np.union1d(shown, better)
            self._move_one_in_each_node(self._level[better])
            if (shown.size - few.size) * CASES_FOR_EACH_BETTER > self._moves.case_count:
                self._chosen = self._flow(shown, cost, before)
        if not self._potentials:
            self._reduced = packing, beyond
        self._potentials.append(packing.unpack(distance))
        self._level = self._level[level]
        level_nodes = distance[:, : self._tree.root] == distance[:, self._tree.parent]
        self._open_nodes &= level_nodes.all(axis=0)

    def _shown(self, cost: IntArray) -> IntArray:
        """Return which of the moves still level the engine is shown: at first but a few."""
        if self._chosen is not None:
            return np.arange(self._level.size)
        return likely_moves(self._sifting, self._tree, self._moves, cost, self._engine)

    def _flow(self, shown: IntArray, cost: IntArray, before: IntArray | None) -> IntArray:
        """Return each case's row after the cheapest flow between the moves shown."""
        rows = self._level[shown]
        network = build_network(self._tree, self._moves, rows, cost[shown], before, self._open_nodes)
        chosen = np.full(self._moves.case_count, NO_ROW) if before is None else before.copy()
        taken = network.rows[self._engine(network) > 0]
        chosen[self._moves.case[taken]] = taken
        if (chosen == NO_ROW).any() or (self._tree.loads(self._moves.node[chosen]) > self._tree.places).any():
            raise RuntimeError("The flow engine left a case out or overfilled a place.")
        return chosen

    def _distances(self, words: IntArray, shown: IntArray) -> IntArray:
        """Return every node's distance from the root, having turned all rings of moves shown that improve the plan."""
        assert self._chosen is not None
        rows, words = self._level[shown], words[:, shown]
        position = np.full(self._moves.case.size, NO_ROW)
        position[rows] = np.arange(rows.size)
        case, node = self._moves.case[rows], self._moves.node[rows]
        moves = (case, node, words, rows)
        loads = self._tree.loads(self._moves.node[self._chosen])
        edges = contract(self._tree, loads, self._open_nodes, moves, position[self._chosen])
        while isinstance(found := shortest_from(self._tree.root, self._tree.root + 1, edges), NegativeRings):
            turned = edges.row[found.edges]
            turned = turned[turned != NO_ROW]
            touched = np.zeros(self._tree.root + 1, dtype=np.bool_)
            touched[edges.source[found.edges]] = True
            self._chosen[self._moves.case[turned]] = turned
            before, loads = loads, self._tree.loads(self._moves.node[self._chosen])
            known = (edges, touched) if self._tree.is_alike(before, loads) else None
            edges = contract(self._tree, loads, self._open_nodes, moves, position[self._chosen], known)
        standing = self._tree.standing_for(loads)
        return np.where(found[0, standing] == UNREACHED, 0, found[:, standing])

    def _compared(self, words: IntArray, distance: IntArray) -> tuple[IntArray, IntArray, IntArray]:
        """Return the moves level with the plan, those better than it, and int64[n], how much worse each is by word 0.

        No ring of moves shown improves the plan by then; so a better move is one that was not shown, or one between
        places that are one node, both with room.
        """
        assert self._chosen is not None
        case, node = self._of_level(self._moves.case), self._of_level(self._moves.node)
        now = np.searchsorted(self._level, self._chosen)
        priced = words[:, now] - distance[:, node[now]]
        first: IntArray = words[0] - np.take(distance[0], node)
        first -= np.take(priced[0], case)
        level, better = np.flatnonzero(first == 0), [np.flatnonzero(first < 0)]
        for word, price, own in zip(words[1:], distance[1:], priced[1:], strict=True):
            beyond = word[level] - price[node[level]] - own[case[level]]
            better.append(level[beyond < 0])
            level = level[beyond == 0]
        return level, np.concatenate(better), first

    def _of_level(self, column: IndexArray) -> IndexArray:
        """Return the column for the moves still level: at first, all."""
        return column if self._level.size == column.size else column[self._level]

    def _move_one_in_each_node(self, rows: IntArray) -> None:
        """Make one of these moves in each node in which there are any: a move within a node, which has room for it."""
        assert self._chosen is not None
        now = self._moves.node[self._chosen]
        standing = self._tree.standing_for(self._tree.loads(now))
        here, there = standing[now[self._moves.case[rows]]], standing[self._moves.node[rows]]
        rows, there = rows[here == there], there[here == there]
        _, first = np.unique(there, return_index=True)
        self._chosen[self._moves.case[rows[first]]] = rows[first]
