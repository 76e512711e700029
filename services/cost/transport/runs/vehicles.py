"""What can be hired for a run: each vehicle type with and without a passenger assistant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from services.cost.transport.runs.problem import BoolArray, Fleet, IntArray

METRES_A_KM = 1000
WAYS = 2
"""A school day's journeys: there and back."""
IMPOSSIBLE = np.iinfo(np.int64).max // 4
"""In place of metres or pence where no rule-keeping way there is."""


@dataclass(frozen=True)
class Vehicle:
    """A vehicle type, with or without an assistant.

    `seats` and `wheelchair_places` are what is left for children; `pence_per_day` includes the assistant's.
    """

    vehicle_type: int
    assistant: bool
    seats: int
    wheelchair_places: int
    pence_per_day: int
    pence_per_km: int

    def carries(self, seated: int, wheelchairs: int, assistant: bool) -> bool:
        """Whether so many children have a place in it, and an assistant where one of them needs one."""
        return seated <= self.seats and wheelchairs <= self.wheelchair_places and self.assistant >= assistant

    def price(self, metres: int) -> int:
        """Pence a school day for a run of so many metres one way."""
        return self.pence_per_day + distance_pence(metres, self.pence_per_km)

    def beats(self, other: Vehicle) -> bool:
        """Whether it carries all that the other does and never costs more."""
        mine = (self.seats, self.wheelchair_places, -self.pence_per_day, -self.pence_per_km)
        theirs = (other.seats, other.wheelchair_places, -other.pence_per_day, -other.pence_per_km)
        return self.assistant >= other.assistant and all(a >= b for a, b in zip(mine, theirs, strict=True))


@dataclass(frozen=True, eq=False)
class VehicleColumns:
    """V vehicles side by side, for P runs at a time."""

    seats: IntArray
    wheelchair_places: IntArray
    assistant: BoolArray
    pence_per_day: IntArray
    pence_per_km: IntArray

    @staticmethod
    def of(vehicles: Sequence[Vehicle]) -> VehicleColumns:
        """These, in this order."""
        names = ("seats", "wheelchair_places", "assistant", "pence_per_day", "pence_per_km")
        rows = np.array([[getattr(one, name) for name in names] for one in vehicles], np.int64).reshape(-1, len(names))
        seats, places, assistant, day, km = rows.T
        return VehicleColumns(seats, places, assistant.astype(np.bool_), day, km)

    def have_room(self, seated: IntArray, wheelchairs: IntArray, assistant: BoolArray) -> BoolArray:
        """bool[P, V]: as `Vehicle.carries`."""
        places = (seated[:, None] <= self.seats) & (wheelchairs[:, None] <= self.wheelchair_places)
        found: BoolArray = places & (self.assistant | ~assistant[:, None])
        return found

    def least_pence(self, metres: IntArray, room: BoolArray) -> IntArray:
        """int64[P]: as `Vehicle.price`, of the cheapest vehicle that has room."""
        distance = (WAYS * metres[:, None] * self.pence_per_km + METRES_A_KM // 2) // METRES_A_KM
        found: IntArray = np.where(room, self.pence_per_day + distance, IMPOSSIBLE).min(axis=1, initial=IMPOSSIBLE)
        return found


def distance_pence(metres: int, pence_per_km: int) -> int:
    """A day's kilometres there and back, rounded half up to whole pence."""
    return (WAYS * metres * pence_per_km + METRES_A_KM // 2) // METRES_A_KM


def list_vehicles(fleet: Fleet) -> tuple[Vehicle, ...]:
    """What is worth hiring, by name, plain before assisted: none that another one beats."""
    every = [vehicle for assistant in (False, True) for vehicle in _variants(fleet, assistant)]
    return tuple(
        mine
        for at, mine in enumerate(every)
        if not any(
            other.beats(mine) and (before < at or not mine.beats(other))
            for before, other in enumerate(every)
            if before != at
        )
    )


def _variants(fleet: Fleet, assistant: bool) -> list[Vehicle]:
    rows = sorted(range(len(fleet.vehicle_types)), key=lambda row: fleet.vehicle_types[row].name)
    kinds = [(row, fleet.vehicle_types[row]) for row in rows]
    extra = fleet.assistant_pence_per_day if assistant else 0
    return [
        Vehicle(
            row,
            assistant,
            kind.seats - assistant,
            kind.wheelchair_places,
            kind.pence_per_day + extra,
            kind.pence_per_km,
        )
        for row, kind in kinds
        if kind.seats - assistant + kind.wheelchair_places > 0
    ]
