"""A run in full, from its children in order, its vehicle and the order of its settings."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, groupby, pairwise

from services.cost.transport.runs.problem import RunsProblem
from services.cost.transport.runs.result import Ride, Run, RunCost, RunLine, Stop
from services.cost.transport.runs.timetable import SettingOrder
from services.cost.transport.runs.vehicles import Vehicle, distance_pence


def minutes_to_first(problem: RunsProblem, travellers: Sequence[int], first: int) -> list[int]:
    """From leaving each child's home to reaching the run's first setting, the boarding of later children included."""
    rows = list(travellers)
    if not rows:
        return []
    points = [*problem.home[rows].tolist(), first]
    drives = problem.legs.minutes[points[:-1], points[1:]].tolist()
    boarding = [*problem.travellers.boarding_minutes[rows[1:]].tolist(), 0]
    spans = [drive + stand for drive, stand in zip(drives, boarding, strict=True)]
    return list(accumulate(reversed(spans)))[::-1]


def ride_minutes(problem: RunsProblem, travellers: Sequence[int], order: SettingOrder) -> list[int]:
    """How long each child rides: from leaving home to being at its own setting."""
    to_first = minutes_to_first(problem, travellers, order.first)
    settings = problem.destination[list(travellers)].tolist()
    return [minutes + order.minutes_after_first(at) for minutes, at in zip(to_first, settings, strict=True)]


def run_metres(problem: RunsProblem, travellers: Sequence[int], order: SettingOrder) -> int:
    """From the first child's home to the last setting."""
    points = [*problem.home[list(travellers)].tolist(), order.first]
    return int(problem.legs.metres[points[:-1], points[1:]].sum()) + order.metres


def describe_run(problem: RunsProblem, travellers: tuple[int, ...], vehicle: Vehicle, order: SettingOrder) -> Run:
    """The run with its stops, rides and cost lines."""
    to_first = minutes_to_first(problem, travellers, order.first)
    metres = run_metres(problem, travellers, order)
    rides = zip(travellers, ride_minutes(problem, travellers, order), strict=True)
    return Run(
        vehicle_type=vehicle.vehicle_type,
        assistant=vehicle.assistant,
        travellers=travellers,
        destinations=order.settings,
        stops=(*_homes(problem, travellers, order, to_first), *_settings(problem, travellers, order)),
        rides=tuple(_ride(problem, traveller, minutes) for traveller, minutes in rides),
        metres=metres,
        minutes=to_first[0] + order.at_minutes[-1] - order.at_minutes[0],
        lines=_lines(problem, vehicle, metres),
    )


def _ride(problem: RunsProblem, traveller: int, minutes: int) -> Ride:
    limit, guide = int(problem.limit_minutes[traveller]), int(problem.travellers.guide_minutes[traveller])
    return Ride(traveller, minutes, limit, beyond_guide=limit > guide)


def _lines(problem: RunsProblem, vehicle: Vehicle, metres: int) -> tuple[RunCost, ...]:
    extra = problem.fleet.assistant_pence_per_day if vehicle.assistant else 0
    lines = (
        RunCost(RunLine.VEHICLE, vehicle.pence_per_day - extra),
        RunCost(RunLine.DISTANCE, distance_pence(metres, vehicle.pence_per_km)),
    )
    return (*lines, RunCost(RunLine.ASSISTANT, extra)) if vehicle.assistant else lines


def _homes(problem: RunsProblem, travellers: tuple[int, ...], order: SettingOrder, to_first: list[int]) -> list[Stop]:
    """The homes; the vehicle is there early enough for every child of the address to get in."""
    boarding = problem.travellers.boarding_minutes[list(travellers)].tolist()
    address = list(accumulate((_moves(problem, one, then) for one, then in pairwise(travellers)), initial=0))
    stops = []
    for _, members in groupby(range(len(travellers)), key=address.__getitem__):
        rows = list(members)
        arrival = order.at_minutes[0] - to_first[rows[0]] - boarding[rows[0]]
        stops.append(Stop(None, arrival, tuple(travellers[row] for row in rows)))
    return stops


def _moves(problem: RunsProblem, one: int, then: int) -> bool:
    """Whether the vehicle moves between two children's homes."""
    leg = problem.home[one], problem.home[then]
    return bool(problem.legs.metres[leg] or problem.legs.minutes[leg])


def _settings(problem: RunsProblem, travellers: tuple[int, ...], order: SettingOrder) -> list[Stop]:
    return [
        Stop(setting, at, tuple(who for who in travellers if problem.destination[who] == setting))
        for setting, at in zip(order.settings, order.at_minutes, strict=True)
    ]
