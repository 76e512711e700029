"""The cheapest way to run a given order of homes: which vehicle, and in which order its settings are reached."""

from __future__ import annotations

from collections.abc import Sequence

from services.cost.transport.runs.describing import describe_run, ride_minutes, run_metres
from services.cost.transport.runs.problem import RunsProblem
from services.cost.transport.runs.result import Run
from services.cost.transport.runs.timetable import SettingOrder, Timetable
from services.cost.transport.runs.vehicles import Vehicle, list_vehicles


class RunPrices:
    """Prices runs of one problem. Between ways that cost the same, the first in order of names and ids is taken."""

    def __init__(self, problem: RunsProblem) -> None:
        self.problem = problem
        self.timetable = Timetable(problem)
        self.vehicles = list_vehicles(problem.fleet)
        kinds = problem.travellers
        self._wheelchair, self._assistant = kinds.wheelchair.tolist(), kinds.assistant.tolist()
        self._solo = kinds.solo.tolist()
        self._apart = apart_both_ways(problem.apart)

    def vehicles_for(self, travellers: Sequence[int]) -> list[Vehicle]:
        """Vehicles that have a place for each of these children; none: the fleet cannot carry them together."""
        wheelchairs = sum(self._wheelchair[who] for who in travellers)
        assistant = any(self._assistant[who] for who in travellers)
        seated = len(travellers) - wheelchairs
        return [vehicle for vehicle in self.vehicles if vehicle.carries(seated, wheelchairs, assistant)]

    def may_share(self, travellers: Sequence[int]) -> bool:
        """Whether these may be in one vehicle: a child who rides alone is alone, and no two are to be kept apart."""
        if len(travellers) > 1 and any(self._solo[who] for who in travellers):
            return False
        ids = {self.problem.travellers.ids[who] for who in travellers}
        return all(ids.isdisjoint(self._apart.get(one, ())) for one in ids)

    def find_run(self, travellers: Sequence[int]) -> Run | None:
        """The cheapest run that fetches these children in this order; None if none keeps every rule."""
        vehicles = self.vehicles_for(travellers)
        if not vehicles or not self.may_share(travellers):
            return None
        settings = frozenset(self.problem.destination[list(travellers)].tolist())
        orders = [order for order in self.timetable.orders(settings) if self._in_time(travellers, order)]
        lengths = [run_metres(self.problem, travellers, order) for order in orders]
        ways = [
            (vehicle.price(metres), metres, row, at)
            for at, vehicle in enumerate(vehicles)
            for row, metres in enumerate(lengths)
        ]
        if not ways:
            return None
        _, _, row, at = min(ways)
        return describe_run(self.problem, tuple(travellers), vehicles[at], orders[row])

    def get_run(self, travellers: Sequence[int]) -> Run:
        """The same, where it is known that there is one; raises ValueError otherwise."""
        run = self.find_run(travellers)
        if run is None:
            raise ValueError("travellers: no run that fetches them in this order keeps every rule.")
        return run

    def _in_time(self, travellers: Sequence[int], order: SettingOrder) -> bool:
        limits = self.problem.limit_minutes[list(travellers)].tolist()
        rides = ride_minutes(self.problem, travellers, order)
        return all(ride <= most for ride, most in zip(rides, limits, strict=True))


def apart_both_ways(pairs: frozenset[tuple[str, str]]) -> dict[str, set[str]]:
    """Whom each child is to be kept apart from."""
    found: dict[str, set[str]] = {}
    for one, other in pairs:
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return found
