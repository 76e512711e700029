"""What every pair of a quote would add to the runs in force, in place of an average fare."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from services.cost.carrying.people import BoolArray, IntArray
from services.cost.carrying.ready import NOT_CARRIED, OWN_VEHICLE, Joiner, ReadyRuns
from services.cost.quotes.columns import Children, QuoteColumns
from services.cost.transport.runs.vehicles import METRES_A_KM, WAYS, list_vehicles
from services.cost.transport.travel import Journeys

ELSEWHERE = -1
"""A setting that no run serves: a child goes there on a run of its own."""
IMPOSSIBLE = np.iinfo(np.int64).max


@dataclass(frozen=True, eq=False)
class Added:
    """One entry a pair. `carried`: a run is found; all else is 0 where not, and the ride -1.

    Pence a year: what all runs cost more with the child. `run`: the number of the run that the child would be on;
    OWN_VEHICLE for a vehicle of its own.
    """

    carried: BoolArray
    added_pence: IntArray
    ride_minutes: IntArray
    run: IntArray


def on_no_run(count: int) -> Added:
    """Where there are no runs."""
    nothing = np.zeros(count, np.int64)
    return Added(np.zeros(count, np.bool_), nothing, nothing - 1, nothing)


def add_to_runs(ready: ReadyRuns, columns: QuoteColumns, journeys: Journeys, paid: BoolArray) -> Added:
    """Price the pairs whose travel is paid. A child who rides to the setting already is taken out of its run first."""
    children, pairs = columns.children, columns.pairs
    column = np.array([ready.column_of.get(urn, ELSEWHERE) for urn in columns.places.urn], np.int64)[pairs.pool_at]
    added, ride, run = (np.full(paid.size, value, np.int64) for value in (NOT_CARRIED, -1, OWN_VEHICLE))
    served = np.flatnonzero(paid & (column != ELSEWHERE))
    if served.size:
        asking, place = np.unique(pairs.child_at[served], return_inverse=True)
        prices = ready.price(_joiners(ready, children, asking.tolist()))
        at = (place, column[served])
        added[served], ride[served], run[served] = prices.added[at], prices.ride_minutes[at], prices.run[at]
    alone = np.flatnonzero(paid & (column == ELSEWHERE))
    if alone.size:
        added[alone] = _own_runs(
            ready, children, pairs.child_at[alone].astype(np.int64), _metres(ready, columns, alone)
        )
        ride[alone] = journeys.minutes[alone]
    carried = added != NOT_CARRIED
    pence = np.where(carried, added, 0) * ready.terms.days
    return Added(carried, pence, np.where(carried, ride, -1), np.where(carried, run, OWN_VEHICLE))


def _joiners(ready: ReadyRuns, children: Children, rows: list[int]) -> list[Joiner]:
    homes, ids = children.homes, children.ids
    return [
        Joiner(
            ids[row] if row < len(ids) and ids[row] in ready.known_ids else "",
            int(homes.easting[row]),
            int(homes.northing[row]),
            children.year_group[row],
            children.wheelchair[row],
            children.assistant[row],
            children.solo[row],
        )
        for row in rows
    ]


def _metres(ready: ReadyRuns, columns: QuoteColumns, at: IntArray) -> IntArray:
    """How long runs of their own would be."""
    pairs = columns.pairs
    legs = ready.terms.legs.find_journeys(
        columns.children.homes, columns.places.settings, pairs.child_at[at], pairs.pool_at[at]
    )
    return legs.route_metres.astype(np.int64)


def _own_runs(ready: ReadyRuns, children: Children, child_at: IntArray, metres: IntArray) -> IntArray:
    """int64 a school day: the cheapest vehicle that has a place for the child; -1 for none."""
    wheelchair, assistant = (np.array(flag, np.bool_)[child_at] for flag in (children.wheelchair, children.assistant))
    best = np.full(metres.size, IMPOSSIBLE, np.int64)
    for vehicle in list_vehicles(ready.terms.hired):
        place = np.where(wheelchair, vehicle.wheelchair_places > 0, vehicle.seats > 0)
        fits = place & (vehicle.assistant | ~assistant)
        distance = (WAYS * metres * vehicle.pence_per_km + METRES_A_KM // 2) // METRES_A_KM
        best = np.where(fits, np.minimum(best, vehicle.pence_per_day + distance), best)
    return np.where(best == IMPOSSIBLE, NOT_CARRIED, best)
