"""One test for each rule of who is owed free travel, in the order in which the rules are tried."""

from __future__ import annotations

from itertools import product

import pytest

from services.cost.transport.eligibility import (
    Nearness,
    TravelEligibility,
    Traveller,
    judge,
    walking_distance_metres,
)

FAR = 5_000


def said(
    metres: int | None,
    *,
    year: int = 8,
    age: int = 12,
    cannot_walk: bool = False,
    paid: bool = True,
    nearness: Nearness = Nearness.NOT_KNOWN,
) -> TravelEligibility:
    return judge(Traveller(year, age, cannot_walk), metres, nearness, post_16_travel_paid=paid)


def test_an_unknown_home_or_setting_is_neither_judged_nor_priced_and_asks_for_a_person() -> None:
    found = said(None, cannot_walk=True)
    assert (found.code, found.travel_paid, found.needs_judgement) == ("not_known", False, True)


def test_a_child_under_compulsory_school_age_is_owed_nothing_by_statute_and_asks_for_a_person() -> None:
    found = said(FAR, year=-1, age=4, cannot_walk=True)
    assert (found.code, found.travel_paid, found.needs_judgement) == ("under_age", False, True)


@pytest.mark.parametrize(("year", "age"), [(0, 4), (-1, 5)])
def test_a_child_in_reception_or_of_five_is_judged_like_every_pupil(year: int, age: int) -> None:
    assert said(FAR, year=year, age=age).code == "beyond_distance"


@pytest.mark.parametrize("paid", [True, False])
def test_after_year_11_the_authoritys_policy_decides_assumed_to_pay_as_for_younger_children(paid: bool) -> None:
    for metres, cannot_walk, owed in ((0, False, False), (0, True, True), (FAR, False, True)):
        found = said(metres, year=12, age=16, cannot_walk=cannot_walk, paid=paid)
        assert (found.code, found.travel_paid, found.needs_judgement) == ("post_16_policy", paid and owed, True)
        assert ("not paid for" in found.reason) is not (paid and owed)
        assert ("within the walking distance" in found.reason) is (paid and not owed)


def test_year_11_is_not_yet_post_16() -> None:
    assert said(FAR, year=11, age=16).code == "beyond_distance"


@pytest.mark.parametrize(("metres", "cannot_walk"), [(FAR, False), (100, True)])
def test_where_the_family_asked_and_a_nearer_suitable_setting_has_a_place_a_person_must_decide_who_sees_to_travel(
    metres: int, cannot_walk: bool
) -> None:
    found = said(metres, cannot_walk=cannot_walk, nearness=Nearness.FAMILY_GOES_FURTHER)
    assert (found.code, found.travel_paid, found.needs_judgement) == ("parental_choice", True, True)
    assert "this quote assumes that the authority pays" in found.reason
    assert "s.39" in found.legal_basis


def test_parental_choice_says_nothing_where_no_travel_would_be_owed_anyway() -> None:
    assert said(100, nearness=Nearness.FAMILY_GOES_FURTHER).code == "within_distance"


def test_parental_choice_is_for_children_of_compulsory_school_age() -> None:
    assert said(FAR, year=12, age=16, nearness=Nearness.FAMILY_GOES_FURTHER).code == "post_16_policy"
    assert said(FAR, year=-1, age=4, nearness=Nearness.FAMILY_GOES_FURTHER).code == "under_age"


@pytest.mark.parametrize("nearness", [Nearness.NEAREST, Nearness.AUTHORITY_GOES_FURTHER, Nearness.NOT_KNOWN])
def test_where_the_family_did_not_go_further_by_choice_travel_is_owed_as_ever(nearness: Nearness) -> None:
    assert (said(FAR, nearness=nearness).code, said(FAR, nearness=nearness).needs_judgement) == (
        "beyond_distance",
        False,
    )
    assert said(100, cannot_walk=True, nearness=nearness).code == "special_needs"


def test_beyond_the_distance_the_reason_says_what_is_known_of_nearer_settings() -> None:
    reasons = {nearness: said(FAR, nearness=nearness).reason for nearness in Nearness}
    assert "unless a nearer suitable setting has a place" in reasons[Nearness.NOT_KNOWN]
    assert "no nearer setting that meets every rule has a free place" in reasons[Nearness.NEAREST]
    assert "did not choose it over a nearer one" in reasons[Nearness.AUTHORITY_GOES_FURTHER]


@pytest.mark.parametrize(("age", "metres"), [(7, 3_218), (8, 4_828)])
def test_travel_is_free_beyond_two_miles_under_eight_and_three_from_eight(age: int, metres: int) -> None:
    assert walking_distance_metres(age) == metres
    assert said(metres, year=age - 5, age=age).code == "within_distance"
    found = said(metres + 1, year=age - 5, age=age)
    assert (found.code, found.travel_paid, found.needs_judgement) == ("beyond_distance", True, False)


def test_travel_is_free_within_the_distance_where_needs_make_walking_unreasonable() -> None:
    found = said(100, cannot_walk=True)
    assert (found.code, found.travel_paid, found.needs_judgement) == ("special_needs", True, False)


def test_nothing_is_owed_within_the_distance_otherwise() -> None:
    found = said(100)
    assert (found.code, found.travel_paid, found.needs_judgement) == ("within_distance", False, False)


def test_every_reason_is_one_sentence_and_names_its_law() -> None:
    children = product((None, 0, FAR), ((-1, 4), (2, 7), (8, 12), (13, 18)), (False, True), Nearness)
    for metres, (year, age), cannot_walk, nearness in children:
        found = said(metres, year=year, age=age, cannot_walk=cannot_walk, nearness=nearness)
        assert found.reason.endswith(".")
        assert found.reason.count(". ") == 0
        assert found.legal_basis.casefold().startswith("education act 1996 s")
