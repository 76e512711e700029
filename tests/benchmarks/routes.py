"""`python -m tests.benchmarks.routes`: PyVRP beside OR-Tools' routing, on the same instances for the same seconds.

Both get the very same instance: PyVRP's own description of it is what OR-Tools' model is made from. Public instances
are those in the folder `cvrp` of INBOROUGH_DATA; school runs are invented. OR-Tools runs as its guide has it, guided
local search after a first solution; it is given the whole time for each of three ways to make that: the best counts.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyvrp
from ortools.constraint_solver import pywrapcp, routing_enums_pb2
from pyvrp.stop import MaxRuntime

from services.cost.transport.runs.cvrp import cost_of, cvrp_problem, solve_cvrp
from services.cost.transport.runs.cvrp_file import list_instances, read_instance
from services.cost.transport.runs.pricing import RunPrices
from services.cost.transport.runs.solve import Engine
from services.cost.transport.runs.vehicles import METRES_A_KM
from tests.benchmarks.figures import Figure
from tests.benchmarks.school_runs import some_school_runs

SCHOOL_RUNS = ((12, 1), (25, 1), (50, 1), (100, 1), (25, 3), (50, 2))
MOST_OF_A_TYPE = 12
"""Vehicles of one type that OR-Tools is given: each is a path of its own in its model, and more only slow it."""

FIRST = routing_enums_pb2.FirstSolutionStrategy
FIRST_SOLUTIONS = (FIRST.PATH_CHEAPEST_ARC, FIRST.SAVINGS, FIRST.PARALLEL_CHEAPEST_INSERTION)


@dataclass(frozen=True)
class Compared:
    """What each found of one instance; None: nothing that keeps every rule. `best_known` None where nobody knows."""

    name: str
    best_known: int | None
    pyvrp: int | None
    ortools: int | None

    def cells(self) -> list[str]:
        """The table's cells; a gap is against the best known value, else against the better of the two."""
        best = self.best_known or min((cost for cost in (self.pyvrp, self.ortools) if cost is not None), default=0)
        return [self.name, f"{self.best_known or ''}", *_told(self.pyvrp, best), *_told(self.ortools, best)]


def main() -> None:
    """Compare, and print the table as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0, help="for each instance and solver")
    seconds = parser.parse_args().seconds
    heads = ["instance", "best known", "PyVRP", "gap", "OR-Tools", "gap"]
    for row in (heads, ["---"] * len(heads), *(each.cells() for each in compare(seconds))):
        sys.stdout.write(f"| {' | '.join(row)} |\n")
        sys.stdout.flush()


def measure(seconds: float = 3.0) -> list[Figure]:
    """How much dearer OR-Tools' routing comes out on school runs, an instance a repeat."""
    found = list(school_runs(seconds))
    dearer = [one.ortools / one.pyvrp for one in found if one.ortools and one.pyvrp]
    none = sum(one.ortools is None for one in found)
    note = f"{seconds:g} s each, and for OR-Tools from each of three first solutions" + (
        f"; it found none that keeps every rule for {none}" if none else ""
    )
    return [Figure("", "Cost of OR-Tools' school runs, of the runs engine's (PyVRP)", dearer, "x", note=note)]


def compare(seconds: float) -> Iterator[Compared]:
    """Every instance, public ones first."""
    for file in list_instances(Path(os.environ["INBOROUGH_DATA"]) / "cvrp"):
        instance = read_instance(file)
        length = cost_of(instance, solve_cvrp(instance, seconds))
        yield Compared(instance.name, instance.best_known, length, by_ortools(cvrp_problem(instance), seconds))
    yield from school_runs(seconds)


def school_runs(seconds: float) -> Iterator[Compared]:
    """Every invented instance."""
    for children, settings in SCHOOL_RUNS:
        problem = some_school_runs(children, settings)
        engine = Engine(RunPrices(problem), range(children))
        found = engine.search(MaxRuntime(seconds))
        ours = _pence(_cost(found)) if found.is_feasible() else None
        name = f"school runs, {children} children, {settings} setting{'s' * (settings > 1)}"
        theirs = by_ortools(engine.data, seconds)
        yield Compared(name, None, ours, None if theirs is None else _pence(theirs))


