"""A router is asked only for what nobody asked before, and what it cannot answer the straight line does."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from services.cost.transport.travel import StraightLine, TravelSource
from services.cost.transport.travel.routed import AskedPairs, Routed
from services.cost.transport.travel.router import Degrees, RouteTable
from shared.errors import NeighbourDown
from tests.builders.travel import DAY, Memory, every_pair, near, points, rows_of

LINE = StraightLine()
HOME, OTHER, SCHOOL, COLLEGE = near(0), near(0, 900), near(3_000), near(5_000)


class Told:
    """A router that says 1,000 m and 2 minutes for each start counted from 1, and remembers what it was asked."""

    provider = "OSRM"

    def __init__(self, nowhere: bool = False, fails_at: int = 0) -> None:
        self.asked: list[tuple[int, int]] = []
        self.nowhere, self.fails_at = nowhere, fails_at
        self.closed = False

    def fetch(self, starts: Degrees, ends: Degrees) -> RouteTable:
        self.asked.append((len(starts), len(ends)))
        if len(self.asked) == self.fails_at:
            raise NeighbourDown("OSRM driving")
        far = np.full((len(starts), len(ends)), -1 if self.nowhere else 1_000, np.int32)
        return RouteTable(far, np.where(far < 0, -1, 2).astype(np.int32))

    def close(self) -> None:
        self.closed = True


def asked_pairs(router: Told, store: Memory | None = None, today: date = DAY, keep_days: int = 30) -> AskedPairs:
    return AskedPairs(router, store or Memory(), keep_days, lambda: today)


def test_a_pair_is_asked_for_once() -> None:
    router = Told()
    travel = Routed(LINE, asked_pairs(router), None)
    for _ in range(3):
        found = travel.find_journeys(*every_pair(points(HOME, OTHER), points(SCHOOL)))
        assert found.route_metres.tolist() == [1_000, 1_000]
    assert router.asked == [(2, 1)]


def test_only_the_new_pairs_are_asked_for() -> None:
    router, store = Told(), Memory()
    travel = Routed(LINE, asked_pairs(router, store), None)
    travel.find_journeys(*every_pair(points(HOME), points(SCHOOL)))
    travel.find_journeys(*every_pair(points(HOME, OTHER, None), points(SCHOOL)))
    assert router.asked == [(1, 1), (1, 1)]
    assert store.kept.start.size == 2


def test_what_is_kept_is_not_asked_for_after_a_restart() -> None:
    router, store = Told(), Memory(rows_of((HOME, SCHOOL, 4_321, 9)))
    travel = Routed(LINE, asked_pairs(router, store), None)
    found = travel.find_journeys(*every_pair(points(HOME), points(SCHOOL)))
    assert (found.route_metres[0], router.asked) == (4_321, [])


def test_an_answer_that_is_too_old_is_forgotten_and_asked_for_again() -> None:
    router, store = Told(), Memory(rows_of((HOME, SCHOOL, 4_321, 9)))
    later = DAY + timedelta(days=31)
    travel = Routed(LINE, asked_pairs(router, store, today=later), None)
    found = travel.find_journeys(*every_pair(points(HOME), points(SCHOOL)))
    assert (found.route_metres[0], router.asked) == (1_000, [(1, 1)])
    assert store.forgotten == [DAY + timedelta(days=1)]
    assert found.sources[0].as_of_day == later


def test_many_places_are_asked_for_some_at_a_time_and_only_what_was_wanted_is_kept() -> None:
    router, store = Told(), Memory()
    homes, schools = points(*(near(0, n) for n in range(120))), points(*(near(n) for n in range(60)))
    at = np.arange(60, dtype=np.int32)
    Routed(LINE, asked_pairs(router, store), None).find_journeys(homes, schools, at, at)
    assert router.asked == [(50, 50), (10, 10)]
    assert store.kept.start.size == 60


def test_what_came_before_a_failure_is_kept() -> None:
    router, store = Told(fails_at=2), Memory()
    asked, homes = asked_pairs(router, store), points(*(near(0, n) for n in range(60)))
    travel = Routed(LINE, asked, None)
    with pytest.raises(NeighbourDown, match="OSRM driving"):
        travel.find_journeys(*every_pair(homes, points(SCHOOL)))
    assert store.kept.start.size == 50
    travel.find_journeys(*every_pair(homes, points(SCHOOL)))
    assert router.asked == [(50, 1), (10, 1), (10, 1)]


def test_where_the_router_knows_no_way_the_straight_line_answers_and_says_so() -> None:
    router, store = Told(nowhere=True), Memory()
    travel = Routed(LINE, asked_pairs(router, store), None)
    for _ in range(2):
        found = travel.find_journeys(*every_pair(points(HOME), points(SCHOOL)))
    assert found.route_metres[0] == 3_900
    assert found.sources == (TravelSource(f"{LINE.method} (OSRM knows no way)"),)
    assert router.asked == [(1, 1)]


def test_driving_and_walking_are_asked_apart() -> None:
    by_road, on_foot = Told(), Told(nowhere=True)
    travel = Routed(LINE, asked_pairs(by_road), asked_pairs(on_foot))
    found = travel.find_journeys(*every_pair(points(HOME), points(SCHOOL)))
    assert (found.route_metres[0], found.walking_metres[0], found.minutes[0]) == (1_000, 3_900, 2)
    assert found.sources == (TravelSource(f"OSRM; on foot: {LINE.method}", DAY),)
    assert (by_road.asked, on_foot.asked) == ([(1, 1)], [(1, 1)])


def test_both_modes_answered_make_one_source() -> None:
    travel = Routed(LINE, asked_pairs(Told()), asked_pairs(Told()))
    found = travel.find_journeys(*every_pair(points(HOME), points(SCHOOL)))
    assert (found.sources, travel.method) == ((TravelSource("OSRM", DAY),), "OSRM")


def test_homes_may_stand_on_both_sides() -> None:
    homes = points(HOME, OTHER)
    found = Routed(LINE, asked_pairs(Told()), None).find_journeys(*every_pair(homes, homes))
    assert found.route_metres.tolist() == [1_000] * 4


def test_no_pairs_ask_nothing() -> None:
    router = Told()
    found = Routed(LINE, asked_pairs(router), None).find_journeys(*every_pair(points(None), points(SCHOOL)))
    assert (found.route_metres.tolist(), router.asked) == ([-1], [])


def test_closing_closes_every_router() -> None:
    routers = Told(), Told()
    Routed(LINE, *map(asked_pairs, routers)).close()
    assert all(router.closed for router in routers)
