"""The least that carrying a child can cost, whoever else rides: summed over any children it bounds what all runs cost.

A run that carries the child is at least as long as its own way to its setting, and its cost is shared by no more
children than its vehicle has places for. So each child answers for at least the cheapest vehicle's day and that way,
divided by its places.
"""

from __future__ import annotations

import numpy as np

from services.cost.transport.runs.problem import MOST_SETTINGS, BoolArray, Fleet, IntArray
from services.cost.transport.runs.vehicles import METRES_A_KM, WAYS, Vehicle, list_vehicles

CANNOT_BE_CARRIED = -1


def least_pence_per_day(
    fleet: Fleet,
    wheelchair: BoolArray,
    assistant: BoolArray,
    solo: BoolArray,
    metres: IntArray,
    most_aboard: IntArray | None = None,
) -> IntArray:
    """int64[C] a school day, one a child and setting, rounded down; -1 where the fleet has no vehicle for the child.

    Parameters
    ----------
    wheelchair, assistant, solo
        bool[C]: what the child's travel asks for.
    metres
        int64[C]: a way to the setting that no detour through other homes can beat: by road where the legs that runs are
        priced by keep the triangle inequality up to a metre of rounding a leg, else the straight line.
    most_aboard
        int64[C], 1 or more: how many children could be on one run to this setting at all, where that is known.
    """
    least: IntArray = np.full(metres.shape, np.iinfo(np.int64).max)
    for vehicle in list_vehicles(fleet):
        places = vehicle.seats + vehicle.wheelchair_places
        sharing = np.full(metres.shape, places) if most_aboard is None else np.minimum(most_aboard, places)
        shared = _run_pence(vehicle, metres, places) // (METRES_A_KM * np.where(solo, 1, sharing))
        least = np.where(_carries(vehicle, wheelchair, assistant), np.minimum(least, shared), least)
    return np.where(least == np.iinfo(np.int64).max, CANNOT_BE_CARRIED, least)


def _run_pence(vehicle: Vehicle, metres: IntArray, places: int) -> IntArray:
    """A run at its shortest, in thousandths of a penny; every leg may have been rounded down by a metre."""
    shortest = np.maximum(metres - places - MOST_SETTINGS, 0)
    found: IntArray = vehicle.pence_per_day * METRES_A_KM + WAYS * vehicle.pence_per_km * shortest
    return found


def _carries(vehicle: Vehicle, wheelchair: BoolArray, assistant: BoolArray) -> BoolArray:
    place = np.where(wheelchair, vehicle.wheelchair_places > 0, vehicle.seats > 0)
    found: BoolArray = place & (vehicle.assistant | ~assistant)
    return found
