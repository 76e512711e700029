"""The flow network of one stage, with what the earlier stages have settled taken out.

A case with one choice left, and a node whose number of cases is settled, need no arc: what they send becomes supply at
the node that receives it. So a stage that only breaks ties is as small as the ties are many.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.placement.model.groups import IndexArray, IntArray
from services.placement.model.moves import Moves
from services.placement.model.places import PlaceTree

BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class FlowNetwork:
    """Arcs and supplies of a min-cost flow; the first arcs are the moves.

    Parameters
    ----------
    tail, head, room, cost
        int64[m], nodes, most flow, and cost of one unit.
    supply
        int64[n], flow that starts (or, below 0, ends) at each node.
    rows
        int64[r], the moves of the first r arcs.
    """

    tail: IntArray
    head: IntArray
    room: IntArray
    cost: IntArray
    supply: IntArray
    rows: IntArray


Engine = Callable[[FlowNetwork], IntArray]
"""Tells how much each move of a network carries in a cheapest flow: int64[r]."""


def sample_network(
    tree: PlaceTree, case: IntArray, node: IndexArray, cost: IntArray, stands_for: IntArray
) -> FlowNetwork:
    """Return the network that places a sample of cases, each as many times over as it stands for.

    Parameters
    ----------
    case, node, cost
        [r], the moves: case by its number in the sample.
    stands_for
        int64[s].
    """
    nodes = np.arange(tree.root)
    total = int(stands_for.sum())
    return FlowNetwork(
        tail=np.concatenate([tree.root + 1 + case, nodes]),
        head=np.concatenate([node, tree.parent]),
        room=np.concatenate([stands_for[case], np.minimum(tree.places, total)]),
        cost=np.concatenate([cost, np.zeros_like(nodes)]),
        supply=np.concatenate([np.zeros_like(nodes), [-total], stands_for]),
        rows=np.arange(case.size),
    )


def build_network(
    tree: PlaceTree, moves: Moves, rows: IntArray, cost: IntArray, chosen: IntArray | None, open_nodes: BoolArray
) -> FlowNetwork:
    """Return the network that decides between the rows.

    Parameters
    ----------
    rows, cost
        int64[r], the moves still possible and their costs.
    chosen
        int64[K], each case's row so far, its only one if no other is still possible; None at the first stage.
    open_nodes
        bool[P + G], the nodes whose number of cases is not settled. At the first stage, all.
    """
    settled = np.zeros(tree.root + 1, dtype=np.int64)
    choices = np.bincount(moves.case[rows], minlength=moves.case_count)
    if chosen is not None:
        settled += np.bincount(moves.node[chosen[choices < 2]], minlength=tree.root + 1)
        _settle_places(tree, settled, tree.loads(moves.node[chosen]), ~open_nodes)
    undecided = np.flatnonzero(choices >= 2) if chosen is not None else np.arange(moves.case_count)
    number = np.zeros(moves.case_count, dtype=np.int64)
    number[undecided] = tree.root + 1 + np.arange(undecided.size)
    arcs = np.flatnonzero(number[moves.case[rows]])
    nodes = np.flatnonzero(open_nodes)
    supply = np.concatenate([settled, np.ones(undecided.size, dtype=np.int64)])
    supply[tree.root] -= moves.case_count
    return FlowNetwork(
        tail=np.concatenate([number[moves.case[rows[arcs]]], nodes]),
        head=np.concatenate([moves.node[rows[arcs]], tree.parent[nodes]]),
        room=np.concatenate([np.ones_like(arcs), np.minimum(tree.places[nodes], moves.case_count)]),
        cost=np.concatenate([cost[arcs], np.zeros_like(nodes)]),
        supply=supply,
        rows=rows[arcs],
    )


def _settle_places(tree: PlaceTree, settled: IntArray, loads: IntArray, closed: BoolArray) -> None:
    """Pass what each closed node holds on to the node around it."""
    nodes = np.flatnonzero(closed)
    settled[nodes] -= loads[nodes]
    np.add.at(settled, tree.parent[nodes], loads[nodes])
