"""Consultations through their life, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from prometheus_client import generate_latest

from inborough.events.v1 import events_pb2
from inborough.placement.v1 import consultations_pb2
from shared.errors import AlreadyExists, ChangedMeanwhile, InboroughError, WrongState
from shared.ids import new_id
from tests.builders.consultations import Stub, day, listed, reply, send, withdraw

Events = Callable[[], list[events_pb2.Event]]
CLIENTS = 6
"""Calls at once: as many as one person may make."""


def at(urns: dict[int, str], which: int) -> int:
    return sorted(urns)[which]


def test_a_consultation_is_sent_replied_to_and_stays_on_the_record(
    consulting: Stub, case_ids: list[str], settings: dict[int, str], events: Events
) -> None:
    urn = at(settings, 0)
    sent = send(consulting, case_ids[0], urn, "2024-01-29")
    assert (sent.setting_name, sent.urn, sent.case_id) == (settings[urn], urn, case_ids[0])
    assert (sent.sent_on, sent.reply_due, sent.days_left) == (day("2024-01-29"), day("2024-02-13"), 12)
    assert sent.reply_rule == "15 calendar days (SEND Code of Practice 2015, paragraph 9.83)"
    assert sent.state == consultations_pb2.CONSULTATION_STATE_AWAITING
    assert sent.sent_by == "user_caseworker"
    assert not sent.HasField("replied_on")
    replied = reply(
        consulting, sent.consultation_id, "2024-01-31", reply=consultations_pb2.REPLY_FULL, text="We are full."
    )
    assert replied.state == consultations_pb2.CONSULTATION_STATE_REPLIED
    assert (replied.replied_on, replied.text, replied.days_left) == (day("2024-01-31"), "We are full.", 0)
    assert replied.etag != sent.etag
    assert listed(consulting, case_id=case_ids[0]) == [replied]
    told = [(event.name, list(event.case_ids), dict(event.facts)) for event in events()]
    which = {"consultation_id": sent.consultation_id, "urn": str(urn)}
    assert told == [
        ("consultation_sent", [case_ids[0]], which | {"sent_on": "2024-01-29", "reply_due": "2024-02-13"}),
        ("consultation_replied", [case_ids[0]], which | {"reply": "full", "replied_on": "2024-01-31"}),
        ("consultations_listed", [case_ids[0]], {}),
    ]


def test_a_reply_that_does_not_come_is_overdue_from_the_day_after(
    consulting: Stub, case_ids: list[str], settings: dict[int, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = send(consulting, case_ids[0], at(settings, 0))
    for today, state, left in (
        ("2024-02-16", consultations_pb2.CONSULTATION_STATE_AWAITING, 0),
        ("2024-02-17", consultations_pb2.CONSULTATION_STATE_OVERDUE, -1),
    ):
        monkeypatch.setenv("INBOROUGH_TODAY", today)
        (found,) = listed(consulting, only_awaiting=True)
        assert (found.consultation_id, found.state, found.days_left) == (sent.consultation_id, state, left)
    shown = generate_latest().decode()
    assert 'inborough_consultations{state="overdue"} 1.0' in shown
    assert 'inborough_consultations{state="awaiting"} 0.0' in shown


def test_a_setting_is_not_asked_twice_at_a_time_but_again_once_it_replied(
    consulting: Stub, case_ids: list[str], settings: dict[int, str]
) -> None:
    urn = at(settings, 0)
    first = send(consulting, case_ids[0], urn)
    with pytest.raises(AlreadyExists, match="awaits its reply"):
        send(consulting, case_ids[0], urn)
    send(consulting, case_ids[1], urn)
    send(consulting, case_ids[0], at(settings, 1))
    reply(consulting, first.consultation_id)
    second = send(consulting, case_ids[0], urn)
    withdraw(consulting, second.consultation_id)
    third = send(consulting, case_ids[0], urn)
    assert len({first.consultation_id, second.consultation_id, third.consultation_id}) == 3


def test_a_withdrawn_consultation_stays_on_the_record_and_takes_no_reply(
    consulting: Stub, case_ids: list[str], settings: dict[int, str], events: Events
) -> None:
    sent = send(consulting, case_ids[0], at(settings, 0))
    taken_back = withdraw(consulting, sent.consultation_id, etag=sent.etag)
    assert taken_back.state == consultations_pb2.CONSULTATION_STATE_WITHDRAWN
    with pytest.raises(WrongState, match="Send another"):
        reply(consulting, sent.consultation_id)
    assert withdraw(consulting, sent.consultation_id) == taken_back, "once more changes nothing"
    assert listed(consulting, case_id=case_ids[0]) == [taken_back]
    assert listed(consulting, case_id=case_ids[0], only_awaiting=True) == []
    assert [event.name for event in events()].count("consultation_withdrawn") == 1


def test_a_reply_is_not_withdrawn_but_may_be_corrected(
    consulting: Stub, case_ids: list[str], settings: dict[int, str]
) -> None:
    sent = send(consulting, case_ids[0], at(settings, 0))
    first = reply(consulting, sent.consultation_id, text="Yes.")
    with pytest.raises(WrongState, match="replied to"):
        withdraw(consulting, sent.consultation_id)
    corrected = reply(
        consulting, sent.consultation_id, etag=first.etag, reply=consultations_pb2.REPLY_CANNOT_MEET, text="No."
    )
    assert (corrected.reply, corrected.text) == (consultations_pb2.REPLY_CANNOT_MEET, "No.")


def test_a_stale_etag_is_told_what_changed_and_changes_nothing(
    consulting: Stub, case_ids: list[str], settings: dict[int, str]
) -> None:
    sent = send(consulting, case_ids[0], at(settings, 0))
    replied = reply(consulting, sent.consultation_id, etag=sent.etag)
    with pytest.raises(ChangedMeanwhile, match="reply number 1 was recorded by user_caseworker at 20"):
        withdraw(consulting, sent.consultation_id, etag=sent.etag)
    other = send(consulting, case_ids[1], at(settings, 0))
    withdraw(consulting, other.consultation_id)
    with pytest.raises(ChangedMeanwhile, match="it was withdrawn by user_caseworker"):
        reply(consulting, other.consultation_id, etag=other.etag)
    assert listed(consulting, case_id=case_ids[0]) == [replied]


def test_the_same_request_again_gives_the_same_answer_and_does_nothing_more(
    consulting: Stub, case_ids: list[str], settings: dict[int, str], events: Events
) -> None:
    urn, ids = at(settings, 0), [new_id("req") for _ in range(2)]
    sent = [send(consulting, case_ids[0], urn, request_id=ids[0]) for _ in range(3)]
    replied = [reply(consulting, sent[0].consultation_id, request_id=ids[1], text="Yes.") for _ in range(3)]
    assert len({each.SerializeToString(deterministic=True) for each in sent}) == 1
    assert len({each.SerializeToString(deterministic=True) for each in replied}) == 1
    assert [event.name for event in events()] == ["consultation_sent", "consultation_replied"]
    with pytest.raises(AlreadyExists, match="request id"):
        send(consulting, case_ids[1], urn, request_id=ids[0])
    with pytest.raises(AlreadyExists, match="request id"):
        reply(consulting, sent[0].consultation_id, request_id=ids[1], text="No.")


def attempt(act: Callable[[], consultations_pb2.Consultation]) -> str:
    """The etag that came of it, or the name of the error."""
    try:
        return act().etag
    except InboroughError as error:
        return type(error).__name__


def test_of_many_who_consult_a_setting_at_once_one_does(
    consulting: Stub, case_ids: list[str], settings: dict[int, str]
) -> None:
    urn = at(settings, 0)
    with ThreadPoolExecutor(CLIENTS) as pool:
        came = list(pool.map(lambda _: attempt(lambda: send(consulting, case_ids[0], urn)), range(CLIENTS)))
    assert came.count("AlreadyExists") == CLIENTS - 1
    assert len(listed(consulting, case_id=case_ids[0])) == 1


def test_of_many_who_reply_to_what_they_read_one_does(
    consulting: Stub, case_ids: list[str], settings: dict[int, str], events: Events
) -> None:
    sent = send(consulting, case_ids[0], at(settings, 0))
    with ThreadPoolExecutor(CLIENTS) as pool:
        came = list(
            pool.map(lambda _: attempt(lambda: reply(consulting, sent.consultation_id, etag=sent.etag)), range(CLIENTS))
        )
    assert came.count("ChangedMeanwhile") == CLIENTS - 1
    assert [event.name for event in events()].count("consultation_replied") == 1


def test_pages_follow_one_another_in_order_of_the_day_due(
    consulting: Stub, case_ids: list[str], settings: dict[int, str]
) -> None:
    days_sent = ["2024-01-20", "2024-01-10", "2024-01-20", "2024-01-15", "2024-01-10"]
    sent = [send(consulting, case_ids[at_], at(settings, 0), sent_on) for at_, sent_on in enumerate(days_sent)]
    expected = sorted(sent, key=lambda one: (one.reply_due.month, one.reply_due.day, one.consultation_id))
    token = ""
    found: list[consultations_pb2.Consultation] = []
    while len(found) < len(sent):
        request = consultations_pb2.ListConsultationsRequest(page_size=2, page_token=token)
        answer = consulting.ListConsultations(request, timeout=10)
        found += answer.consultations
        token = answer.next_page_token
    assert [one.consultation_id for one in found] == [one.consultation_id for one in expected]
    assert token == ""
