"""Who travels where: children and settings, each in order of id, so that the order of a request changes nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.cost.quotes.columns import Children, Pairs
from services.cost.quotes.journeys import JudgedTravel, judge_pairs
from services.cost.transport.travel import Journeys, Points, StraightLine, Travel

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
NOWHERE = -1


@dataclass(frozen=True, eq=False)
class People:
    """N children ordered by id and D settings ordered by URN.

    `destination` int64[N]: each child's setting, -1 for nowhere. `apart`: pairs of ids who cannot share a vehicle.
    """

    ids: tuple[str, ...]
    children: Children
    destination: IntArray
    apart: frozenset[tuple[str, str]]
    urns: tuple[int, ...]
    settings: Points


@dataclass(frozen=True, eq=False)
class Owed:
    """Journeys of children to settings, an entry a pair, and who is owed travel; `carried` where one can be planned."""

    journeys: Journeys
    judged: JudgedTravel
    carried: BoolArray


@dataclass(frozen=True, eq=False)
class Candidates:
    """Candidate i is child `child_at[i]` going to setting `setting_at[i]`, rows of `People`.

    `order_of_children` int64[N]: the row of each child in the order in which they were sent.
    """

    child_at: IntArray
    setting_at: IntArray
    order_of_children: IntArray


def judge_people(
    travel: Travel, people: People, child_at: IntArray, setting_at: IntArray, *, post_16_travel_paid: bool
) -> Owed:
    """Judge child `child_at[i]` going to setting `setting_at[i]`."""
    rows, columns = child_at.astype(np.int32), setting_at.astype(np.int32)
    journeys = travel.find_journeys(people.children.homes, people.settings, rows, columns)
    pairs = Pairs(rows, columns)
    judged = judge_pairs(people.children, pairs, journeys.walking_metres, post_16_travel_paid=post_16_travel_paid)
    return Owed(journeys, judged, judged.paid & (journeys.route_metres >= 0))


def find_least_metres(legs: Travel, people: People, child_at: IntArray, setting_at: IntArray) -> IntArray:
    """int64, one a pair: a way from home to setting that no detour through other homes can beat.

    A straight line made longer keeps the triangle inequality up to rounding. Imported and routed distances need not, so
    there it is the plain straight line, than which no road is shorter. 0 where a place is not known.
    """
    line = legs if legs.method.startswith("straight line") else StraightLine(detour_percent=100)
    rows, columns = child_at.astype(np.int32), setting_at.astype(np.int32)
    found = line.find_journeys(people.children.homes, people.settings, rows, columns).route_metres
    return np.maximum(found, 0).astype(np.int64)


def at(points: Points, rows: IntArray) -> Points:
    """These of the points, in this order."""
    return Points(points.easting[rows], points.northing[rows], points.known[rows])


def joined(first: Points, second: Points) -> Points:
    """The points of both, one after the other."""
    return Points(
        np.concatenate((first.easting, second.easting)),
        np.concatenate((first.northing, second.northing)),
        np.concatenate((first.known, second.known)),
    )
