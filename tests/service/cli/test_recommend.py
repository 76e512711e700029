"""`inborough recommend`."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from inborough.caseload.v1 import caseload_pb2
from inborough.common.v1 import common_pb2
from inborough.cost.v1 import cost_pb2
from inborough.placement.v1 import placement_pb2
from inborough.provision.v1 import provision_pb2
from services.cost.quotes.quote import ADDED_TO_A_RUN
from shared.errors import Internal, NeighbourDown, NotFound, WrongState
from tests.builders.cli import (
    CASE_ID,
    a_case,
    a_line,
    a_policy,
    a_pool,
    a_recommendation,
    a_refusal,
    a_verdict,
    an_option,
)
from tests.service.cli.conftest import Ran, StandIns

Inborough = Callable[..., Ran]


def recommending(services: StandIns, given: placement_pb2.Recommendation) -> None:
    services.answer("GetCase", caseload_pb2.GetCaseResponse(case=a_case()))
    services.answer("ListPolicies", placement_pb2.ListPoliciesResponse(policies=[a_policy()]))
    services.answer("RecommendOptions", placement_pb2.RecommendOptionsResponse(recommendation=given))
    services.answer("ListPlacePools", provision_pb2.ListPlacePoolsResponse(pools=[a_pool(places_offered=2)]))


def test_the_page_says_who_why_where_and_what_it_costs(services: StandIns, inborough: Inborough) -> None:
    recommending(services, a_recommendation())
    ran = inborough("recommend", CASE_ID)
    assert ran.status == 0
    said = " ".join(ran.out.split())
    for words in (
        f"{CASE_ID}: SEMH then ASD, Year 7, phase transfer for 2 September 2024, decide by 15 February 2024",
        "2.4 miles",
        "8 minutes",
        "£18,500",
        "marginal £12,500",
        "none",
        "Advice only: the panel decides.",
    ):
        assert words in said
    assert "\x1b" not in ran.out


def test_places_that_offers_hold_are_shown_and_the_next_step_names_this_very_ranking(
    services: StandIns, inborough: Inborough
) -> None:
    recommending(services, a_recommendation())
    out = inborough("recommend", CASE_ID).out
    assert "2 held" in out
    assert f"Next: inborough decide {CASE_ID} --option 1 \\\n  --recommendation rec_0000000000000001\n" in out


def test_no_line_is_wider_than_the_terminal(services: StandIns, inborough: Inborough) -> None:
    knock_on = placement_pb2.KnockOn(terms={"inmss_or_out_of_borough": 1, "annual_cost_pence": 4_820_000})
    long = an_option(setting_name="Saints Peter and Paul Catholic High School and Sixth Form", knock_on=knock_on)
    recommending(services, a_recommendation(options=[long], refused=[a_refusal(f"School {n}") for n in range(30)]))
    ran = inborough("recommend", CASE_ID)
    assert max(map(len, ran.out.splitlines())) <= 80


def test_the_effect_on_other_children_is_in_words(services: StandIns, inborough: Inborough) -> None:
    knock_on = placement_pb2.KnockOn(terms={"inmss_or_out_of_borough": 1, "annual_cost_pence": 4_820_000})
    full = an_option(2, knock_on=None, no_knock_on="no_free_place", places_free=0)
    recommending(services, a_recommendation(options=[an_option(knock_on=knock_on), full]))
    said = " ".join(inborough("recommend", CASE_ID).out.split())
    assert "£48,200" in said
    assert "not known: no place is free".split()[0] in said


def test_the_familys_request_is_shown_with_what_the_law_asks(services: StandIns, inborough: Inborough) -> None:
    asked = an_option(2, requested=True, legal_note="It must be named unless a ground of s.39(4) applies.")
    recommending(services, a_recommendation(options=[an_option(), asked]))
    said = " ".join(inborough("recommend", CASE_ID).out.split())
    assert "The family's request, and what the law asks" in said
    assert "It must be named unless a ground of s.39(4) applies." in said


def test_a_setting_asked_for_that_is_not_ranked_is_shown_with_the_rule_that_fails(
    services: StandIns, inborough: Inborough
) -> None:
    fails = a_verdict("year_group", common_pb2.OUTCOME_FAILS, "Takes Reception to Year 6; the child is in Year 7.")
    asked = an_option(
        0,
        setting_name="Asked School",
        urn=2,
        requested=True,
        verdicts=[fails],
        knock_on=None,
        no_knock_on="fails_a_rule",
        flags=["request_fails_a_rule", "legal_class_differs_from_register"],
        legal_note="It must be named.",
    )
    recommending(services, a_recommendation(options=[an_option(), asked]))
    said = " ".join(inborough("recommend", CASE_ID).out.split())
    for words in (
        "not worked",
        "- Asked School. It must be named. Resource base: not ranked.",
        "the register's is used",
        "A rule fails: Takes Reception to Year 6; the child is in Year 7. (place pool)",
    ):
        assert words in said
    assert said.count("Top-up") == 2  # the cost lines of the first option and of the request
    given = json.loads(inborough("recommend", CASE_ID, "--json").out)["options"][1]
    assert (given["rank"], given["no_knock_on"]) == (None, "fails_a_rule")


def test_a_setting_asked_for_without_a_pool_has_no_cost_and_no_effect(services: StandIns, inborough: Inborough) -> None:
    asked = placement_pb2.Option(urn=2, setting_name="Asked School", requested=True, no_knock_on="no_pool")
    recommending(services, a_recommendation(options=[asked]))
    said = " ".join(inborough("recommend", CASE_ID).out.split())
    assert "No place pool could meet the need on that day" in said
    assert "not known" in said
    given = json.loads(inborough("recommend", CASE_ID, "--json").out)["options"][0]
    assert [given[name] for name in ("rank", "annual_budget_cost_pence", "annual_marginal_cost_pence")] == [None] * 3


def test_the_law_is_said_once_for_each_setting_asked_for(services: StandIns, inborough: Inborough) -> None:
    both = [an_option(rank, requested=True, legal_note="It must be named.") for rank in (1, 2)]
    recommending(services, a_recommendation(options=both))
    assert inborough("recommend", CASE_ID).out.count("It must be named.") == 1


def test_a_request_over_the_threshold_says_by_how_much(services: StandIns, inborough: Inborough) -> None:
    dear = an_option(2, requested=True, annual_marginal_cost_pence=6_000_000, flags=["request_over_threshold"])
    recommending(services, a_recommendation(options=[an_option(), dear]))
    said = " ".join(inborough("recommend", CASE_ID).out.split())
    assert "Its marginal cost is £60,000 a year, at least £47,500 more than the cheapest suitable place's" in said
    assert "more than the £10,000 the policy allows" in said


@pytest.mark.parametrize(("label", "by_runs"), [(ADDED_TO_A_RUN, True), ("Transport", False)])
def test_while_runs_are_planned_the_ranking_says_that_transport_is_what_the_child_adds(
    services: StandIns, inborough: Inborough, label: str, by_runs: bool
) -> None:
    carried = an_option(2, cost_lines=[a_line(label, 1_710)])
    recommending(services, a_recommendation(options=[an_option(), carried]))
    said = " ".join(inborough("recommend", CASE_ID).out.split())
    assert ("Transport is what the child would add to the runs" in said) is by_runs


def test_the_order_of_comparison_and_what_is_level_or_needs_judgement_is_said(
    services: StandIns, inborough: Inborough
) -> None:
    doubt = a_verdict("wheelchair", common_pb2.OUTCOME_NEEDS_JUDGEMENT, "Not recorded.")
    second = an_option(2, level_with_best=True, verdicts=[doubt])
    recommending(services, a_recommendation(options=[an_option(), second]))
    out = inborough("recommend", CASE_ID).out
    order = "children without a place; children in INMSS or out of borough; cost a year, with transport."
    assert f"Compared in this order, each with the effect on others: {order}" in " ".join(out.split())
    assert ("needs judgement" in out, "level with option 1" in out) == (True, True)


def test_each_ledger_of_the_cost_table_has_its_total(services: StandIns, inborough: Inborough) -> None:
    recommending(services, a_recommendation(options=[an_option(cost_lines=[a_line("Top-up", 1_850_000)])]))
    said = " ".join(inborough("recommend", CASE_ID).out.split())
    assert "Total budget £18,500 Total marginal £12,500" in said


def test_travel_is_said_with_its_law_and_what_could_be_offered_instead(
    services: StandIns, inborough: Inborough
) -> None:
    owed = cost_pb2.TravelEligibility(
        code="beyond_distance", travel_paid=True, reason="The route is longer.", legal_basis="Sch 35B para 6"
    )
    offered = [a_line("Personal travel budget", 350_000), a_line("Mileage paid to the family", 223_456)]
    recommending(services, a_recommendation(options=[an_option(travel_eligibility=owed, travel_alternatives=offered)]))
    said = " ".join(inborough("recommend", CASE_ID).out.split())
    assert "Travel: The route is longer. (Sch 35B para 6)" in said
    assert "Could be offered in place of transport, in no total: Personal travel budget £3,500 a year" in said
    (given,) = json.loads(inborough("recommend", CASE_ID, "--json").out)["options"]
    assert given["travel_eligibility"]["legal_basis"] == "Sch 35B para 6"
    assert [line["annual_pence"] for line in given["travel_alternatives"]] == [350_000, 223_456]


def test_what_needs_judgement_is_listed_for_the_first_option(services: StandIns, inborough: Inborough) -> None:
    doubt = a_verdict("wheelchair", common_pb2.OUTCOME_NEEDS_JUDGEMENT, "Whether a wheelchair gets in is not recorded.")
    recommending(services, a_recommendation(options=[an_option(verdicts=[doubt])]))
    assert "- Whether a wheelchair gets in is not recorded. (place pool)" in inborough("recommend", CASE_ID).out


def test_refused_settings_are_grouped_by_the_rule_that_refused_them(services: StandIns, inborough: Inborough) -> None:
    refused = [a_refusal("A"), a_refusal("B"), a_refusal("C", "sex", "Admits girls.")]
    recommending(services, a_recommendation(refused=refused))
    out = inborough("recommend", CASE_ID).out
    assert "- Year group (2): A, B. Takes Reception to Year 6." in out
    assert "- Sex (1): C. Admits girls." in out


def test_json_has_the_published_shape_and_null_for_what_is_not_known(services: StandIns, inborough: Inborough) -> None:
    unknown = an_option(2, distance_metres=None, travel_minutes=None, places_free=None, knock_on=None)
    recommending(services, a_recommendation(options=[an_option(), unknown], refused=[a_refusal("A")]))
    ran = inborough("recommend", CASE_ID, "--json")
    given = json.loads(ran.out)
    assert ran.out == json.dumps(given, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    assert {"case_id", "first_day", "as_of_time", "rules_version", "policy", "options", "refused"} <= given.keys()
    assert given["first_day"] == "2024-09-02"
    first, second = given["options"]
    assert first["cost_lines"][0]["ledger"] == "budget"
    assert first["verdicts"][0]["outcome"] == "meets"
    assert first["knock_on"] == {"inmss_or_out_of_borough": 0, "annual_cost_pence": 0}
    assert [second[name] for name in ("distance_metres", "travel_minutes", "places_free", "knock_on")] == [None] * 4
    assert given["refused"][0]["verdicts"][0]["outcome"] == "fails"


def test_the_options_of_the_command_are_asked_for(services: StandIns, inborough: Inborough) -> None:
    recommending(services, a_recommendation())
    inborough("recommend", CASE_ID, "--first-day", "02/09/2024", "--top", "7", "--policy", "suitable-then-near")
    asked = services.asked["RecommendOptions"]
    assert (asked.case_id, asked.first_day.year, asked.top) == (CASE_ID, 2024, 7)
    assert asked.policy == "suitable-then-near"


def test_a_what_if_says_what_it_leaves_out_apart_from_what_is_refused(services: StandIns, inborough: Inborough) -> None:
    out = a_refusal("Astmoor", "left_out_of_question", "Left out of this what-if by whoever asked.")
    out.verdicts.append(a_verdict("sex", common_pb2.OUTCOME_FAILS, "Admits girls."))
    asked = "It must be named unless a ground of s.39(4) applies."
    left = [
        placement_pb2.LeftOutSetting(urn=111217, setting_name="Astmoor", requested=True, legal_note=asked),
        placement_pb2.LeftOutSetting(urn=111218, setting_name="Beechmoor"),
    ]
    recommending(services, a_recommendation(refused=[out, a_refusal("C")], left_out=left))
    ran = inborough("recommend", CASE_ID, "--without", "111217", "--without", "111218")
    assert list(services.asked["RecommendOptions"].excluded_urns) == [111217, 111218]
    said = " ".join(ran.out.split())
    for words in (
        "What-if: Astmoor (111217) and Beechmoor (111218) left out.",
        f"Warning: Leaving out Astmoor answers nothing about the family's request for it, which the law asks about "
        f"first. {asked}",
        "Left out by whoever asked: 1 place pool",
        "- Astmoor. A rule fails besides: Admits girls.",
        f"To rank with everything: inborough recommend {CASE_ID}",
        "Refused: 1 place pool - Year group (1): C.",
    ):
        assert words in said
    assert "Leaving out Beechmoor" not in said
    given = json.loads(inborough("recommend", CASE_ID, "--json").out)["left_out"]
    assert given[0] == {"urn": 111217, "setting_name": "Astmoor", "requested": True, "legal_note": asked}


def test_an_unknown_case_is_an_answer_of_no(services: StandIns, inborough: Inborough) -> None:
    services.answer("RecommendOptions", NotFound("case", "case_0000000000000000"))
    ran = inborough("recommend", "case_0000000000000000", "--json")
    assert (ran.status, ran.out) == (1, "")
    assert "There is no case case_0000000000000000." in ran.err


def test_what_must_be_done_first_is_said(services: StandIns, inborough: Inborough) -> None:
    services.answer("RecommendOptions", WrongState("No rate card is in force. Import one."))
    ran = inborough("recommend", CASE_ID, "--json")
    assert (ran.status, ran.err) == (1, "No rate card is in force. Import one.\n")


def test_a_neighbour_of_placement_that_is_down_is_named(services: StandIns, inborough: Inborough) -> None:
    services.answer("RecommendOptions", NeighbourDown("provision"))
    ran = inborough("recommend", CASE_ID, "--json")
    assert ran.status == 3
    assert "The provision service does not answer." in ran.err
    assert "inborough up" in ran.err


def test_a_service_that_is_down_is_named(no_services: None, inborough: Inborough) -> None:
    ran = inborough("recommend", CASE_ID)
    assert (ran.status, ran.out) == (3, "")
    assert "The placement service does not answer." in ran.err
    assert "Traceback" not in ran.err


def test_a_services_own_fault_gives_its_reference(services: StandIns, inborough: Inborough) -> None:
    services.answer("RecommendOptions", Internal("abcd1234"))
    ran = inborough("recommend", CASE_ID, "--json")
    assert ran.status == 3
    assert "abcd1234" in ran.err


def test_a_wrong_option_is_a_usage_error(inborough: Inborough) -> None:
    for wrong in (["--top", "0"], ["--first-day", "soon"], ["--shout"]):
        assert inborough("recommend", CASE_ID, *wrong).status == 2
