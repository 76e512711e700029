"""The benchmark's problem as others can take it: one cost for each option, as rows of a programme or as a network.

A joint cost is what they can take: ten million pence for a place out of borough, a billion for a case unplaced. It is
not the lexicographic order; but it is the same for all of them, and their optima must agree.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

from services.placement.model.places import PlaceTree
from services.placement.model.problem import PlacementProblem
from services.placement.model.solve import solve

UNPLACED_PENCE = 10**9
OUT_OF_BOROUGH_PENCE = 10**7

IntArray = npt.NDArray[np.int64]
Taken = npt.NDArray[np.bool_]
"""bool[A]: which options a plan takes."""


@dataclass(frozen=True, eq=False)
class Network:
    """A flow of one unit from each case, by an option or unplaced, through pool and groups, to a sink: the last node.

    Parameters
    ----------
    start, end, capacity, cost
        int64[A + K + N], of arcs: the options in their order, then each case unplaced, then each pool and group up.
    supply
        int64[K + N + 1], of nodes: cases, pools and groups, sink.
    """

    start: IntArray
    end: IntArray
    capacity: IntArray
    cost: IntArray
    supply: IntArray


@dataclass(frozen=True, eq=False)
class JointProblem:
    """A problem with one cost, int64[A], for each option; the saving against being unplaced, below 0."""

    problem: PlacementProblem
    saving: IntArray

    @classmethod
    def of(cls, problem: PlacementProblem) -> JointProblem:
        """Join the terms of the benchmark's problems: out of borough, pence, minutes (which are left out)."""
        out_of_borough, pence, _ = problem.option_terms
        return cls(problem, pence + OUT_OF_BOROUGH_PENCE * out_of_borough - UNPLACED_PENCE)

    def rows(self) -> tuple[sparse.csr_array, IntArray]:
        """Return the constraints, one row for each case, pool and group, and the most that each may sum to."""
        problem, tree = self.problem, PlaceTree.of(self.problem)
        options = np.arange(problem.option_count)
        rows, columns = [problem.option_case.astype(np.int64)], [options]
        node = problem.option_pool.astype(np.int64)
        while options.size:
            rows.append(problem.case_count + node)
            columns.append(options)
            node = tree.parent[node]
            inside = node < tree.root
            node, options = node[inside], options[inside]
        row, column = np.concatenate(rows), np.concatenate(columns)
        shape = (problem.case_count + tree.root, problem.option_count)
        matrix = sparse.csr_array((np.ones(row.size), (row, column)), shape=shape)
        return matrix, np.concatenate([np.ones(problem.case_count, dtype=np.int64), tree.places])

    def network(self) -> Network:
        """Return the same as a flow, with costs from 0: an unplaced case costs what a joint cost says of it."""
        problem, tree = self.problem, PlaceTree.of(self.problem)
        cases, nodes = problem.case_count, tree.root
        case, place, sink = np.arange(cases), cases + np.arange(nodes), cases + nodes
        supply = np.zeros(sink + 1, dtype=np.int64)
        supply[:cases], supply[sink] = 1, -cases
        return Network(
            start=np.concatenate([problem.option_case.astype(np.int64), case, place]),
            end=np.concatenate([cases + problem.option_pool, np.full(cases, sink), cases + tree.parent]),
            capacity=np.concatenate([np.ones(problem.option_count + cases, dtype=np.int64), tree.places]),
            cost=np.concatenate(
                [self.saving + UNPLACED_PENCE, np.full(cases, UNPLACED_PENCE), np.zeros(nodes, dtype=np.int64)]
            ),
            supply=supply,
        )

    def by_core(self) -> Taken:
        """The core's plan at this one cost, below the tier of cases unplaced, each dearer than all else."""
        problem = self.problem
        alike = replace(problem, terms=("joint",), option_terms=(self.saving + UNPLACED_PENCE)[None])
        taken = np.zeros(problem.option_count, dtype=np.bool_)
        chosen = solve(alike).chosen
        taken[chosen[chosen >= 0]] = True
        return taken

    def cost_of(self, taken: Taken) -> int:
        """The joint cost of a plan, below 0. Raises ValueError for a case placed twice or a pool or group overfull."""
        matrix, most = self.rows()
        if (matrix @ taken.astype(np.float64) > most).any():
            raise ValueError("A case is placed twice, or a pool or a group is over its places.")
        return int(self.saving[taken].sum())
