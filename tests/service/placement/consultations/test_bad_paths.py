"""What is refused, saying what to mend and never what was written."""

from __future__ import annotations

from pathlib import Path

import pytest

from inborough.placement.v1 import consultations_pb2
from shared.errors import AlreadyExists, InvalidInput, NeighbourDown, NotAllowed, NotFound
from tests.builders.consultations import Stub, listed, reply, send, withdraw
from tests.builders.identity import connect
from tests.builders.system import running

UNKNOWN = "cons_0000000000000000"


@pytest.fixture
def urn(settings: dict[int, str]) -> int:
    return min(settings)


@pytest.mark.parametrize(
    ("fields", "error", "says"),
    [
        ({"case_id": "Canary Smith"}, InvalidInput, "case_id"),
        ({"case_id": "case_0000000000000000"}, NotFound, "case"),
        ({"urn": 0}, InvalidInput, "urn"),
        ({"urn": -100001}, InvalidInput, "urn"),
        ({"urn": 999999}, NotFound, "setting"),
        ({"sent_on": "2024-02-02"}, InvalidInput, "sent_on: must be from 1 September 2014 to today, 1 February 2024"),
        ({"sent_on": "2014-08-31"}, InvalidInput, "sent_on"),
        ({"sent_on": "2024-02-30"}, InvalidInput, "sent_on"),
        ({"request_id": "Canary Smith"}, InvalidInput, "request_id"),
    ],
)
def test_a_wrong_consultation_is_refused_saying_what_to_mend(
    on_sqlite: Stub, case_ids: list[str], urn: int, fields: dict[str, str], error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says) as refused:
        send(on_sqlite, **{"case_id": case_ids[0], "urn": urn, **fields})  # type: ignore[arg-type]
    assert "Canary" not in str(refused.value)


@pytest.mark.parametrize(
    ("fields", "error", "says"),
    [
        ({"reply": consultations_pb2.REPLY_UNSPECIFIED}, InvalidInput, "reply: say what"),
        ({"reply": 17}, InvalidInput, "reply: say what"),
        ({"replied_on": "2024-01-30"}, InvalidInput, "replied_on: must be from 31 January 2024 to today"),
        ({"replied_on": "2024-02-02"}, InvalidInput, "replied_on"),
        ({"text": "Canary " * 3000}, InvalidInput, "text: has 21000 characters; at most 20000"),
        ({"text": "Canary \0"}, InvalidInput, "text: holds a zero character"),
        ({"consultation_id": "Canary Smith"}, InvalidInput, "consultation_id"),
        ({"consultation_id": UNKNOWN}, NotFound, "consultation"),
        ({"request_id": ""}, InvalidInput, "request_id"),
    ],
)
def test_a_wrong_reply_is_refused_saying_what_to_mend(
    on_sqlite: Stub, case_ids: list[str], urn: int, fields: dict[str, object], error: type[Exception], says: str
) -> None:
    sent = send(on_sqlite, case_ids[1], urn, "2024-01-31")
    with pytest.raises(error, match=says) as refused:
        reply(on_sqlite, **{"consultation_id": sent.consultation_id, **fields})  # type: ignore[arg-type]
    assert "Canary" not in str(refused.value)
    withdraw(on_sqlite, sent.consultation_id)


def test_the_longest_text_is_kept_whole(consulting: Stub, case_ids: list[str], urn: int) -> None:
    text = "é\n😀" + "x" * (20_000 - 3)
    sent = send(consulting, case_ids[0], urn)
    assert reply(consulting, sent.consultation_id, text=text).text == text
    assert listed(consulting, case_id=case_ids[0])[0].text == text


def test_an_unknown_consultation_is_not_found(on_sqlite: Stub) -> None:
    with pytest.raises(NotFound):
        withdraw(on_sqlite, UNKNOWN)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"page_size": 501}, "page_size"),
        ({"page_size": -1}, "page_size"),
        ({"page_token": UNKNOWN}, "page_token"),
        ({"case_id": "Canary Smith"}, "case_id"),
    ],
)
def test_a_wrong_page_is_refused(on_sqlite: Stub, fields: dict[str, object], says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        listed(on_sqlite, **fields)


def test_a_planner_learns_nothing_of_consultations_and_an_auditor_only_reads(
    server_on_sqlite: object, case_ids: list[str], urn: int
) -> None:
    address = server_on_sqlite.address  # type: ignore[attr-defined]
    for role in ("planner", "administrator"):
        with connect("placement", address, role) as channel, pytest.raises(NotAllowed):
            listed(Stub(channel))
    with connect("placement", address, "auditor") as channel:
        listed(Stub(channel))
        with pytest.raises(NotAllowed):
            send(Stub(channel), case_ids[0], urn)


@pytest.mark.parametrize("down", ["caseload", "provision"])
def test_a_neighbour_that_is_down_is_named_and_a_copy_is_answered_all_the_same(
    down: str, neighbours: dict[str, str], tmp_path: Path, case_ids: list[str], urn: int
) -> None:
    request_id = "req_00000000000000aa"
    with running("placement", tmp_path, **neighbours) as server, connect("x", server.address, "caseworker") as channel:
        sent = send(Stub(channel), case_ids[0], urn, request_id=request_id)
    addresses = {**neighbours, f"{down}_address": "127.0.0.1:1"}
    with running("placement", tmp_path, **addresses) as server, connect("x", server.address, "caseworker") as channel:
        assert send(Stub(channel), case_ids[0], urn, request_id=request_id) == sent
        with pytest.raises(NeighbourDown, match=down):
            send(Stub(channel), case_ids[1], urn)


def test_a_request_id_belongs_to_whoever_used_it_first(
    server_on_sqlite: object, on_sqlite: Stub, case_ids: list[str], urn: int
) -> None:
    request_id = "req_00000000000000bb"
    sent = send(on_sqlite, case_ids[2], urn, request_id=request_id)
    address = server_on_sqlite.address  # type: ignore[attr-defined]
    with connect("placement", address, "panel_chair") as channel, pytest.raises(AlreadyExists):
        send(Stub(channel), case_ids[2], urn, request_id=request_id)
    withdraw(on_sqlite, sent.consultation_id)
