"""Each rule of a run by itself, on one straight road."""

from __future__ import annotations

import dataclasses
import pickle
from collections.abc import Callable

import numpy as np
import pytest

from services.cost.transport.runs.bound import CANNOT_BE_CARRIED, least_pence_per_day
from services.cost.transport.runs.grouping import cut_travellers, group_settings
from services.cost.transport.runs.plan import plan_runs
from services.cost.transport.runs.problem import Fleet, RunsProblem, VehicleType
from services.cost.transport.runs.result import RunLine, Stop
from tests.builders.run_problems import BELL, CAR, FLEET, a_runs_problem, legs_between, some_travellers


def aboard(problem: RunsProblem) -> list[tuple[str, ...]]:
    """Ids of the children of each run, in the order in which they get in."""
    return [tuple(problem.travellers.ids[row] for row in run.travellers) for run in plan_runs(problem).runs]


def test_children_on_one_road_share_a_car_farthest_first() -> None:
    problem = a_runs_problem([2, 8, 5])
    (run,) = plan_runs(problem).runs
    assert aboard(problem) == [("c1", "c2", "c0")]
    assert (run.metres, run.minutes) == (8_000, 16 + 2)
    assert [ride.minutes for ride in run.rides] == [18, 11, 4]


def test_the_price_is_the_day_and_the_kilometres_there_and_back() -> None:
    (run,) = plan_runs(a_runs_problem([8, 5])).runs
    assert {line.line: line.pence_per_day for line in run.lines} == {
        RunLine.VEHICLE: 4_000,
        RunLine.DISTANCE: 2 * 8 * 100,
    }


def test_kilometres_are_rounded_half_up_once_a_run() -> None:
    fleet = Fleet((dataclasses.replace(CAR, pence_per_km=1),), 0)
    (run,) = plan_runs(a_runs_problem([1.25], fleet=fleet)).runs
    assert run.lines[1].pence_per_day == 3


def test_the_vehicle_is_at_each_stop_early_enough_to_be_at_the_bell() -> None:
    (run,) = plan_runs(a_runs_problem([8, 5])).runs
    assert run.stops == (
        Stop(None, BELL - 16 - 1 - 1, (0,)),
        Stop(None, BELL - 10 - 1, (1,)),
        Stop(0, BELL, (0, 1)),
    )


def test_children_of_one_address_are_one_stop() -> None:
    (run,) = plan_runs(a_runs_problem([5, 5])).runs
    assert [sorted(stop.travellers) for stop in run.stops] == [[0, 1], [0, 1]]
    assert run.stops[0].at_minutes == BELL - 10 - 2


def test_a_car_takes_no_more_than_its_seats() -> None:
    assert sorted(map(len, aboard(a_runs_problem([4, 4, 4, 4], fleet=Fleet((CAR,), 0))))) == [1, 3]


def test_a_larger_vehicle_is_hired_where_it_is_cheaper() -> None:
    problem = a_runs_problem([40] * 6, travellers={"guide_minutes": [120] * 6})
    (run,) = plan_runs(problem).runs
    assert problem.fleet.vehicle_types[run.vehicle_type].name == "minibus"


def test_a_wheelchair_needs_a_wheelchair_place_and_no_seat() -> None:
    problem = a_runs_problem([4, 4, 4], travellers={"wheelchair": [True, False, False]})
    (run,) = plan_runs(problem).runs
    assert problem.fleet.vehicle_types[run.vehicle_type].name == "tail lift"


def test_an_assistant_takes_a_seat_and_is_paid_once_a_run() -> None:
    fleet = Fleet((CAR,), 5_000)
    problem = a_runs_problem([4, 4, 4], fleet=fleet, travellers={"assistant": [True, True, False]})
    first, second = sorted(plan_runs(problem).runs, key=lambda run: len(run.travellers))
    assert (len(first.travellers), first.assistant) == (1, False)
    assert (len(second.travellers), second.assistant) == (2, True)
    assert second.lines[2].line is RunLine.ASSISTANT
    assert second.lines[2].pence_per_day == 5_000


def test_a_ride_is_no_longer_than_its_guide() -> None:
    slow = {"guide_minutes": [20, 20], "boarding_minutes": [5, 5]}
    assert len(aboard(a_runs_problem([8, 8], travellers=slow))) == 2
    assert len(aboard(a_runs_problem([8, 8], travellers=slow | {"guide_minutes": [21, 20]}))) == 1


def test_a_child_who_lives_beyond_the_guide_is_driven_straight_and_flagged() -> None:
    problem = a_runs_problem([30, 1], travellers={"guide_minutes": [45, 45]})
    far, near = (run.rides[0] for run in plan_runs(problem).runs)
    assert (far.minutes, far.limit_minutes, far.beyond_guide) == (60, 60, True)
    assert (near.limit_minutes, near.beyond_guide) == (45, False)


def test_a_child_who_rides_alone_shares_with_nobody() -> None:
    problem = a_runs_problem([4, 5, 4], travellers={"solo": [True, False, False]})
    assert aboard(problem) == [("c0",), ("c1", "c2")]


