"""Each rule of the placement model, alone: one row, one case in one pool, and what the rule says."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.placement.model.facts import Request
from services.placement.model.rules import FAILS, MEETS, NEEDS_JUDGEMENT, RULES, Outcome, judge_journey
from tests.builders.placement import a_case, a_pool

Facts = dict[str, Any]


def outcome(code: str, case: Facts, pool: Facts, requested: bool = False) -> Outcome:
    rule = next(rule for rule in RULES if rule.code == code)
    judged = rule.judge(rule.of_case(a_case(**case)), rule.of_pool(a_pool(**pool)), requested)
    assert judged.reason.endswith("."), "a reason is a sentence"
    return judged.outcome


@pytest.mark.parametrize(
    ("status", "expected"),
    [("Open", MEETS), ("Open, but proposed to close", MEETS), ("", MEETS), ("Closed", FAILS)],
)
def test_a_closed_setting_is_refused(status: str, expected: Outcome) -> None:
    assert outcome("open_setting", {}, {"status": status}) == expected


@pytest.mark.parametrize(
    ("pool", "expected"),
    [
        ({}, MEETS),
        ({"confirmed": False}, FAILS),
        ({"opens_on": date(2025, 1, 6)}, FAILS),
        ({"places_commissioned": 0}, FAILS),
        ({"places_commissioned": None}, MEETS),
    ],
)
def test_places_must_be_confirmed_and_there_by_the_first_day(pool: Facts, expected: Outcome) -> None:
    assert outcome("opening", {}, pool) == expected


@pytest.mark.parametrize(("year_group", "expected"), [(6, FAILS), (7, MEETS), (11, MEETS), (12, FAILS)])
def test_a_pool_takes_its_own_year_groups_only(year_group: int, expected: Outcome) -> None:
    assert outcome("year_group", {"year_group": year_group}, {}) == expected


def test_nursery_means_every_year_below_reception() -> None:
    assert outcome("year_group", {"year_group": -3}, {"year_group_low": -1, "year_group_high": 2}) == MEETS
    assert outcome("year_group", {"year_group": -3}, {"year_group_low": 0, "year_group_high": 2}) == FAILS


@pytest.mark.parametrize(
    ("sex", "admits", "expected"),
    [
        ("F", "mixed", MEETS),
        ("F", "girls", MEETS),
        ("F", "boys", FAILS),
        ("M", "girls", FAILS),
        ("", "boys", NEEDS_JUDGEMENT),
        ("", "mixed", MEETS),
    ],
)
def test_a_single_sex_setting_admits_that_sex(sex: str, admits: str, expected: Outcome) -> None:
    assert outcome("sex", {"sex": sex}, {"admits_sex": admits}) == expected


@pytest.mark.parametrize(
    ("needs", "caters", "requested", "expected"),
    [
        (("SEMH",), ("SEMH",), False, MEETS),
        (("SEMH", "ASD"), ("ASD",), False, NEEDS_JUDGEMENT),
        (("SEMH",), ("ASD",), False, FAILS),
        (("SEMH",), ("ASD",), True, NEEDS_JUDGEMENT),
        (("SEMH",), (), False, MEETS),
        ((), ("SEMH",), False, NEEDS_JUDGEMENT),
    ],
)
def test_the_primary_need_is_catered_for(
    needs: tuple[str, ...], caters: tuple[str, ...], requested: bool, expected: Outcome
) -> None:
    assert outcome("need", {"needs": needs}, {"needs": caters}, requested) == expected


@pytest.mark.parametrize(
    ("advised", "kind", "requested", "expected"),
    [
        (("state_special",), "state_special", False, MEETS),
        (("state_special",), "independent_special", False, FAILS),
        (("state_special",), "independent_special", True, NEEDS_JUDGEMENT),
        (("state_special",), "mainstream", False, NEEDS_JUDGEMENT),
        ((), "state_special", False, NEEDS_JUDGEMENT),
    ],
)
def test_the_advice_on_file_names_the_kind_of_place(
    advised: tuple[str, ...], kind: str, requested: bool, expected: Outcome
) -> None:
    assert outcome("advised_kind", {"advised_kinds": advised}, {"kind": kind}, requested) == expected


SPECIAL = Request(urn=100009, kinds=("state_special",))
MAINSTREAM = Request(urn=100008, kinds=("mainstream", "resource_base"))
NOT_ON_FILE = Request(urn=100007)


@pytest.mark.parametrize(
    ("requests", "kind", "requested", "expected"),
    [
        ((), "mainstream", False, MEETS),
        ((SPECIAL,), "mainstream", False, NEEDS_JUDGEMENT),
        ((SPECIAL,), "state_special", False, MEETS),
        ((SPECIAL, MAINSTREAM), "mainstream", False, MEETS),
        ((SPECIAL,), "mainstream", True, MEETS),
        ((NOT_ON_FILE,), "mainstream", False, MEETS),
    ],
)
def test_mainstream_is_weighed_where_the_family_asked_only_for_other_schools(
    requests: tuple[Request, ...], kind: str, requested: bool, expected: Outcome
) -> None:
    assert outcome("wishes", {"requests": requests}, {"kind": kind}, requested) == expected


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ({"exclusion_risk": "at_risk", "review_says_mainstream_cannot": True}, MEETS),
        ({"exclusion_risk": "permanently_excluded", "review_says_mainstream_cannot": True}, MEETS),
        ({"exclusion_risk": "none", "review_says_mainstream_cannot": True}, FAILS),
        ({"exclusion_risk": "at_risk", "review_says_mainstream_cannot": False}, FAILS),
        ({"exclusion_risk": "at_risk"}, NEEDS_JUDGEMENT),
        ({"review_says_mainstream_cannot": True}, NEEDS_JUDGEMENT),
        ({"exclusion_risk": "at_risk", "review_says_mainstream_cannot": True, "has_plan": False}, NEEDS_JUDGEMENT),
        ({"needs": ("ASD",), "exclusion_risk": "at_risk", "review_says_mainstream_cannot": True}, FAILS),
    ],
)
def test_a_high_needs_unit_admits_on_its_three_conditions(case: Facts, expected: Outcome) -> None:
    assert outcome("unit_admission", case, {"kind": "hn_unit"}) == expected
    assert outcome("unit_admission", case, {"kind": "resource_base"}) == MEETS


@pytest.mark.parametrize(
    ("uses", "accessible", "requested", "expected"),
    [
        (False, None, False, MEETS),
        (True, True, False, MEETS),
        (True, None, False, NEEDS_JUDGEMENT),
        (True, False, False, FAILS),
        (True, False, True, NEEDS_JUDGEMENT),
    ],
)
def test_a_wheelchair_user_needs_access(
    uses: bool, accessible: bool | None, requested: bool, expected: Outcome
) -> None:
    assert outcome("wheelchair", {"wheelchair": uses}, {"wheelchair_accessible": accessible}, requested) == expected


@pytest.mark.parametrize(
    ("reason", "current_urn", "requested", "expected"),
    [
        ("breakdown", 100001, False, FAILS),
        ("review_change", 100001, False, FAILS),
        ("breakdown", 100001, True, NEEDS_JUDGEMENT),
        ("breakdown", 100002, False, MEETS),
        ("phase_transfer", 100001, False, MEETS),
    ],
)
def test_the_setting_to_be_left_is_not_proposed_again(
    reason: str, current_urn: int, requested: bool, expected: Outcome
) -> None:
    assert outcome("current_setting", {"reason": reason, "current_urn": current_urn}, {}, requested) == expected


@pytest.mark.parametrize(
    ("kind", "s38_3", "expected"),
    [
        ("independent_special", False, NEEDS_JUDGEMENT),
        ("independent_special", True, MEETS),
        ("non_maintained_special", True, MEETS),
        ("state_special", True, MEETS),
    ],
)
def test_a_wholly_independent_school_must_agree(kind: str, s38_3: bool, expected: Outcome) -> None:
    assert outcome("agreement", {}, {"kind": kind, "s38_3": s38_3}) == expected


def test_a_ground_that_the_panel_recorded_bars_the_requested_setting_alone() -> None:
    case = {"requests": (Request(urn=100001, ground="incompatible_with_resources"),)}
    assert outcome("recorded_ground", case, {"urn": 100001}, requested=True) == FAILS
    assert outcome("recorded_ground", case, {"urn": 100002}) == MEETS


@pytest.mark.parametrize(
    ("free", "requested", "expected"),
    [(3, False, MEETS), (0, False, FAILS), (0, True, NEEDS_JUDGEMENT), (None, False, MEETS)],
)
def test_full_bars_the_authoritys_own_proposal_but_never_a_request(
    free: int | None, requested: bool, expected: Outcome
) -> None:
    assert outcome("places", {}, {"places_free": free}, requested) == expected


@pytest.mark.parametrize(
    ("year_group", "minutes", "expected"),
    [
        (6, 45, MEETS),
        (6, 46, NEEDS_JUDGEMENT),
        (7, 75, MEETS),
        (7, 76, NEEDS_JUDGEMENT),
        (7, None, NEEDS_JUDGEMENT),
    ],
)
def test_a_long_journey_needs_judgement(year_group: int, minutes: int | None, expected: Outcome) -> None:
    assert judge_journey(year_group, minutes).outcome == expected


def test_a_full_pool_is_refused_with_the_count() -> None:
    rule = next(rule for rule in RULES if rule.code == "places")
    judged = rule.judge(None, rule.of_pool(a_pool(places_filled=10, places_free=0)), False)
    assert judged.reason == "10 of 10 places are held on the first day; none is free."


def test_places_given_up_by_children_whose_move_is_being_decided_are_said() -> None:
    rule = next(rule for rule in RULES if rule.code == "places")
    judged = rule.judge(None, rule.of_pool(a_pool(places_filled=6, places_free=4, given_up=4)), False)
    assert judged.reason == (
        "6 of 10 places are held on the first day (4 more by children whose own move is being decided); 4 free."
    )


def test_every_rule_has_a_code_of_its_own_and_a_sentence() -> None:
    assert len({rule.code for rule in RULES}) == len(RULES)
    assert all(rule.__doc__ for rule in RULES)
