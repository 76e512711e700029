"""`inborough consult`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from inborough.placement.v1 import consultations_pb2
from shared.errors import AlreadyExists, NeighbourDown
from tests.builders.cli import CASE_ID
from tests.builders.panel_answers import CONSULTATION_ID, PANEL_DAY, a_consultation
from tests.service.cli.conftest import Ran, StandIns

Inborough = Callable[..., Ran]
REPLIED = a_consultation(
    state=consultations_pb2.CONSULTATION_STATE_REPLIED, reply=consultations_pb2.REPLY_FULL, replied_on=PANEL_DAY
)


def test_a_consultation_says_by_when_and_by_what_rule_the_reply_is_due(
    services: StandIns, inborough: Inborough
) -> None:
    services.answer("SendConsultation", consultations_pb2.SendConsultationResponse(consultation=a_consultation()))
    ran = inborough("consult", "send", CASE_ID, "111217", "--on", "2024-02-01")
    request = services.asked["SendConsultation"]
    assert (request.case_id, request.urn, request.sent_on) == (CASE_ID, 111217, PANEL_DAY)
    said = " ".join(ran.out.split())
    assert "Astmoor Primary School, sent 1 Feb 2024, reply due 16 Feb 2024, in 12 days." in said
    assert "The clock: 15 days (Code of Practice 9.83)." in said
    assert f"Next: inborough consult reply {CONSULTATION_ID} --can-meet" in said


def test_a_setting_that_is_being_consulted_is_not_consulted_again(services: StandIns, inborough: Inborough) -> None:
    services.answer("SendConsultation", AlreadyExists("A consultation with it is open."))
    assert inborough("consult", "send", CASE_ID, "111217").status == 1


@pytest.mark.parametrize(
    ("option", "reply"),
    [
        ("--can-meet", consultations_pb2.REPLY_CAN_MEET),
        ("--cannot-meet", consultations_pb2.REPLY_CANNOT_MEET),
        ("--full", consultations_pb2.REPLY_FULL),
        ("--incompatible", consultations_pb2.REPLY_INCOMPATIBLE),
    ],
)
def test_each_reply_has_its_option(services: StandIns, inborough: Inborough, option: str, reply: int) -> None:
    services.answer("RecordReply", consultations_pb2.RecordReplyResponse(consultation=REPLIED))
    assert inborough("consult", "reply", CONSULTATION_ID, option).status == 0
    assert services.asked["RecordReply"].reply == reply


def test_the_settings_own_words_come_from_a_file_and_are_not_echoed(
    services: StandIns, inborough: Inborough, tmp_path: Path
) -> None:
    services.answer("RecordReply", consultations_pb2.RecordReplyResponse(consultation=REPLIED))
    (tmp_path / "reply.txt").write_text("We have no room in Year 7.")
    ran = inborough("consult", "reply", CONSULTATION_ID, "--full", "--text", f"@{tmp_path / 'reply.txt'}")
    assert services.asked["RecordReply"].text == "We have no room in Year 7."
    assert "no room" not in ran.out + ran.err
    assert "it says that it is full, which is evidence and no ground of s.39(4)" in " ".join(ran.out.split())


@pytest.mark.parametrize("options", [[], ["--full", "--can-meet"]])
def test_a_reply_is_one_of_four(services: StandIns, inborough: Inborough, options: list[str]) -> None:
    ran = inborough("consult", "reply", CONSULTATION_ID, *options)
    assert (ran.status, "say one of" in ran.err) == (2, True)
    assert not services.asked


def test_a_consultation_can_be_taken_back(services: StandIns, inborough: Inborough) -> None:
    withdrawn = a_consultation(state=consultations_pb2.CONSULTATION_STATE_WITHDRAWN)
    services.answer("WithdrawConsultation", consultations_pb2.WithdrawConsultationResponse(consultation=withdrawn))
    ran = inborough("consult", "withdraw", CONSULTATION_ID, "--etag", "etag_1")
    assert services.asked["WithdrawConsultation"].etag == "etag_1"
    assert "taken back" in ran.out


def test_consultations_say_what_is_overdue_in_words(services: StandIns, inborough: Inborough) -> None:
    late = a_consultation(state=consultations_pb2.CONSULTATION_STATE_OVERDUE, days_left=-3)
    page = consultations_pb2.ListConsultationsResponse(consultations=[late, a_consultation()], next_page_token="t2")
    services.answer("ListConsultations", page)
    ran = inborough("consult", "list", "--awaiting", "--case", CASE_ID)
    said = " ".join(ran.out.split())
    for words in (CONSULTATION_ID, "3 days overdue", "in 12 days", "More: --page-size 500"):
        assert words in said
    assert max(map(len, ran.out.splitlines())) <= 80
    request = services.asked["ListConsultations"]
    assert (request.only_awaiting, request.case_id) == (True, CASE_ID)


def test_consultations_as_json_keep_their_names(services: StandIns, inborough: Inborough) -> None:
    services.answer("ListConsultations", consultations_pb2.ListConsultationsResponse(consultations=[REPLIED]))
    (given,) = json.loads(inborough("consult", "list", "--json").out)["consultations"]
    assert (given["state"], given["reply"], given["reply_due"]) == ("replied", "full", "2024-02-16")


def test_no_consultations_say_how_to_record_one(services: StandIns, inborough: Inborough) -> None:
    services.answer("ListConsultations", consultations_pb2.ListConsultationsResponse())
    assert "inborough consult send CASE_ID URN" in inborough("consult", "list").out


def test_a_lost_answer_says_which_id_to_repeat(services: StandIns, inborough: Inborough) -> None:
    services.answer("SendConsultation", NeighbourDown("placement"))
    ran = inborough("consult", "send", CASE_ID, "111217")
    assert (ran.status, f"--request-id {services.asked['SendConsultation'].request_id}" in ran.err) == (3, True)
