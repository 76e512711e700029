"""Solve a placement problem exactly: fewest unplaced, then each term in order, then the smallest sum of lots.

Each stage is one min-cost flow over the moves that the earlier stages left level. Its plan is then proven, or put
right, on the contracted graph, and the prices found there say which moves are still level for the next stage.
"""

from __future__ import annotations

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from services.placement.model.contracted import NO_ROW, contract
from services.placement.model.flow import BoolArray, FlowNetwork, build_network
from services.placement.model.groups import IntArray
from services.placement.model.lexicographic import UNREACHED, Packing
from services.placement.model.lots import LARGEST_LOT
from services.placement.model.moves import Moves
from services.placement.model.places import PlaceTree
from services.placement.model.problem import PlacementProblem
from services.placement.model.shortest import NegativeRing, shortest_from
from services.placement.model.solution import NOT_PLACED, Solution
from services.placement.model.stages import next_stage


def solve(problem: PlacementProblem) -> Solution:
    """Return the unique optimal plan, proven.

    Raises
    ------
    RuntimeError
        If the engine refuses a network; its limits are checked beforehand, so this is a fault of ours.
    """
    search = _Search(problem)
    tier = 0
    while tier <= len(problem.terms):
        tier = search.decide(tier)
    search.draw_lots()
    return search.solution()


class _Search:
    """What the stages have settled so far: the plan, the moves still level with it, and the prices."""

    def __init__(self, problem: PlacementProblem) -> None:
        self.problem = problem
        self.moves, self.tree = Moves.of(problem), PlaceTree.of(problem)
        self.largest_change = problem.largest_changes()
        self.rows = np.arange(self.moves.case.size)
        self.open_nodes = np.ones(self.tree.root, dtype=np.bool_)
        self.chosen: IntArray | None = None
        self.potentials: list[IntArray] = []

    def decide(self, tier: int) -> int:
        """Decide this tier and as many after it as one stage can join; return the first tier left."""
        nodes = self.tree.root + 1 + self.problem.case_count
        stage = next_stage(tier, self.largest_change, self.tree.pool_count + 1, nodes)
        tiers = self.moves.tiers[stage.first : stage.last, self.rows]
        self._run(tiers, stage.cost(tiers), self.largest_change[stage.first : stage.last])
        return stage.last

    def draw_lots(self) -> None:
        """Decide between the plans that are level on every term."""
        lots = self.moves.lots(self.rows)
        self._run(lots[np.newaxis], lots, np.array([LARGEST_LOT]))

    def solution(self) -> Solution:
        """Return the plan, unique now, with its prices."""
        assert self.chosen is not None
        chosen = np.where(self.chosen < self.moves.option_count, self.chosen, NOT_PLACED)
        return Solution(self.problem, chosen, np.concatenate(self.potentials))

    def _run(self, tiers: IntArray, cost: IntArray, largest_change: IntArray) -> None:
        self.chosen = self._flow(cost)
        packing = Packing.of_paths(largest_change, self.tree.root + 2)
        words = packing.pack(tiers)
        distance = self._distances(words)
        self.potentials.append(packing.unpack(distance))
        self._keep_level(words, distance)

    def _flow(self, cost: IntArray) -> IntArray:
        """Return the chosen rows after the cheapest flow between the rows still level."""
        network = build_network(self.tree, self.moves, self.rows, cost, self.chosen, self.open_nodes)
        chosen = np.full(self.moves.case_count, NO_ROW) if self.chosen is None else self.chosen.copy()
        taken = network.rows[cheapest_flow(network)]
        chosen[self.moves.case[taken]] = taken
        return chosen

    def _distances(self, words: IntArray) -> IntArray:
        """Return the shortest distance from the root to every node, turning rings until none improves the plan."""
        assert self.chosen is not None
        position = np.full(self.moves.case.size, NO_ROW)
        position[self.rows] = np.arange(self.rows.size)
        case, node = self.moves.case[self.rows], self.moves.node[self.rows]
        while True:
            loads = self.tree.loads(self.moves.node[self.chosen])
            edges = contract(self.tree, loads, self.open_nodes, (case, node, words, self.rows), position[self.chosen])
            found = shortest_from(self.tree.root, self.tree.root + 1, edges)
            if not isinstance(found, NegativeRing):
                standing = self.tree.standing_for(loads)
                return np.where(found[0, standing] == UNREACHED, 0, found[:, standing])
            turned = edges.row[found.edges]
            turned = turned[turned != NO_ROW]
            self.chosen[self.moves.case[turned]] = turned

    def _keep_level(self, words: IntArray, distance: IntArray) -> None:
        """Keep the moves, and the nodes, that could change in a plan as good as this one so far."""
        assert self.chosen is not None
        case, node = self.moves.case[self.rows], self.moves.node[self.rows]
        priced = words - distance[:, node]
        now = np.empty((len(words), self.moves.case_count), dtype=np.int64)
        in_plan = self.chosen[case] == self.rows
        now[:, case[in_plan]] = priced[:, in_plan]
        self.rows = self.rows[(priced == now[:, case]).all(axis=0)]
        self.open_nodes &= (distance[:, : self.tree.root] == distance[:, self.tree.parent]).all(axis=0)


def cheapest_flow(network: FlowNetwork) -> BoolArray:
    """Return bool[r], whether each move carries flow in a cheapest flow of the network."""
    if not network.rows.size:
        return np.zeros(0, dtype=np.bool_)
    engine = SimpleMinCostFlow()
    arcs = engine.add_arcs_with_capacity_and_unit_cost(network.tail, network.head, network.room, network.cost)
    engine.set_nodes_supplies(np.arange(network.supply.size), network.supply)
    status = engine.solve()
    if status != engine.OPTIMAL:
        raise RuntimeError(f"The flow engine ended with {status.name} on {arcs.size} arcs.")
    return np.asarray(engine.flows(arcs[: network.rows.size]) > 0)