def test_children_who_are_kept_apart_ride_apart_and_strangers_are_ignored() -> None:
    apart = frozenset({("c2", "c0"), ("c0", "someone else")})
    assert len(aboard(a_runs_problem([4, 4, 4], apart=apart))) == 2


def test_a_child_for_whom_there_is_no_place_is_not_carried() -> None:
    planned = plan_runs(a_runs_problem([4, 4], fleet=Fleet((CAR,), 0), travellers={"wheelchair": [True, False]}))
    assert planned.not_carried == (0,)
    assert [run.travellers for run in planned.runs] == [(1,)]


def test_one_run_serves_settings_near_each_other() -> None:
    problem = a_runs_problem([8, 8], [0, 1], destination=[0, 1])
    (run,) = plan_runs(problem).runs
    assert run.destinations == (1, 0)
    assert [(stop.destination, stop.at_minutes) for stop in run.stops[1:]] == [(1, BELL - 2), (0, BELL)]
    assert [ride.minutes for ride in run.rides] == [16 + 1, 14]


def test_settings_whose_bells_are_far_apart_share_no_run() -> None:
    assert len(aboard(a_runs_problem([8, 8], [0, 1], destination=[0, 1], bell_minutes=[BELL, BELL + 60]))) == 2
    early = a_runs_problem(
        [8, 8], [0, 1], destination=[0, 1], bell_minutes=[BELL, BELL + 60], set_down_early_minutes=60
    )
    assert len(aboard(early)) == 1


def test_a_run_waits_where_the_next_setting_would_not_have_its_children_yet() -> None:
    bells = [BELL + 8, BELL]
    problem = a_runs_problem([8, 8], [0, 1], destination=[0, 1], bell_minutes=bells, set_down_early_minutes=0)
    (run,) = plan_runs(problem).runs
    assert [(stop.destination, stop.at_minutes) for stop in run.stops[1:]] == [(1, BELL), (0, BELL + 8)]
    assert run.minutes == 14 + 1 + 8


def test_nobody_to_carry_is_no_run() -> None:
    assert plan_runs(a_runs_problem([])).runs == ()


def test_a_problem_and_its_answer_go_to_another_process() -> None:
    problem = a_runs_problem([4, 2])
    again = pickle.loads(pickle.dumps(problem))
    assert pickle.loads(pickle.dumps(plan_runs(again))) == plan_runs(problem)


def test_the_bound_is_the_cheapest_way_shared_by_all_its_places() -> None:
    no, yes = np.array([False]), np.array([True])
    metres = np.array([10_000])
    shortest = 10_000 - 3 - 3
    assert least_pence_per_day(Fleet((CAR,), 0), no, no, no, metres) == [(4_000_000 + 200 * shortest) // 3_000]
    assert least_pence_per_day(Fleet((CAR,), 0), no, no, yes, metres) == [(4_000_000 + 200 * shortest) // 1_000]
    assert least_pence_per_day(Fleet((CAR,), 0), yes, no, no, metres) == [CANNOT_BE_CARRIED]
    few = least_pence_per_day(FLEET, no, no, no, metres, most_aboard=np.array([2]))
    assert few == [(4_000_000 + 200 * shortest) // 2_000]


def test_settings_are_grouped_nearest_first_up_to_three_and_by_bells() -> None:
    metres = legs_between([(0, 0), (1_000, 0), (1_500, 0), (2_500, 0), (9_000, 0)]).metres
    same = np.full(5, BELL)
    assert group_settings(metres, same) == ((0, 1, 2), (3,), (4,))
    assert group_settings(metres, np.array([BELL, BELL + 60, BELL, BELL, BELL])) == ((0, 2, 3), (1,), (4,))


def test_travellers_are_cut_by_where_they_go() -> None:
    cut = cut_travellers(((0, 2), (1,)), np.array([2, 1, 0, 2]))
    assert [(group, rows.tolist()) for group, rows in cut] == [((0, 2), [0, 2, 3]), ((1,), [1])]


@pytest.mark.parametrize(
    ("make", "rule"),
    [
        (lambda: VehicleType("car", 0, 0, 1, 1), "seats: must be from 1 to 100"),
        (lambda: Fleet((), 0), "vehicle_types: at least one is needed"),
        (lambda: Fleet((CAR, CAR), 0), "a name may appear only once"),
        (lambda: Fleet((CAR,), -1), "assistant_pence_per_day"),
        (lambda: some_travellers(2, ids=("a", "a")), "ids: an id may appear only once"),
        (lambda: some_travellers(1, guide_minutes=[0]), "guide_minutes: must be from 1"),
        (lambda: a_runs_problem([1], destination=[1]), "destination: must be from 0 to 0"),
        (lambda: a_runs_problem([1], legs=legs_between([(0, 0)])), "legs: has the shape"),
        (lambda: a_runs_problem([1], [0, 1, 2, 3]), "a group has 1 to 3 settings"),
        (lambda: a_runs_problem([1], apart=frozenset({("c0", "c0")})), "cannot be apart from itself"),
    ],
)
def test_what_breaks_a_rule_is_refused_by_that_rule(make: Callable[[], object], rule: str) -> None:
    with pytest.raises(ValueError, match=rule):
        make()
