"""The same plan by other solvers, from arrays to assignment, each as its manual shows and with its own defaults."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import highspy
import networkx
import numpy as np
import pulp
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow
from ortools.linear_solver.python import model_builder_helper
from ortools.sat.python import cp_model
from pylmcf import pylmcf_cpp
from scipy import optimize, sparse

from services.placement.model.places import PlaceTree
from tests.benchmarks.joint_cost import UNPLACED_PENCE, IntArray, JointProblem, Taken

HALF = 0.5
"""Between not taken and taken, in the figures of a linear programme."""
MOST_PIVOTS = 10**12


def min_cost_flow(joint: JointProblem) -> int:
    """The optimum by OR-Tools' SimpleMinCostFlow with its batch interface: raw, the yardstick."""
    return int(joint.saving[raw_flow(joint)].sum())


def raw_flow(joint: JointProblem) -> Taken:
    """OR-Tools' SimpleMinCostFlow by its batch interface."""
    network, engine = joint.network(), SimpleMinCostFlow()
    engine.add_arcs_with_capacity_and_unit_cost(network.start, network.end, network.capacity, network.cost)
    engine.set_nodes_supplies(np.arange(network.supply.size), network.supply)
    assert engine.solve() == engine.OPTIMAL
    return np.asarray(engine.flows(np.arange(joint.saving.size)) > 0)


def lemon(joint: JointProblem) -> Taken:
    """LEMON's network simplex."""
    network = joint.network()
    flow = pylmcf_cpp.lmcf(network.supply, network.start, network.end, network.capacity, network.cost)
    return np.asarray(flow[: joint.saving.size] > 0)


def lemon_cost_scaling(joint: JointProblem) -> Taken:
    """LEMON's cost scaling."""
    network = joint.network()
    flow = pylmcf_cpp.lmcf_cost_scaling(network.supply, network.start, network.end, network.capacity, network.cost)
    return np.asarray(flow[: joint.saving.size] > 0)


def pot_emd(joint: JointProblem) -> Taken:
    """POT's exact transport, which knows sources and targets alone: a pool or a group is both.

    As a source it gives what it does not use back to itself as a target, so that what goes on is at most its places.
    """
    problem, tree = joint.problem, PlaceTree.of(joint.problem)
    cases, nodes = problem.case_count, tree.root
    case, node = np.arange(cases), np.arange(nodes)
    source = np.concatenate([problem.option_case, case, cases + node, cases + node])
    target = np.concatenate([problem.option_pool, np.full(cases, nodes), node, tree.parent])
    cost = np.concatenate([joint.saving + UNPLACED_PENCE, np.full(cases, UNPLACED_PENCE), np.zeros(2 * nodes)])
    supply = np.concatenate([np.ones(cases), tree.places]).astype(np.float64)
    demand = np.concatenate([tree.places, [cases]]).astype(np.float64)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its own code, when it is compiled
        import ot
    matrix = sparse.coo_matrix((cost, (source, target)), shape=(cases + nodes, nodes + 1))
    plan = ot.emd(supply, demand, matrix, numItermax=MOST_PIVOTS).tocsr()
    return np.asarray(plan[np.array(problem.option_case), np.array(problem.option_pool)]).ravel() > HALF


def highs(joint: JointProblem) -> Taken:
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
    taken = np.array(solver.getSolution().col_value) > HALF
    solver.resetGlobalScheduler(True)  # else whoever asks for another number of threads in this process is refused
    return taken


def glop(joint: JointProblem) -> Taken:
    """OR-Tools' GLOP on the arrays, as a linear programme."""
    matrix, most = joint.rows()
    options, model = joint.saving.size, model_builder_helper.ModelBuilderHelper()
    bounds: list[Any] = [np.zeros(options), np.ones(options), np.full(most.size, -np.inf), most.astype(np.float64)]
    zero, one, least, places = bounds
    cost: Any = joint.saving.astype(np.float64)
    model.fill_model_from_sparse_data(zero, one, cost, least, places, sparse.csr_matrix(matrix))
    solver = model_builder_helper.ModelSolverHelper("GLOP")
    solver.solve(model)
    return np.asarray(solver.variable_values()) > HALF


def scipy_milp(joint: JointProblem) -> Taken:
    """SciPy's `milp`, with whole options."""
    matrix, most = joint.rows()
    found = optimize.milp(
        joint.saving,
        constraints=optimize.LinearConstraint(matrix, -np.inf, most),
        bounds=optimize.Bounds(0, 1),
        integrality=np.ones(joint.saving.size),
        options={"mip_rel_gap": 0.0},
    )
    return np.asarray(found.x) > HALF


