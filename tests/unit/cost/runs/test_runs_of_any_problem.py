"""Whatever the problem: every rule is kept, every amount adds up, and the same question has the same answer."""

from __future__ import annotations

from itertools import combinations
from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from services.cost.transport.runs.bound import CANNOT_BE_CARRIED, least_pence_per_day
from services.cost.transport.runs.plan import plan_runs
from services.cost.transport.runs.pricing import RunPrices
from services.cost.transport.runs.problem import RunsProblem
from services.cost.transport.runs.result import PlannedRuns, Run
from tests.builders.run_problems import drawn_crooked_problems, drawn_run_problems, least_by_trying_all, reordered

PROBLEMS = drawn_run_problems()
few = settings(max_examples=10, deadline=None)


def ids_of(problem: RunsProblem, run: Run) -> list[str]:
    return [problem.travellers.ids[row] for row in run.travellers]


@few
@given(PROBLEMS)
def test_every_child_who_may_be_carried_is_carried_exactly_once(problem: RunsProblem) -> None:
    planned = plan_runs(problem)
    aboard = [row for run in planned.runs for row in run.travellers]
    assert sorted([*aboard, *planned.not_carried]) == list(range(problem.travellers.count))
    assert all(not RunPrices(problem).vehicles_for([row]) for row in planned.not_carried)


@settings(max_examples=60, deadline=None)
@given(drawn_crooked_problems())
def test_so_it_is_where_it_is_nearer_past_a_third_place(problem: RunsProblem) -> None:
    planned = plan_runs(problem)
    aboard = [row for run in planned.runs for row in run.travellers]
    assert sorted([*aboard, *planned.not_carried]) == list(range(problem.travellers.count))
    assert all(ride.minutes <= ride.limit_minutes for run in planned.runs for ride in run.rides)


@few
@given(PROBLEMS)
def test_no_vehicle_is_overfull_and_an_assistant_is_aboard_where_one_is_needed(problem: RunsProblem) -> None:
    for run in plan_runs(problem).runs:
        rows, kind = list(run.travellers), problem.fleet.vehicle_types[run.vehicle_type]
        wheelchairs = int(problem.travellers.wheelchair[rows].sum())
        assert wheelchairs <= kind.wheelchair_places
        assert len(rows) - wheelchairs + run.assistant <= kind.seats
        assert run.assistant >= bool(problem.travellers.assistant[rows].any())


@few
@given(PROBLEMS)
def test_no_ride_is_over_its_limit_and_nobody_is_set_down_late_or_too_early(problem: RunsProblem) -> None:
    for run in plan_runs(problem).runs:
        assert all(ride.minutes <= ride.limit_minutes for ride in run.rides)
        for stop in run.stops:
            if stop.destination is not None:
                early = problem.bell_minutes[stop.destination] - stop.at_minutes
                assert 0 <= early <= problem.set_down_early_minutes


@few
@given(PROBLEMS)
def test_who_rides_alone_is_alone_and_who_is_kept_apart_is_apart(problem: RunsProblem) -> None:
    for run in plan_runs(problem).runs:
        assert len(run.travellers) == 1 or not problem.travellers.solo[list(run.travellers)].any()
        for one, other in combinations(ids_of(problem, run), 2):
            assert not {(one, other), (other, one)} & problem.apart


@few
@given(PROBLEMS)
def test_a_run_reaches_the_settings_of_those_aboard_and_no_others(problem: RunsProblem) -> None:
    for run in plan_runs(problem).runs:
        assert set(run.destinations) == set(problem.destination[list(run.travellers)].tolist())
        got_out = [row for stop in run.stops if stop.destination is not None for row in stop.travellers]
        got_in = [row for stop in run.stops if stop.destination is None for row in stop.travellers]
        assert got_in == list(run.travellers)
        assert sorted(got_out) == sorted(got_in)


@few
@given(PROBLEMS)
def test_clocks_add_up_to_the_rides(problem: RunsProblem) -> None:
    for run in plan_runs(problem).runs:
        reached = {stop.destination: stop.at_minutes for stop in run.stops if stop.destination is not None}
        assert [stop.at_minutes for stop in run.stops] == sorted(stop.at_minutes for stop in run.stops)
        left = run.stops[0].at_minutes + int(problem.travellers.boarding_minutes[run.travellers[0]])
        assert run.minutes == run.stops[-1].at_minutes - left
        assert run.rides[0].minutes == reached[int(problem.destination[run.travellers[0]])] - left


@few
@given(PROBLEMS)
def test_lines_sum_to_a_run_runs_to_the_whole_and_shares_to_the_run(problem: RunsProblem) -> None:
    planned = plan_runs(problem)
    assert planned.pence_per_day == sum(line.pence_per_day for run in planned.runs for line in run.lines)
    assert all(sum(run.share_pence_per_day) == run.pence_per_day for run in planned.runs)


@few
@given(PROBLEMS, st.randoms())
def test_the_order_of_the_input_does_not_matter(problem: RunsProblem, random: Random) -> None:
    of_settings, of_travellers = list(range(problem.setting_count)), list(range(problem.travellers.count))
    random.shuffle(of_settings)
    random.shuffle(of_travellers)
    other = reordered(problem, of_settings, of_travellers)
    assert told(problem, plan_runs(problem)) == told(other, plan_runs(other))


def told(problem: RunsProblem, planned: PlannedRuns) -> list[object]:
    """What a run plan says, in ids."""
    return [
        (
            ids_of(problem, run),
            [problem.destination_ids[row] for row in run.destinations],
            problem.fleet.vehicle_types[run.vehicle_type].name,
            run.assistant,
            run.pence_per_day,
            [ride.minutes for ride in run.rides],
        )
        for run in planned.runs
    ]


@few
@given(PROBLEMS)
def test_the_same_question_has_the_same_answer(problem: RunsProblem) -> None:
    assert plan_runs(problem) == plan_runs(problem)


@few
@given(PROBLEMS)
def test_beginning_with_the_runs_there_are_is_never_dearer(problem: RunsProblem) -> None:
    planned = plan_runs(problem)
    again = plan_runs(problem, [ids_of(problem, run) for run in planned.runs])
    assert again.pence_per_day <= planned.pence_per_day


@few
@given(PROBLEMS)
def test_no_runs_cost_less_than_the_bounds_of_their_children(problem: RunsProblem) -> None:
    travellers, planned = problem.travellers, plan_runs(problem)
    direct = problem.legs.metres[problem.home, problem.destination]
    least = least_pence_per_day(problem.fleet, travellers.wheelchair, travellers.assistant, travellers.solo, direct)
    assert sorted(np.flatnonzero(least == CANNOT_BE_CARRIED)) == list(planned.not_carried)
    for run in planned.runs:
        assert least[list(run.travellers)].sum() <= run.pence_per_day


@settings(max_examples=20, deadline=None)
@given(drawn_run_problems(most=4))
def test_runs_of_a_few_children_are_the_cheapest_there_are(problem: RunsProblem) -> None:
    assert plan_runs(problem).pence_per_day == least_by_trying_all(problem)
