"""What joining adds and leaving saves: exactly what pricing the changed runs again says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.cost.transport.runs import joining as joining_module
from services.cost.transport.runs.candidates import Candidates
from services.cost.transport.runs.describing import ride_minutes, run_metres
from services.cost.transport.runs.joining import OWN_RUN, Joined, RunsToJoin, price_joining
from services.cost.transport.runs.leaving import saved_pence_per_day
from services.cost.transport.runs.plan import plan_runs
from services.cost.transport.runs.pricing import RunPrices
from services.cost.transport.runs.problem import Legs, RunsProblem
from services.cost.transport.runs.result import PlannedRuns
from tests.builders.run_problems import a_runs_problem, drawn_run_problems, legs_between, some_travellers

few = settings(max_examples=15, deadline=None)


def without(problem: RunsProblem, rows: list[int]) -> RunsProblem:
    """The problem of these children only."""
    points = [*range(problem.setting_count), *(problem.setting_count + row for row in rows)]
    return RunsProblem(
        problem.fleet,
        problem.destination_ids,
        problem.bell_minutes,
        problem.travellers.at(rows),
        problem.destination[rows],
        Legs(problem.legs.metres[np.ix_(points, points)], problem.legs.minutes[np.ix_(points, points)]),
        problem.apart,
    )


def everybody(whole: RunsProblem, among: list[int]) -> Candidates:
    """All children of the whole problem, each to each of its settings, as seen from the problem of those `among`."""
    count, points = whole.travellers.count, [*range(whole.setting_count), *(whole.home[row] for row in among)]
    metres, minutes = whole.legs.metres, whole.legs.minutes
    return Candidates(
        travellers=whole.travellers,
        to_points=Legs(metres[np.ix_(whole.home, points)], minutes[np.ix_(whole.home, points)]),
        from_points=Legs(metres[np.ix_(points, whole.home)], minutes[np.ix_(points, whole.home)]),
        traveller=np.repeat(np.arange(count), whole.setting_count),
        destination=np.tile(np.arange(whole.setting_count), count),
    )


def joined_by_trying_all(
    whole: RunsProblem, planned: list[list[int]], child: int, setting: int
) -> tuple[int, int, int, int] | None:
    """What the child's going there adds, its ride, run and place: every way of every run is priced again.

    Of ways that cost the same, a run of its own, then the first run, the first order of settings, the first place.
    """
    going = whole.destination.copy()
    going[child] = setting
    problem = replace(whole, destination=going)
    prices, best = RunPrices(problem), None
    for at, run in [(OWN_RUN, []), *enumerate(planned)]:
        others = [row for row in run if row != child]
        before = prices.get_run(others).pence_per_day if others else 0
        for order in prices.timetable.orders(frozenset(going[[*others, child]].tolist())) if others or not run else ():
            ways = [
                (run_metres(problem, sequence, order), place, rides[place])
                for place in range(len(others) + 1)
                for sequence in [[*others[:place], child, *others[place:]]]
                for rides in [ride_minutes(problem, sequence, order)]
                if (np.array(rides) <= problem.limit_minutes[sequence]).all()
            ]
            vehicles = prices.vehicles_for([*others, child])
            if ways and vehicles and prices.may_share([*others, child]):
                metres, place, ride = min(ways)
                pence = min(vehicle.price(metres) for vehicle in vehicles)
                if best is None or pence - before < best[0]:
                    best = pence - before, ride, at, place
    return best


@few
@given(drawn_run_problems(most=6), st.data())
def test_what_is_added_is_the_changed_run_priced_again_less_what_it_cost(
    whole: RunsProblem, data: st.DataObject
) -> None:
    among = sorted(data.draw(st.sets(st.sampled_from(range(whole.travellers.count))))) if whole.travellers.count else []
    problem = without(whole, among)
    planned, candidates = plan_runs(problem), everybody(whole, among)
    joined = price_joining(problem, planned, candidates)
    runs = [[among[row] for row in run.travellers] for run in planned.runs]
    for at, (child, setting) in enumerate(
        zip(candidates.traveller.tolist(), candidates.destination.tolist(), strict=True)
    ):
        expected = joined_by_trying_all(whole, runs, child, setting)
        assert bool(joined.carried[at]) == (expected is not None)
        assert tuple(column[at] for column in columns_of(joined)[1:]) == (expected or (0, 0, OWN_RUN, 0))


def columns_of(joined: Joined) -> tuple[np.ndarray[Any, Any], ...]:
    return (
        joined.carried,
        joined.added_pence_per_day,
        joined.ride_minutes,
        joined.run,
        joined.place,
    )


@few
@given(drawn_run_problems(most=6), st.sampled_from([1, 7]))
def test_children_asked_for_together_a_few_at_a_time_or_alone_add_the_same(problem: RunsProblem, few: int) -> None:
    runs = RunsToJoin(RunPrices(problem), plan_runs(problem).runs)
    candidates = everybody(problem, list(range(problem.travellers.count)))
    parts = [runs.join(only(candidates, [])), *(runs.join(only(candidates, [at])) for at in range(candidates.count))]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(joining_module, "AT_ONCE", few)
        at_a_time = runs.join(candidates)
    alone = (np.concatenate(column) for column in zip(*map(columns_of, parts), strict=True))
    for together, some, one in zip(columns_of(runs.join(candidates)), columns_of(at_a_time), alone, strict=True):
        assert together.tolist() == some.tolist() == one.tolist()


def only(candidates: Candidates, rows: list[int]) -> Candidates:
    """These of the candidates."""
    chosen = np.array(rows, dtype=np.int64)
    return replace(candidates, traveller=candidates.traveller[chosen], destination=candidates.destination[chosen])


@few
@given(drawn_run_problems(most=6))
def test_coming_back_to_where_it_goes_adds_no_more_than_leaving_saved(problem: RunsProblem) -> None:
    planned = plan_runs(problem)
    joined = price_joining(problem, planned, everybody(problem, list(range(problem.travellers.count))))
    saved = saved_pence_per_day(problem, planned)
    home = np.arange(problem.travellers.count) * problem.setting_count + problem.destination
    assert (joined.added_pence_per_day[home] <= saved).all()


@few
@given(drawn_run_problems(most=6))
def test_what_leaving_saves_is_the_run_less_what_is_left_of_it(problem: RunsProblem) -> None:
    planned, prices = plan_runs(problem), RunPrices(problem)
    saved = saved_pence_per_day(problem, planned)
    assert not saved[list(planned.not_carried)].any()
    for run in planned.runs:
        for row in run.travellers:
            left = (
                prices.find_run([other for other in run.travellers if other != row])
                if len(run.travellers) > 1
                else None
            )
            assert saved[row] == run.pence_per_day - (left.pence_per_day if left else 0)


def joining(homes_km: list[float], child_km: float, **child: object) -> tuple[PlannedRuns, int, int, int]:
    """One child more, along the straight road: the runs, what it adds, its ride and its run."""
    problem = a_runs_problem(homes_km)
    points = [(0, 0), *((round(1000 * km), 0) for km in homes_km)]
    here = [(round(1000 * child_km), 0)]
    candidates = Candidates(
        some_travellers(1, ids=("new",), **child),
        legs_between(here, points),
        legs_between(points, here),
        np.array([0]),
        np.array([0]),
    )
    planned = plan_runs(problem)
    joined = price_joining(problem, planned, candidates)
    return planned, int(joined.added_pence_per_day[0]), int(joined.ride_minutes[0]), int(joined.run[0])


def test_a_child_on_the_way_adds_nothing() -> None:
    _, added, ride, run = joining([8, 6], child_km=7)
    assert (added, ride, run) == (0, 14 + 1, 0)


def test_a_child_beyond_the_first_home_adds_its_kilometres_both_ways() -> None:
    _, added, _, _ = joining([8, 6], child_km=9)
    assert added == 2 * 1 * 100


def test_a_child_who_overfills_the_car_adds_the_next_vehicle_or_a_car_of_its_own() -> None:
    planned, added, _, run = joining([8, 6, 7], child_km=7.5)
    assert planned.pence_per_day == 4_000 + 2 * 8 * 100
    assert (added, run) == (4_000 + 1_500, OWN_RUN)
    assert added < (9_000 + 2 * 8 * 150) - planned.pence_per_day


def test_a_child_who_needs_an_assistant_adds_one_to_the_run() -> None:
    _, added, _, run = joining([8], child_km=8, assistant=[True])
    assert (added, run) == (5_000, 0)


def test_a_child_who_must_ride_alone_adds_a_run_of_its_own() -> None:
    _, added, ride, run = joining([8], child_km=8, solo=[True])
    assert (added, ride, run) == (4_000 + 2 * 8 * 100, 16, OWN_RUN)


def test_a_setting_that_there_is_not_is_refused() -> None:
    problem = a_runs_problem([1])
    candidates = Candidates(
        some_travellers(1),
        legs_between([(0, 0)], [(0, 0)] * 2),
        legs_between([(0, 0)] * 2, [(0, 0)]),
        np.array([0]),
        np.array([1]),
    )
    with pytest.raises(ValueError, match="destination: must be from 0 to 0"):
        price_joining(problem, plan_runs(problem), candidates)
