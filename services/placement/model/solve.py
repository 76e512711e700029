"""Solve a placement problem exactly: fewest unplaced, then each term in order, then the smallest sum of lots."""

from __future__ import annotations

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from services.placement.model.flow import FlowNetwork
from services.placement.model.groups import IntArray
from services.placement.model.problem import PlacementProblem
from services.placement.model.search import Search
from services.placement.model.solution import Solution


def solve(problem: PlacementProblem) -> Solution:
    """Return the unique optimal plan, proven.

    The tiers are decided in stages, the most important first, each among the plans that are level so far; last of all,
    lots are drawn.

    Raises
    ------
    RuntimeError
        If the engine refuses a network; its limits are checked beforehand, so this is a fault of ours.
    """
    search = Search(problem, cheapest_flow)
    while search.tiers_left:
        search.decide_next()
    search.draw_lots()
    return search.solution()


def cheapest_flow(network: FlowNetwork) -> IntArray:
    """Return int64[r], how much each move carries in a cheapest flow of the network."""
    if not network.rows.size:
        return np.zeros(0, dtype=np.int64)
    engine = SimpleMinCostFlow()
    arcs = engine.add_arcs_with_capacity_and_unit_cost(network.tail, network.head, network.room, network.cost)
    engine.set_nodes_supplies(np.arange(network.supply.size), network.supply)
    status = engine.solve()
    if status != engine.OPTIMAL:
        raise RuntimeError(f"The flow engine ended with {status.name} on {arcs.size} arcs.")
    return np.asarray(engine.flows(arcs[: network.rows.size]))
