"""The straight line: metres and minutes are whole, exact and the same everywhere."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inborough.common.v1.common_pb2 import GridReference
from services.cost.transport.travel import Journeys, Points, StraightLine
from tests.spec.cost.reference import detour

HERE = np.zeros(1, np.int32)


def point(easting: int, northing: int, known: bool = True) -> Points:
    return Points(np.array([easting], np.int64), np.array([northing], np.int64), np.array([known]))


def journey(travel: StraightLine, home: Points, setting: Points) -> Journeys:
    return travel.find_journeys(home, setting, HERE, HERE)


@pytest.mark.parametrize(
    ("east", "metres", "minutes"), [(0, 0, 5), (1, 1, 6), (5, 7, 6), (384, 499, 6), (1000, 1300, 8)]
)
def test_metres_are_rounded_half_up_and_begun_minutes_count(east: int, metres: int, minutes: int) -> None:
    found = journey(StraightLine(), point(300_000, 400_000), point(300_000 + east, 400_000))
    assert (found.route_metres[0], found.walking_metres[0], found.minutes[0]) == (metres, metres, minutes)


@given(*(st.integers(300_000, 450_000) for _ in range(4)))
def test_the_floats_agree_with_whole_number_arithmetic(east: int, north: int, to_east: int, to_north: int) -> None:
    found = journey(StraightLine(), point(east, north), point(to_east, to_north))
    home, setting = GridReference(easting=east, northing=north), GridReference(easting=to_east, northing=to_north)
    assert found.route_metres[0] == detour(home, setting)


def test_the_whole_countrys_diagonal_fits() -> None:
    found = journey(StraightLine(detour_percent=300), point(0, 0), point(700_000, 1_300_000))
    assert found.route_metres[0] == round(3 * (700_000**2 + 1_300_000**2) ** 0.5)


@pytest.mark.parametrize(("home", "setting"), [(True, False), (False, True), (False, False)])
def test_an_unknown_end_makes_an_unknown_journey(home: bool, setting: bool) -> None:
    found = journey(StraightLine(), point(0, 0, home), point(0, 0, setting))
    assert (found.route_metres[0], found.walking_metres[0], found.minutes[0]) == (-1, -1, -1)


def test_the_method_says_what_was_assumed() -> None:
    assert StraightLine(125, 40, 3).method == "straight line x 1.25, 40 km/h and 3 minutes"
    assert StraightLine(125, 40, 0).method == "straight line x 1.25, 40 km/h"
