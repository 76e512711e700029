"""PyVRP, the engine of runs. Nothing else knows it.

The morning is solved as its mirror: vehicles leave the settings and bring children home, along the morning's legs
backwards, and a run ends at the last home at no cost. Minutes count backwards from the latest bell, so that a ride
limit is the end of a child's time window. A fixed seed and a fixed number of iterations give the same answer on any
machine.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
import pyvrp
from pyvrp.exceptions import PenaltyBoundWarning
from pyvrp.search import OPERATORS, LocalSearch, compute_neighbours
from pyvrp.stop import MaxIterations, StoppingCriterion

from services.cost.transport.runs.loads import build_loads
from services.cost.transport.runs.pricing import RunPrices
from services.cost.transport.runs.problem import IntArray
from services.cost.transport.runs.timetable import SettingOrder
from services.cost.transport.runs.vehicles import METRES_A_KM, WAYS, Vehicle

SEED = 1
MOST_PENALTY = 100
ITERATIONS_A_PENALTY = 50
"""PyVRP's own 500 would leave most searches, which are short, with the penalties they began with."""
Sequences = list[list[int]]


class Engine:
    """The runs of some children of a problem, none of whom must ride alone; `data` is what PyVRP is given."""

    def __init__(self, prices: RunPrices, rows: Sequence[int]) -> None:
        self._prices, self._problem, self._rows = prices, prices.problem, list(rows)
        self._latest = int(self._problem.bell_minutes.max())
        self._hired = [(order, vehicle) for order in self._orders() for vehicle in self._vehicles()]
        self._loads = build_loads(self._problem, self._rows, self._hired)
        self.data = self._build()

    def solve(self, iterations: int, start: Sequence[Sequence[int]] = ()) -> Sequences | None:
        """Children in the order in which they get in, run by run; None if nothing was found that keeps every rule.

        `start` are runs of all of them that keep every rule, to begin with.
        """
        found = self.search(MaxIterations(iterations), start)
        return [self._sequence(route) for route in found.routes()] if found.is_feasible() else None

    def search(self, stop: StoppingCriterion, start: Sequence[Sequence[int]] = ()) -> pyvrp.Solution:
        """The best that PyVRP finds until `stop`. As `pyvrp.solve`, but for the penalties it begins with."""
        random = pyvrp.RandomNumberGenerator(SEED)
        search = LocalSearch(self.data, random, compute_neighbours(self.data))
        for operator in OPERATORS:
            if operator.supports(self.data):
                search.add_operator(operator(self.data))
        penalties = self._penalties()
        first = self._solution(start) if start else pyvrp.Solution.make_random(self.data, random)
        begun = first if start else search(first, penalties.max_cost_evaluator(), exhaustive=True)
        with warnings.catch_warnings(action="ignore", category=PenaltyBoundWarning):
            return pyvrp.IteratedLocalSearch(self.data, penalties, search, begun).run(stop, collect_stats=False).best

    def _penalties(self) -> pyvrp.PenaltyManager:
        """A child too many or a minute too long costs half the dearest vehicle at first, then what keeps the rules."""
        half = max(vehicle.pence_per_day for _, vehicle in self._hired) * METRES_A_KM / 2 + 1
        params = pyvrp.PenaltyParams(ITERATIONS_A_PENALTY, max_penalty=MOST_PENALTY * half)
        return pyvrp.PenaltyManager(([half] * self.data.num_load_dimensions, half, half), params)

    def _orders(self) -> list[SettingOrder]:
        """Orders of settings to which any of these children travel."""
        used = set(self._problem.destination[self._rows].tolist())
        return [order for order in self._prices.timetable.all if used.issuperset(order.settings)]

    def _vehicles(self) -> list[Vehicle]:
        """Vehicles that any of these children can ride in; with an assistant only if one of them needs one."""
        needed = bool(self._problem.travellers.assistant[self._rows].any())
        return [vehicle for vehicle in self._prices.vehicles if needed or not vehicle.assistant]

    def _build(self) -> pyvrp.ProblemData:
        settings, nowhere = self._problem.setting_count, self._problem.setting_count + len(self._rows)
        points = [*range(settings), *self._problem.home[self._rows].tolist()]
        return pyvrp.ProblemData(
            locations=[pyvrp.Location(0, 0) for _ in range(nowhere + 1)],
            clients=[self._client(client) for client in range(len(self._rows))],
            depots=[pyvrp.Depot(location) for location in (*range(settings), nowhere)],
            vehicle_types=[self._hire(at) for at in range(len(self._hired))],
            distance_matrices=[_mirrored(self._problem.legs.metres, points)],  # type: ignore[list-item]  # its own slip
            duration_matrices=[_mirrored(self._problem.legs.minutes, points)],  # type: ignore[list-item]
        )

    def _client(self, client: int) -> pyvrp.Client:
        """A child is home within its limit of its setting's bell, later than which nobody is set down."""
        row = self._rows[client]
        bell = int(self._problem.bell_minutes[self._problem.destination[row]])
        return pyvrp.Client(
            location=self._problem.setting_count + client,
            delivery=self._loads.children[client].tolist(),
            service_duration=int(self._problem.travellers.boarding_minutes[row]),
            tw_late=self._latest - bell + int(self._problem.limit_minutes[row]),
        )

    def _hire(self, at: int) -> pyvrp.VehicleType:
        """Leaves the setting that is reached first just when it is reached; the way on from there is paid at once."""
        order, vehicle = self._hired[at]
        leaves, pence_a_thousand_km = self._latest - order.at_minutes[0], WAYS * vehicle.pence_per_km
        return pyvrp.VehicleType(
            num_available=len(self._rows),
            capacity=self._loads.vehicles[at].tolist(),
            start_depot=order.first,
            end_depot=self._problem.setting_count,
            fixed_cost=vehicle.pence_per_day * METRES_A_KM + order.metres * pence_a_thousand_km,
            unit_distance_cost=pence_a_thousand_km,
            tw_early=leaves,
            start_late=leaves,
        )

    def _solution(self, sequences: Sequence[Sequence[int]]) -> pyvrp.Solution:
        client = {row: at for at, row in enumerate(self._rows)}
        routes = [
            pyvrp.Route(self.data, [client[row] for row in reversed(each)], self._type_of(each)) for each in sequences
        ]
        return pyvrp.Solution(self.data, routes)

    def _type_of(self, sequence: Sequence[int]) -> int:
        run = self._prices.get_run(sequence)
        types = [(order.settings, vehicle.vehicle_type, vehicle.assistant) for order, vehicle in self._hired]
        return types.index((run.destinations, run.vehicle_type, run.assistant))

    def _sequence(self, route: pyvrp.Route) -> list[int]:
        return [self._rows[activity.idx] for activity in reversed(list(route)) if activity.is_client()]


def _mirrored(legs: IntArray, points: list[int]) -> IntArray:
    """The legs between these points backwards, and none to a last point beyond them, which is nowhere."""
    mirrored: IntArray = np.zeros((len(points) + 1, len(points) + 1), dtype=np.int64)
    mirrored[:-1, :-1] = legs[np.ix_(points, points)].T
    return mirrored
