"""Runs and travel needs in plain words."""

from __future__ import annotations

import pytest

from inborough.caseload.v1 import caseload_pb2
from services.words import runs
from services.words.cases import travel_needs
from tests.builders.run_plans import NAMES, a_run_plan, first_run, second_run


def needs(**facts: object) -> str:
    return travel_needs(caseload_pb2.Case(travel_needs=caseload_pb2.TravelNeeds(**facts)))  # type: ignore[arg-type]


def test_travel_needs_are_said_once() -> None:
    assert travel_needs(caseload_pb2.Case()) == ""
    assert needs(wheelchair=True, passenger_assistant=True) == "travels in a wheelchair, needs a passenger assistant"
    assert needs(apart_from=["case_a", "case_b"]) == "cannot share a vehicle with 2 other children"
    assert needs(solo=True, apart_from=["case_a"]) == "cannot share a vehicle"


@pytest.mark.parametrize(
    ("ours", "other", "said"),
    [
        (100_000, 300_000, "£2,000 less (67%)"),
        (300_000, 100_000, "£2,000 more (200%)"),
        (5, 5, "the same"),
        (100_000, 0, "£1,000 more"),
    ],
)
def test_two_ways_to_carry_the_same_children_are_compared(ours: int, other: int, said: str) -> None:
    assert runs.compared(ours, other) == said


def test_a_run_says_when_with_what_and_where() -> None:
    assert (runs.starts_at(first_run()), runs.children_on(first_run())) == ("08:15", 2)
    assert runs.vehicle(first_run()) == "minibus with a passenger assistant"
    assert runs.settings_of(second_run(), NAMES) == "Beechwood School, Astmoor Primary School"


def test_a_home_is_no_more_than_its_square_kilometre() -> None:
    home, *_, school = first_run().stops
    assert runs.where(home, NAMES) == "home in square 348 384"
    assert runs.where(school, {}) == "URN 111217"


def test_a_ride_says_what_is_special_about_it() -> None:
    third, fourth = second_run().stops[0].rides
    assert runs.ride(third) == "20 of at most 45 minutes"
    assert runs.ride(fourth) == "15 of at most 45 minutes, since the direct drive alone is beyond the guide"


def test_where_a_child_gets_out_is_said_of_a_run_to_several_settings() -> None:
    third = second_run().stops[0].rides[0]
    to = runs.goes_to(second_run(), third.case_id, NAMES)
    assert runs.ride(third, to) == "20 of at most 45 minutes, to Astmoor Primary School"
    assert runs.goes_to(first_run(), first_run().stops[0].rides[0].case_id, NAMES) == ""


def test_a_run_plan_that_carries_nobody_has_no_average() -> None:
    told = dict(runs.headline(a_run_plan(carried=0, run_count=0, annual_pence=0)))
    assert told["Children carried"] == "0"
    assert "A year for each child" not in told