def by_ortools(data: pyvrp.ProblemData, seconds: float) -> int | None:
    """The best that OR-Tools' routing finds, so many seconds from each first solution; None if nothing."""
    found = (_search(data, seconds, first) for first in FIRST_SOLUTIONS)
    return min((cost for cost in found if cost is not None), default=None)


def _search(data: pyvrp.ProblemData, seconds: float, first: int) -> int | None:
    model, search = OrToolsModel(data), pywrapcp.DefaultRoutingSearchParameters()
    search.first_solution_strategy = first
    search.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    search.time_limit.FromMilliseconds(round(1000 * seconds))
    found = model.routing.SolveWithParameters(search)
    return int(found.ObjectiveValue()) if found else None


class OrToolsModel:
    """PyVRP's description of an instance, said to OR-Tools."""

    def __init__(self, data: pyvrp.ProblemData) -> None:
        self._data = data
        self._types = [kind for kind in data.vehicle_types() for _ in range(min(kind.num_available, MOST_OF_A_TYPE))]
        starts = [data.depot(kind.start_depot).location for kind in self._types]
        ends = [data.depot(kind.end_depot).location for kind in self._types]
        self._manager = pywrapcp.RoutingIndexManager(data.num_locations, len(self._types), starts, ends)
        self.routing = pywrapcp.RoutingModel(self._manager)
        self._client = {client.location: client for client in data.clients()}
        self._add_costs()
        self._add_loads()
        self._add_times()

    def _add_costs(self) -> None:
        distance = self._data.distance_matrix(0).tolist()
        evaluators: dict[int, int] = {}
        for vehicle, kind in enumerate(self._types):
            price = kind.unit_distance_cost
            if price not in evaluators:
                evaluators[price] = self.routing.RegisterTransitMatrix(
                    [[price * metres for metres in row] for row in distance]
                )
            self.routing.SetArcCostEvaluatorOfVehicle(evaluators[price], vehicle)
            self.routing.SetFixedCostOfVehicle(kind.fixed_cost, vehicle)

    def _add_loads(self) -> None:
        for dimension in range(self._data.num_load_dimensions):
            loads = [self._load(location, dimension) for location in range(self._data.num_locations)]
            callback = self.routing.RegisterUnaryTransitVector(loads)
            most = [kind.capacity[dimension] for kind in self._types]
            self.routing.AddDimensionWithVehicleCapacity(callback, 0, most, True, f"load {dimension}")

    def _add_times(self) -> None:
        if not self._data.has_time_windows():
            return
        duration = self._data.duration_matrix(0).tolist()
        for location, client in self._client.items():
            duration[location] = [minutes + client.service_duration for minutes in duration[location]]
        horizon = max(client.tw_late + client.service_duration for client in self._client.values())
        self.routing.AddDimension(self.routing.RegisterTransitMatrix(duration), 0, 2 * horizon, False, "minutes")
        minutes = self.routing.GetDimensionOrDie("minutes")
        for location, client in self._client.items():
            minutes.CumulVar(self._manager.NodeToIndex(location)).SetRange(0, client.tw_late)
        for vehicle, kind in enumerate(self._types):
            minutes.CumulVar(self.routing.Start(vehicle)).SetRange(kind.tw_early, kind.start_late)

    def _load(self, location: int, dimension: int) -> int:
        client = self._client.get(location)
        return client.delivery[dimension] if client else 0


def _cost(found: pyvrp.Solution) -> int:
    return int(found.distance_cost() + found.fixed_vehicle_cost())


def _pence(cost: int) -> int:
    """Prices of school runs are counted in thousandths of a penny."""
    return round(cost / METRES_A_KM)


def _told(cost: int | None, best: int) -> tuple[str, str]:
    if cost is None:
        return "nothing", ""
    return f"{cost:,}", f"{100 * (cost - best) / best:.2f} %"


if __name__ == "__main__":
    main()
