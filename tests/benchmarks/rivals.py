"""The same plan by other solvers, each on one joint cost for each option, for speed against our whole core.

A joint cost is what they can take: ten million pence for a place out of borough, a billion for a case unplaced. It is
not the lexicographic order; but it is the same for all of them, and their optima must agree.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt
import pulp
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow
from scipy import optimize, sparse

from services.placement.model.places import PlaceTree
from services.placement.model.problem import PlacementProblem

UNPLACED_PENCE = 10**9
OUT_OF_BOROUGH_PENCE = 10**7

IntArray = npt.NDArray[np.int64]


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


def min_cost_flow(joint: JointProblem) -> int:
    """OR-Tools' SimpleMinCostFlow by its batch interface: raw, the yardstick."""
    problem, tree = joint.problem, PlaceTree.of(joint.problem)
    cases, nodes = problem.case_count, tree.root
    case, place = np.arange(cases), cases + np.arange(nodes)
    engine = SimpleMinCostFlow()
    engine.add_arcs_with_capacity_and_unit_cost(
        np.concatenate([problem.option_case, case, place]),
        np.concatenate([cases + problem.option_pool, np.full(cases, cases + nodes), cases + tree.parent]),
        np.concatenate([np.ones(problem.option_count + cases, dtype=np.int64), tree.places]),
        np.concatenate([joint.saving, np.zeros(cases + nodes, dtype=np.int64)]),
    )
    supply = np.zeros(cases + nodes + 1, dtype=np.int64)
    supply[:cases], supply[-1] = 1, -cases
    engine.set_nodes_supplies(np.arange(supply.size), supply)
    assert engine.solve() == engine.OPTIMAL
    engine.flows(np.arange(problem.option_count))
    return int(engine.optimal_cost())


def highs(joint: JointProblem) -> int:
    """HiGHS on the arrays, as the linear programme that it is."""
    matrix, most = joint.rows()
    by_option = matrix.tocsc()
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = matrix.shape[1], matrix.shape[0]
    model.col_cost_ = joint.saving.astype(np.float64)
    model.col_lower_, model.col_upper_ = np.zeros(model.num_col_), np.ones(model.num_col_)
    model.row_lower_, model.row_upper_ = np.full(model.num_row_, -highspy.kHighsInf), most.astype(np.float64)
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_, model.a_matrix_.index_ = by_option.indptr, by_option.indices
    model.a_matrix_.value_ = by_option.data
    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.silent()
    solver.passModel(model)
    solver.run()
    return round(solver.getInfo().objective_function_value)  # type: ignore[no-any-return]


def scipy_milp(joint: JointProblem) -> int:
    """SciPy's `milp`, with whole options."""
    matrix, most = joint.rows()
    found = optimize.milp(
        joint.saving,
        constraints=optimize.LinearConstraint(matrix, -np.inf, most),
        bounds=optimize.Bounds(0, 1),
        integrality=np.ones(joint.saving.size),
    )
    return round(found.fun)  # type: ignore[no-any-return]


def pulp_cbc(joint: JointProblem) -> int:
    """PuLP with CBC, an object for each option, as its manual shows."""
    problem, tree = joint.problem, PlaceTree.of(joint.problem)
    model = pulp.LpProblem("placement", pulp.LpMinimize)
    taken = [pulp.LpVariable(f"x{row}", cat="Binary") for row in range(problem.option_count)]
    model += pulp.lpSum(cost * x for cost, x in zip(joint.saving.tolist(), taken, strict=True))
    of_case: list[list[pulp.LpVariable]] = [[] for _ in range(problem.case_count)]
    in_node: list[list[pulp.LpVariable]] = [[] for _ in range(tree.root)]
    for x, case, pool in zip(taken, problem.option_case.tolist(), problem.option_pool.tolist(), strict=True):
        of_case[case].append(x)
        node = pool
        while node < tree.root:
            in_node[node].append(x)
            node = int(tree.parent[node])
    for options in of_case:
        model += pulp.lpSum(options) <= 1
    for options, places in zip(in_node, tree.places.tolist(), strict=True):
        model += pulp.lpSum(options) <= places
    model.solve(pulp.PULP_CBC_CMD(msg=False))
    return round(pulp.value(model.objective))  # type: ignore[no-any-return]


RIVALS: dict[str, Callable[[JointProblem], int]] = {
    "HiGHS": highs,
    "SciPy milp": scipy_milp,
    "PuLP + CBC": pulp_cbc,
}
