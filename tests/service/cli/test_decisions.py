"""`inborough decisions`."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from inborough.placement.v1 import decisions_pb2
from shared.errors import ChangedMeanwhile, NeighbourDown, NotFound
from tests.builders.cli import CASE_ID
from tests.builders.panel_answers import DECISION_ID, OFFER_ID, PANEL_ID, a_closed_panel, a_decision, a_record
from tests.service.cli.conftest import Ran, StandIns

Inborough = Callable[..., Ran]
NAMED = a_decision(state=decisions_pb2.DECISION_STATE_NAMED)


def listing(services: StandIns, *found: decisions_pb2.Decision) -> None:
    services.answer("ListDecisions", decisions_pb2.ListDecisionsResponse(decisions=found, next_page_token="t2"))


def keeping(services: StandIns, record: decisions_pb2.DecisionRecord) -> None:
    services.answer("GetDecision", decisions_pb2.GetDecisionResponse(record=record))


def test_decisions_are_listed_with_how_they_stand(services: StandIns, inborough: Inborough) -> None:
    deferred = a_decision(kind=decisions_pb2.DECISION_KIND_DEFER, state=decisions_pb2.DECISION_STATE_DEFERRED)
    deferred.setting_name = ""
    listing(services, a_decision(), deferred)
    ran = inborough("decisions", "list", "--case", CASE_ID, "--panel", PANEL_ID, "--state", "not_offered")
    said = " ".join(ran.out.split())
    for words in (DECISION_ID, CASE_ID, "place held", "1 Feb 2024 10:30", "put off", "More: --page-size 500"):
        assert words in said
    assert max(map(len, ran.out.splitlines())) <= 80
    request = services.asked["ListDecisions"]
    assert (request.case_id, request.panel_id) == (CASE_ID, PANEL_ID)
    assert list(request.states) == [decisions_pb2.DECISION_STATE_NOT_OFFERED]


def test_a_decision_on_a_what_if_is_listed_as_one(services: StandIns, inborough: Inborough) -> None:
    listing(services, a_decision(of_what_if=True))
    assert "(what-if)" in inborough("decisions", "list").out


def test_decisions_as_json_keep_their_names(services: StandIns, inborough: Inborough) -> None:
    listing(services, a_decision(rank=0, urn=0))
    given = json.loads(inborough("decisions", "list", "--json").out)
    assert given["next_page_token"] == "t2"
    (decision,) = given["decisions"]
    assert (decision["state"], decision["kind"], decision["first_day"]) == ("offered", "agree", "2024-09-02")
    assert (decision["rank"], decision["urn"], decision["over_number"]) == (None, None, False)


def test_no_decisions_say_how_to_record_one(services: StandIns, inborough: Inborough) -> None:
    services.answer("ListDecisions", decisions_pb2.ListDecisionsResponse())
    assert "inborough decide CASE_ID --option 1" in " ".join(inborough("decisions", "list").out.split())


def test_a_state_that_is_none_is_a_usage_error(services: StandIns, inborough: Inborough) -> None:
    assert inborough("decisions", "list", "--state", "open").status == 2


def test_the_record_says_why_on_what_and_what_it_lacks(services: StandIns, inborough: Inborough) -> None:
    keeping(services, a_record())
    ran = inborough("decisions", "show", DECISION_ID)
    said = " ".join(ran.out.split())
    for words in (
        "place held",
        f"Offer {OFFER_ID}",
        "user_ann, 1 Feb 2024 10:30",
        "Why It is near his brother's school.",
        "The child's views, wishes and feelings He wants to be with his friends.",
        "Runner-up: option 2, Other School It costs £4,000 more a year.",
        "Asked for Astmoor Primary School (111217) (s.38(3))",
        "Meets: Takes Years 7 to 11.",
        "Consultations - Astmoor Primary School (111217): sent 1 Feb 2024, reply due 16 Feb 2024, in 12 days",
        "Not signed off yet.",
        "- 1 Feb 2024 10:30: recorded (user_ann) - 1 Feb 2024 10:30: place held (user_ann)",
        "The record still lacks - the parents' views - the chair's signature",
        f"Next: inborough panel show {PANEL_ID}",
    ):
        assert words in said
    assert max(map(len, ran.out.splitlines())) <= 80


def test_the_record_shows_a_refusal_with_its_evidence_and_that_nobody_was_consulted(
    services: StandIns, inborough: Inborough
) -> None:
    refusal = decisions_pb2.RequestRefusal(
        urn=2, ground="incompatible_with_resources", evidence="£40,000 more.", not_consulted_because="It has closed."
    )
    keeping(services, a_record(refusals=[refusal], consultations=[]))
    said = " ".join(inborough("decisions", "show", DECISION_ID).out.split())
    assert "- Other School (2): incompatible with the efficient use of resources (s.39(4))" in said
    assert "Evidence: £40,000 more. Never consulted: It has closed." in said
    assert "None: no setting was consulted." in said


def test_the_record_of_a_signed_panel_says_who_sat_and_leads_to_naming(
    services: StandIns, inborough: Inborough
) -> None:
    keeping(services, a_record(panel=a_closed_panel()))
    said = " ".join(inborough("decisions", "show", DECISION_ID).out.split())
    assert "- user_bob, educational psychologist Signed by user_ann, 1 Feb 2024 16:00." in said
    assert f"Next: inborough decisions name {DECISION_ID}" in said


def test_the_record_as_json_holds_the_whole_but_not_where_the_child_lives(
    services: StandIns, inborough: Inborough
) -> None:
    keeping(services, a_record())
    given = json.loads(inborough("decisions", "show", DECISION_ID, "--json").out)
    assert given["reason"] == "It is near his brother's school."
    assert given["recommendation"]["options"][0]["annual_budget_cost_pence"] == 1_850_000
    assert (given["runner_up"]["rank"], given["pools"][0]["places_offered"]) == (2, 1)
    assert (given["case"]["age_years"], "home" in given["case"]) == (11, False)
    assert given["history"][1]["state"] == "offered"
    assert given["consultations"][0]["reply"] is None


def test_a_decision_that_is_not_there_is_an_answer_of_no(services: StandIns, inborough: Inborough) -> None:
    services.answer("GetDecision", NotFound("decision", DECISION_ID))
    assert inborough("decisions", "show", DECISION_ID).status == 1


def test_naming_carries_the_day_of_the_appeal_letter(services: StandIns, inborough: Inborough) -> None:
    services.answer("NamePlacement", decisions_pb2.NamePlacementResponse(decision=NAMED))
    ran = inborough("decisions", "name", DECISION_ID, "--appeal-letter", "12/02/2024", "--etag", "etag_1")
    request = services.asked["NamePlacement"]
    assert (request.appeal_letter_on.day, request.etag) == (12, "etag_1")
    assert "named: A place at Astmoor Primary School from 2 September 2024." in " ".join(ran.out.split())
    assert json.loads(inborough("decisions", "name", DECISION_ID, "--json").out)["state"] == "named"
    assert not services.asked["NamePlacement"].HasField("appeal_letter_on")


def test_what_changed_meanwhile_is_said(services: StandIns, inborough: Inborough) -> None:
    services.answer("NamePlacement", ChangedMeanwhile("The offer ran out on 29 February 2024."))
    ran = inborough("decisions", "name", DECISION_ID, "--etag", "etag_0")
    assert (ran.status, ran.err) == (1, "The offer ran out on 29 February 2024.\n")


def test_taking_back_needs_a_reason_and_never_shows_it(services: StandIns, inborough: Inborough) -> None:
    withdrawn = a_decision(state=decisions_pb2.DECISION_STATE_WITHDRAWN)
    services.answer("WithdrawDecision", decisions_pb2.WithdrawDecisionResponse(decision=withdrawn))
    assert inborough("decisions", "withdraw", DECISION_ID).status == 2
    ran = inborough("decisions", "withdraw", DECISION_ID, "--reason", "The family has moved.")
    assert services.asked["WithdrawDecision"].reason == "The family has moved."
    assert "taken back" in ran.out
    assert "moved" not in ran.out + ran.err


@pytest.mark.parametrize(
    ("method", "command"),
    [("NamePlacement", ["name", DECISION_ID]), ("WithdrawDecision", ["withdraw", DECISION_ID, "--reason", "Moved."])],
)
def test_a_lost_answer_says_which_id_to_repeat(
    services: StandIns, inborough: Inborough, method: str, command: list[str]
) -> None:
    services.answer(method, NeighbourDown("placement"))
    ran = inborough("decisions", *command)
    assert ran.status == 3
    assert f"--request-id {services.asked[method].request_id}" in ran.err
    inborough("decisions", *command, "--request-id", "req_0000000000000001")
    assert services.asked[method].request_id == "req_0000000000000001"
