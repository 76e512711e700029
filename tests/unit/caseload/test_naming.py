"""What a return makes of placements that decisions named, and who holds a place when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from services.caseload.domain.case import CaseFacts, CaseStage, CurrentPlacement, NamedPlacement, PlacementPart
from services.caseload.domain.naming import ELSEWHERE, FALLEN, ReturnRead, places_held, read_named
from services.caseload.domain.plans import Person, read_facts

WHOLE, BASE = PlacementPart.WHOLE_SETTING, PlacementPart.RESOURCE_BASE
SEPTEMBER, JANUARY = date(2024, 9, 2), date(2025, 1, 6)
NAMED = NamedPlacement(SEPTEMBER, 5, BASE, "pool_5", "dec_5")
NEXT = NamedPlacement(JANUARY, 6, WHOLE, "pool_6", "dec_6")
OLD = CurrentPlacement(1, "", WHOLE, date(2022, 9, 1), None)
ARRIVED = CurrentPlacement(5, "", BASE, SEPTEMBER, None)
AUTUMN, WINTER = date(2024, 10, 3), date(2025, 1, 16)


def facts(placement: CurrentPlacement | None, stage: CaseStage = CaseStage.OPEN_PLAN) -> CaseFacts:
    return replace(read_facts(Person("F", date(2013, 3, 17), ()), None), placement=placement, stage=stage)


def read(placement: CurrentPlacement | None, day: date | None, was_at: CurrentPlacement | None = OLD) -> ReturnRead:
    return ReturnRead(facts(placement), was_at, day)


# What the return says, its day                                               | what stands | what is said
@pytest.mark.parametrize(
    ("placement", "day", "kept", "remark"),
    [
        (ARRIVED, AUTUMN, [], ""),  # the child is there
        (replace(ARRIVED, first_day=None), AUTUMN, [], ""),  # since when is not said
        (replace(ARRIVED, first_day=date(2024, 9, 9)), AUTUMN, [], ""),  # a week late
        (ARRIVED, date(2024, 6, 1), [], ""),  # the return has the move already
        (replace(ARRIVED, first_day=date(2021, 9, 1)), date(2024, 6, 1), [NAMED], ""),  # there already, day not come
        (replace(ARRIVED, first_day=date(2021, 9, 1)), AUTUMN, [], ""),  # named where the child was: there since
        (
            replace(ARRIVED, first_day=date(2021, 9, 1), last_day=date(2024, 7, 19)),
            AUTUMN,
            [NAMED],
            "not yet",
        ),  # there, but left before
        (replace(ARRIVED, part=WHOLE), AUTUMN, [], ELSEWHERE),  # another part of the setting, since the day
        (OLD, date(2024, 6, 1), [NAMED], ""),  # the day has not come
        (OLD, AUTUMN, [NAMED], "not yet"),  # still at the old place
        (None, AUTUMN, [NAMED], "not yet"),  # no place
        (OLD, None, [NAMED], ""),  # a return without a day says nothing of when
        (replace(OLD, urn=8), AUTUMN, [NAMED], "not yet"),  # elsewhere, but since before the named day
        (replace(OLD, urn=8, first_day=JANUARY), WINTER, [], ELSEWHERE),  # elsewhere since
        (replace(OLD, urn=8, first_day=SEPTEMBER), date(2024, 6, 1), [NAMED], ""),  # planned elsewhere before the day
    ],
)
def test_a_return_takes_over_what_it_has_and_keeps_what_it_does_not(
    placement: CurrentPlacement | None, day: date | None, kept: list[NamedPlacement], remark: str
) -> None:
    found = read_named([NAMED], read(placement, day))
    assert found[0] == kept
    assert found[1].startswith(remark)
    assert bool(found[1]) == bool(remark)


def test_a_place_elsewhere_that_the_return_before_had_too_is_no_news() -> None:
    elsewhere = CurrentPlacement(8, "", WHOLE, SEPTEMBER, None)
    assert read_named([NAMED], read(elsewhere, WINTER, was_at=elsewhere))[0] == [NAMED]


def test_an_arrival_takes_over_earlier_names_and_keeps_later_ones() -> None:
    assert read_named([NAMED, NEXT], read(ARRIVED, AUTUMN)) == ([NEXT], "")
    at_next = CurrentPlacement(6, "", WHOLE, JANUARY, None)
    assert read_named([NAMED, NEXT], read(at_next, WINTER)) == ([], "")


def test_a_ceased_plan_keeps_no_name() -> None:
    ceased = ReturnRead(facts(None, CaseStage.CEASED), OLD, AUTUMN)
    assert read_named([NAMED, NEXT], ceased) == ([], FALLEN)
    assert read_named([], ceased) == ([], "")


def test_a_return_says_nothing_of_a_case_that_nobody_named() -> None:
    assert read_named([], read(OLD, AUTUMN)) == ([], "")


def held(placement: CurrentPlacement | None, *named: NamedPlacement) -> list[tuple[int, date | None, date | None, str]]:
    return [(one.urn, one.first_day, one.last_day, one.pool_id) for one in places_held(placement, named)]


def test_each_place_is_held_to_the_day_before_the_next() -> None:
    assert held(OLD, NAMED, NEXT) == [
        (1, date(2022, 9, 1), date(2024, 9, 1), ""),
        (5, SEPTEMBER, date(2025, 1, 5), "pool_5"),
        (6, JANUARY, None, "pool_6"),
    ]


def test_a_place_that_would_begin_on_the_named_day_or_later_is_never_held() -> None:
    assert held(replace(OLD, first_day=SEPTEMBER), NAMED) == [(5, SEPTEMBER, None, "pool_5")]


def test_a_place_without_a_first_day_is_held_until_then() -> None:
    assert held(replace(OLD, first_day=None), NAMED)[0] == (1, None, date(2024, 9, 1), "")


def test_who_has_no_place_holds_the_named_one() -> None:
    assert held(None, NAMED) == [(5, SEPTEMBER, None, "pool_5")]
