"""What a quote is told of a child's pairs: where the child could go for sure, and where the family asked."""

from __future__ import annotations

from typing import Any

import pytest

from services.placement.model.facts import Request
from services.placement.model.judge import Judgement
from services.placement.operations.pair_flags import ASKED_FOR, OPEN, flags_of_case
from tests.builders.placement import a_case, a_pool, some_facts

HERE, THERE = 100_001, 100_002


def flags(**pool: Any) -> int:
    """The flags of one pool of a child whose family asked for another setting."""
    case = a_case(requests=(Request(THERE),))
    return int(flags_of_case(Judgement(some_facts([case], [a_pool(urn=HERE, **pool)])), 0)[0])


def test_a_place_that_meets_every_rule_and_is_free_is_open() -> None:
    assert flags() == OPEN


def test_a_place_without_a_fixed_number_is_open() -> None:
    assert flags(places_commissioned=None, places_free=None) == OPEN


@pytest.mark.parametrize(
    "pool",
    [
        {"places_free": 0, "places_filled": 10},
        {"year_group_low": 8},
        {"kind": "independent_special"},
    ],
    ids=["full", "a rule fails", "a person must judge"],
)
def test_a_place_that_is_full_refused_or_in_doubt_is_not(pool: dict[str, Any]) -> None:
    assert flags(**pool) == 0


def test_a_setting_that_the_family_asked_for_is_marked_whether_or_not_it_is_open() -> None:
    assert flags(pool_id="pool_B") & ASKED_FOR == 0
    case = a_case(requests=(Request(HERE),))
    pools = [a_pool("pool_A", urn=HERE), a_pool("pool_B", urn=HERE, places_free=0), a_pool("pool_C", urn=THERE)]
    found = flags_of_case(Judgement(some_facts([case], pools)), 0).tolist()
    assert found == [OPEN | ASKED_FOR, ASKED_FOR, OPEN]


def test_each_case_has_its_own() -> None:
    cases = [a_case("case_0000000000000001"), a_case("case_0000000000000002", year_group=12, age_years=16)]
    judgement = Judgement(some_facts(cases, [a_pool()]))
    assert [flags_of_case(judgement, row).tolist() for row in (0, 1)] == [[OPEN], [0]]