def pulp_cbc(joint: JointProblem) -> Taken:
    """PuLP with CBC, an object for each option, as its manual shows."""
    of_case, in_node, places = _options_of(joint)
    model = pulp.LpProblem("placement", pulp.LpMinimize)
    taken = [pulp.LpVariable(f"x{row}", cat="Binary") for row in range(joint.saving.size)]
    model += pulp.lpSum(cost * x for cost, x in zip(joint.saving.tolist(), taken, strict=True))
    for options in of_case:
        model += pulp.lpSum([taken[row] for row in options]) <= 1
    for options, most in zip(in_node, places, strict=True):
        model += pulp.lpSum([taken[row] for row in options]) <= most
    model.solve(pulp.PULP_CBC_CMD(msg=False))
    return np.array([x.value() or 0.0 for x in taken]) > HALF


def cp_sat(joint: JointProblem) -> Taken:
    """OR-Tools' CP-SAT, a truth value for each option."""
    of_case, in_node, places = _options_of(joint)
    model = cp_model.CpModel()
    taken = [model.new_bool_var("") for _ in range(joint.saving.size)]
    for options in of_case:
        model.add_at_most_one([taken[row] for row in options])
    for options, most in zip(in_node, places, strict=True):
        model.add(cp_model.LinearExpr.sum([taken[row] for row in options]) <= most)
    model.minimize(cp_model.LinearExpr.weighted_sum(taken, joint.saving.tolist()))
    solver = cp_model.CpSolver()
    solver.solve(model)
    return np.array([solver.boolean_value(x) for x in taken])


def networkx_simplex(joint: JointProblem) -> Taken:
    """NetworkX's network simplex."""
    network, graph = joint.network(), networkx.DiGraph()
    graph.add_nodes_from((node, {"demand": -supply}) for node, supply in enumerate(network.supply.tolist()))
    columns = (network.start, network.end, network.capacity, network.cost)
    graph.add_edges_from(
        (start, end, {"capacity": capacity, "weight": cost})
        for start, end, capacity, cost in zip(*(column.tolist() for column in columns), strict=True)
    )
    _, flow = networkx.network_simplex(graph)
    options = zip(network.start.tolist(), network.end[: joint.saving.size].tolist(), strict=False)
    return np.array([flow[start][end] > 0 for start, end in options])


def _options_of(joint: JointProblem) -> tuple[list[list[int]], list[list[int]], list[int]]:
    """Rows of options by case, by pool or group, and the places of each pool or group."""
    matrix, most = joint.rows()
    cases = joint.problem.case_count
    members: list[list[int]] = [list(found) for found in np.split(matrix.indices, matrix.indptr[1:-1])]
    return members[:cases], members[cases:], _places(most[cases:])


def _places(most: IntArray) -> list[int]:
    return [int(places) for places in most]


@dataclass(frozen=True)
class Rival:
    """Another way to the same plan.

    Parameters
    ----------
    name, licence
        As people know it.
    solve
        From arrays to which options are taken.
    form
        What the problem is to it.
    quick_up_to, up_to
        The largest size raced in the quick run, and in the full one.
    limit_seconds
        After which a solve is stopped: long enough to tell whether it is as much slower as is wanted.
    """

    name: str
    licence: str
    form: str
    solve: Callable[[JointProblem], Taken]
    quick_up_to: str
    up_to: str = "county"
    limit_seconds: float = 60.0


RIVALS = (
    Rival("LEMON network simplex", "BSL-1.0", "flow", lemon, "county"),
    Rival("LEMON cost scaling", "BSL-1.0", "flow", lemon_cost_scaling, "county"),
    Rival("POT emd, sparse", "MIT", "transport", pot_emd, "halton"),
    Rival("HiGHS", "MIT", "linear programme", highs, "halton"),
    Rival("GLOP", "Apache-2.0", "linear programme", glop, "halton"),
    Rival("SciPy milp", "BSD-3", "integer programme", scipy_milp, "halton"),
    Rival("PuLP + CBC", "MIT, EPL-2.0", "integer programme", pulp_cbc, "halton", limit_seconds=90.0),
    Rival("CP-SAT", "Apache-2.0", "integer programme", cp_sat, "phase", "halton"),
    Rival("NetworkX network simplex", "BSD-3", "flow", networkx_simplex, "phase", "halton"),
)
