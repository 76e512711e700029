"""Public route instances solved by the engine of runs, for so many seconds: how near the best known value it comes."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import pyvrp
from pyvrp.exceptions import PenaltyBoundWarning
from pyvrp.stop import MaxRuntime

from services.cost.transport.runs.cvrp_file import CvrpInstance

SEED = 1
ITERATIONS_A_PENALTY = 50
SPARE_VEHICLES = 3
Watch = Callable[[int], None]


def solve_cvrp(instance: CvrpInstance, seconds: float, watch: Watch = lambda cost: None) -> list[list[int]]:
    """The cheapest routes found: points in order, the depot left out. `watch` is told each better cost.

    Raises ValueError where nothing was found in time.
    """
    params = pyvrp.SolveParams(
        ils=pyvrp.IteratedLocalSearchParams(callbacks=_Telling(watch)),
        penalty=pyvrp.PenaltyParams(ITERATIONS_A_PENALTY, max_penalty=2.0 * int(instance.distance.max()) + 1),
    )
    with warnings.catch_warnings(action="ignore", category=PenaltyBoundWarning):
        best = pyvrp.solve(cvrp_problem(instance), MaxRuntime(seconds), SEED, collect_stats=False, params=params).best
    if not best.is_feasible():
        raise ValueError(f"{instance.name}: no routes within CAPACITY were found in {seconds:g} seconds.")
    return [[step.idx + 1 for step in route if step.is_client()] for route in best.routes()]


def cost_of(instance: CvrpInstance, routes: list[list[int]]) -> int:
    """The length of all routes, from the depot and back."""
    tours = [[0, *route, 0] for route in routes]
    return sum(int(instance.distance[tour[:-1], tour[1:]].sum()) for tour in tours)


def cvrp_problem(instance: CvrpInstance) -> pyvrp.ProblemData:
    """The instance as PyVRP takes it, with some vehicles more than its demand needs."""
    demand = instance.demand.tolist()
    vehicles = min(len(demand) - 1, int(1.3 * sum(demand) / instance.capacity) + SPARE_VEHICLES)
    return pyvrp.ProblemData(
        locations=[pyvrp.Location(0, 0) for _ in demand],
        clients=[pyvrp.Client(at, delivery=[demand[at]]) for at in range(1, len(demand))],
        depots=[pyvrp.Depot(0)],
        vehicle_types=[pyvrp.VehicleType(max(1, vehicles), capacity=[instance.capacity])],
        distance_matrices=[instance.distance],  # type: ignore[list-item]  # its own slip
        duration_matrices=[instance.distance * 0],  # type: ignore[list-item]
    )


class _Telling(pyvrp.IteratedLocalSearchCallbacks):
    """Tells of each better answer that keeps every rule."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch

    def on_best(self, best: pyvrp.Solution) -> None:
        if best.is_feasible():
            self._watch(best.distance())
