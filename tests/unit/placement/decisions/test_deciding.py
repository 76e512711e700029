"""Each rule of recording a decision, alone: what it lets pass and what it stops, and which field it names."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.placement.domain.deciding import RULES, Asked, Chosen, Draft, Facts, Refused, find_breach
from services.placement.domain.decisions import Kind

TODAY = date(2024, 2, 1)
OTHER, ASKED, SECOND = 100001, 100002, 100003


def a_draft(kind: Kind = Kind.AGREE, **fields: Any) -> Draft:
    """Agrees with an option, and says nothing more."""
    gives = {"pool_id": "pool_A"} if kind in (Kind.AGREE, Kind.CHOOSE_OTHER) else {}
    return Draft(kind=kind, today=TODAY, **{**gives, **fields})


def a_choice(**fields: Any) -> Chosen:
    """A resource base at a setting that nobody asked for, ranked first, which no rule fails."""
    return Chosen(**{"pool_id": "pool_A", "urn": OTHER, "kind": "resource_base", "rank": 1, **fields})


def some_facts(*requests: Asked, consulted: tuple[int, ...] = (), **choice: Any) -> Facts:
    return Facts(requests=requests, chosen=a_choice(**choice), consulted_urns=frozenset(consulted))


def a_refusal(urn: int = ASKED, **fields: Any) -> Refused:
    return Refused(**{"urn": urn, "ground": "unsuitable", "evidence": "Invented evidence.", **fields})


def says(draft: Draft, facts: Facts) -> tuple[str, str]:
    breach = find_breach(draft, facts)
    assert breach is not None
    return breach.field, breach.why


def test_the_option_ranked_first_is_agreed_with_without_a_reason() -> None:
    assert find_breach(a_draft(), some_facts()) is None


def test_an_option_level_with_the_first_counts_as_first() -> None:
    assert find_breach(a_draft(), some_facts(rank=2, level_with_best=True)) is None


@pytest.mark.parametrize(
    ("draft", "facts"),
    [
        (a_draft(), some_facts(rank=2)),
        (a_draft(reason="  \n"), some_facts(rank=2)),
        (a_draft(Kind.CHOOSE_OTHER), some_facts(rank=0)),
        (a_draft(Kind.DEFER), Facts()),
        (a_draft(Kind.REFUSE_REQUEST, refusals=(a_refusal(),)), Facts((Asked(ASKED),), None, frozenset({ASKED}))),
    ],
)
def test_whoever_differs_from_the_first_says_why(draft: Draft, facts: Facts) -> None:
    assert says(draft, facts)[0] == "reason"


def test_whoever_decides_on_a_what_if_says_why() -> None:
    first_of_what_was_left_in = replace(some_facts(), is_what_if=True)
    assert says(a_draft(reason=" "), first_of_what_was_left_in)[0] == "reason"
    assert find_breach(a_draft(reason="Invented."), first_of_what_was_left_in) is None


@pytest.mark.parametrize("kind", [Kind.AGREE, Kind.CHOOSE_OTHER])
def test_a_decision_that_gives_a_place_names_its_pool(kind: Kind) -> None:
    assert says(a_draft(kind, pool_id="", reason="Invented."), Facts())[0] == "pool_id"


@pytest.mark.parametrize("kind", [Kind.DEFER, Kind.REFUSE_REQUEST])
def test_a_decision_that_gives_no_place_names_no_pool(kind: Kind) -> None:
    assert says(a_draft(kind, pool_id="pool_A", reason="Invented."), some_facts())[0] == "pool_id"


def test_only_a_ranked_option_is_agreed_with() -> None:
    field, why = says(a_draft(reason="Invented."), some_facts(rank=0))
    assert (field, "choose_other" in why) == ("pool_id", True)


def test_only_a_deferral_has_a_day_to_come() -> None:
    deferral = a_draft(Kind.DEFER, reason="Invented.")
    assert find_breach(deferral, Facts()) is None
    for day in (TODAY, date(2023, 12, 1)):
        late = a_draft(Kind.DEFER, reason="Invented.", deferred_until=day)
        assert says(late, Facts())[0] == "deferred_until"
    assert find_breach(a_draft(Kind.DEFER, reason="Invented.", deferred_until=date(2024, 3, 1)), Facts()) is None
    assert says(a_draft(deferred_until=date(2024, 3, 1)), some_facts())[0] == "deferred_until"


def test_only_a_requested_setting_is_named_over_number() -> None:
    assert says(a_draft(over_number=True), some_facts())[0] == "over_number"
    assert find_breach(a_draft(over_number=True), some_facts(Asked(OTHER))) is None


def test_a_deferral_refuses_nothing_and_a_refusal_refuses_something() -> None:
    asked = Facts((Asked(ASKED),), None, frozenset({ASKED}))
    assert says(a_draft(Kind.DEFER, reason="Invented.", refusals=(a_refusal(),)), asked)[0] == "refusals"
    assert says(a_draft(Kind.REFUSE_REQUEST, reason="Invented."), asked)[0] == "refusals"


@pytest.mark.parametrize(
    ("requests", "refusals", "word"),
    [
        ((), (a_refusal(),), "no request"),
        ((Asked(ASKED, ground="unsuitable"),), (a_refusal(),), "recorded already"),
        ((Asked(ASKED),), (a_refusal(), a_refusal()), "twice"),
        ((Asked(OTHER),), (a_refusal(OTHER),), "setting chosen"),
    ],
)
def test_a_refusal_is_of_a_request_that_stands(
    requests: tuple[Asked, ...], refusals: tuple[Refused, ...], word: str
) -> None:
    field, why = says(a_draft(refusals=refusals), some_facts(*requests, consulted=(ASKED, OTHER)))
    assert (field, word in why) == ("refusals", True)


@pytest.mark.parametrize("wrong", [{"ground": ""}, {"ground": "full"}, {"evidence": " "}])
def test_a_refusal_has_a_ground_of_s39_4_and_evidence(wrong: dict[str, Any]) -> None:
    facts = some_facts(Asked(ASKED), consulted=(ASKED,))
    assert says(a_draft(refusals=(a_refusal(**wrong),)), facts)[0] == "refusals"
    assert find_breach(a_draft(refusals=(a_refusal(),)), facts) is None


def test_a_standing_request_is_answered_when_another_setting_is_chosen() -> None:
    field, why = says(a_draft(), some_facts(Asked(ASKED)))
    assert field == "refusals"
    assert "s.39(4)" in why
    assert find_breach(a_draft(), some_facts(Asked(ASKED, ground="unsuitable"))) is None


def test_a_first_choice_that_is_given_leaves_later_choices_moot_but_not_the_other_way_round() -> None:
    first, second = Asked(OTHER, rank=1), Asked(SECOND, rank=2)
    assert find_breach(a_draft(), some_facts(first, second)) is None
    assert says(a_draft(), some_facts(Asked(ASKED, rank=1), Asked(OTHER, rank=2)))[0] == "refusals"


@pytest.mark.parametrize("kind", ["state_special", "non_maintained_special", "independent_special"])
def test_mainstream_is_considered_before_a_place_outside_it(kind: str) -> None:
    assert says(a_draft(), some_facts(kind=kind))[0] == "section_33_steps"
    assert find_breach(a_draft(section_33_steps="Invented steps."), some_facts(kind=kind)) is None
    assert find_breach(a_draft(), some_facts(Asked(OTHER), kind=kind)) is None, "a request comes before s.33"


@pytest.mark.parametrize("kind", ["mainstream", "resource_base", "sen_unit", "hn_unit", "further_education"])
def test_places_in_mainstream_schools_need_no_steps(kind: str) -> None:
    assert find_breach(a_draft(), some_facts(kind=kind)) is None


def test_a_setting_that_was_never_consulted_is_not_refused_in_silence() -> None:
    facts = some_facts(Asked(ASKED))
    field, why = says(a_draft(refusals=(a_refusal(),)), facts)
    assert field == ""
    assert "never consulted" in why
    assert "inborough consult" in why
    said = a_refusal(not_consulted_because="Invented reason.")
    assert find_breach(a_draft(refusals=(said,)), facts) is None


@pytest.mark.parametrize("code", ["open_setting", "opening", "year_group", "sex"])
def test_a_fact_of_the_pool_is_never_set_aside(code: str) -> None:
    chosen = a_draft(Kind.CHOOSE_OTHER, reason="Invented.")
    for facts in (some_facts(failing=(code,)), some_facts(Asked(OTHER), failing=(code,))):
        field, why = says(chosen, facts)
        assert (field, code in why) == ("", True)


@pytest.mark.parametrize("code", ["recorded_ground", "unit_admission"])
def test_a_panel_sets_its_own_rule_aside_for_a_request_alone(code: str) -> None:
    chosen = a_draft(Kind.CHOOSE_OTHER, reason="Invented.")
    assert find_breach(chosen, some_facts(Asked(OTHER, ground="unsuitable"), failing=(code,))) is None
    assert says(chosen, some_facts(failing=(code,)))[0] == ""


def test_a_full_pool_stops_another_choice_and_is_left_to_provision_when_ranked() -> None:
    full = some_facts(rank=0, failing=("places",))
    assert says(a_draft(Kind.CHOOSE_OTHER, reason="Invented."), full)[0] == ""
    assert find_breach(a_draft(), some_facts(failing=("places",))) is None


def test_every_rule_is_one_sentence() -> None:
    for rule in RULES:
        assert (rule.__doc__ or "").strip().endswith("."), rule.__name__


def test_no_text_of_a_request_is_in_what_a_rule_says() -> None:
    canary = "Canary Quill"
    refusal = a_refusal(SECOND, evidence=canary, ground=canary, not_consulted_because=canary)
    draft = a_draft(Kind.CHOOSE_OTHER, reason=canary, section_33_steps=canary, refusals=(refusal,))
    assert canary not in says(draft, some_facts(Asked(ASKED)))[1]
