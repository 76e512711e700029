"""`inborough appeal`."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import pytest

from inborough.placement.v1 import appeals_pb2, decisions_pb2
from shared.days import to_wire
from shared.errors import NeighbourDown, WrongState
from tests.builders.cli import CASE_ID
from tests.builders.panel_answers import DECISION_ID, a_record, an_appealed_decision
from tests.service.cli.conftest import Ran, StandIns

Inborough = Callable[..., Ran]


def answering(services: StandIns) -> None:
    answer = decisions_pb2.RecordAppealStepResponse(decision=an_appealed_decision())
    services.answer("RecordAppealStep", answer)


def test_a_step_is_recorded_with_its_day_and_how_it_stands_is_said(services: StandIns, inborough: Inborough) -> None:
    answering(services)
    ran = inborough(
        "appeal", "record", DECISION_ID, "appeal_registered", "--on", "2024-04-02", "--reference", "EH876/24/00012"
    )
    request = services.asked["RecordAppealStep"]
    assert (request.decision_id, request.kind) == (DECISION_ID, appeals_pb2.APPEAL_STEP_KIND_APPEAL_REGISTERED)
    assert (request.happened_on, request.reference) == (to_wire(date(2024, 4, 2)), "EH876/24/00012")
    said = " ".join(ran.out.split())
    assert "Appeal under way; appeal registered 2 Apr 2024 (EH876/24/00012); hearing 9 Sep 2024" in said
    assert "1. appeal registered 1 Apr 2024 (replaced by step 2), by user_ann" in said
    assert "Last day for the family to appeal: 12 Apr 2024; it did on 2 Apr 2024" in said
    assert "Two months from the letter of 12 February 2024: 12 April 2024." in said
    assert f"Next: inborough appeal record {DECISION_ID} STEP --on DAY" in said
    assert max(map(len, ran.out.splitlines())) <= 80


def test_a_step_without_a_day_happened_today(
    services: StandIns, inborough: Inborough, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INBOROUGH_TODAY", "2024-04-30")
    answering(services)
    inborough("appeal", "record", DECISION_ID, "appeal_decided", "--outcome", "upheld_in_part", "--replaces", "3")
    request = services.asked["RecordAppealStep"]
    assert request.happened_on == to_wire(date(2024, 4, 30))
    assert (request.outcome, request.replaces) == (appeals_pb2.APPEAL_OUTCOME_UPHELD_IN_PART, 3)


@pytest.mark.parametrize(
    "arguments", [["letter"], ["appeal_decided", "--outcome", "lost"], ["hearing", "--on", "soon"]]
)
def test_a_word_that_is_none_is_a_usage_error(services: StandIns, inborough: Inborough, arguments: list[str]) -> None:
    assert inborough("appeal", "record", DECISION_ID, *arguments).status == 2
    assert not services.asked


def test_a_step_that_never_happened_is_taken_back_by_its_number(services: StandIns, inborough: Inborough) -> None:
    answering(services)
    assert inborough("appeal", "take-back", DECISION_ID, "hearing", "3", "--etag", "etag_1").status == 0
    request = services.asked["RecordAppealStep"]
    assert (request.kind, request.replaces, request.etag) == (appeals_pb2.APPEAL_STEP_KIND_HEARING, 3, "etag_1")
    assert not request.HasField("happened_on")


def test_what_comes_first_is_said(services: StandIns, inborough: Inborough) -> None:
    services.answer("RecordAppealStep", WrongState("No appeal is registered."))
    ran = inborough("appeal", "record", DECISION_ID, "hearing")
    assert (ran.status, "No appeal is registered." in ran.err) == (1, True)


def test_the_facts_of_a_decision_are_shown_and_as_json_keep_their_names(
    services: StandIns, inborough: Inborough
) -> None:
    record = a_record(decision=an_appealed_decision())
    services.answer("GetDecision", decisions_pb2.GetDecisionResponse(record=record))
    assert "Appeal under way" in inborough("appeal", "show", DECISION_ID).out
    appeal = json.loads(inborough("appeal", "show", DECISION_ID, "--json").out)["appeal"]
    assert appeal["state"] == "under_way"
    assert appeal["steps"][1] == {
        "number": 2,
        "kind": "appeal_registered",
        "happened_on": "2024-04-02",
        "outcome": None,
        "reference": "EH876/24/00012",
        "replaces": 1,
        "replaced_by": 0,
        "recorded_by": "user_ann",
        "recorded_time": "2024-04-03T09:00:00Z",
    }
    assert (appeal["clocks"][0]["clock"], appeal["clocks"][0]["last_day"]) == ("appeal", "2024-04-12")


def test_a_decision_without_any_says_so(services: StandIns, inborough: Inborough) -> None:
    services.answer("GetDecision", decisions_pb2.GetDecisionResponse(record=a_record()))
    assert "Nothing is on record yet." in inborough("appeal", "show", DECISION_ID).out


def test_the_record_of_a_decision_has_its_representation_and_appeal(services: StandIns, inborough: Inborough) -> None:
    record = a_record(decision=an_appealed_decision())
    services.answer("GetDecision", decisions_pb2.GetDecisionResponse(record=record))
    said = " ".join(inborough("decisions", "show", DECISION_ID).out.split())
    assert "Representation and appeal 1. appeal registered" in said


def test_decisions_under_appeal_are_listed(services: StandIns, inborough: Inborough) -> None:
    page = decisions_pb2.ListDecisionsResponse(decisions=[an_appealed_decision()], next_page_token="t2")
    services.answer("ListDecisions", page)
    ran = inborough("appeal", "list", "--case", CASE_ID)
    request = services.asked["ListDecisions"]
    assert (request.only_under_appeal, request.case_id) == (True, CASE_ID)
    said = " ".join(ran.out.split())
    assert DECISION_ID in said
    assert "More: --page-size 500" in said
    assert max(map(len, ran.out.splitlines())) <= 80
    services.answer("ListDecisions", decisions_pb2.ListDecisionsResponse())
    assert "No decision is under appeal." in inborough("appeal", "list").out


def test_a_lost_answer_says_which_id_to_repeat(services: StandIns, inborough: Inborough) -> None:
    services.answer("RecordAppealStep", NeighbourDown("placement"))
    ran = inborough("appeal", "record", DECISION_ID, "draft_sent", "--on", "2024-01-08")
    assert (ran.status, f"--request-id {services.asked['RecordAppealStep'].request_id}" in ran.err) == (3, True)
