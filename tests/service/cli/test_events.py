"""`inborough events`."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from inborough.events.v1 import events_pb2
from shared.errors import NeighbourDown, NotAllowed
from tests.service.cli.conftest import Ran, StandIns

Inborough = Callable[..., Ran]
LETTER = events_pb2.DeadLetter(
    dead_letter_id="dead_0000000000000001",
    source="placement",
    sequence=12,
    name="decision_recorded",
    attempts=5,
    error_type="ValueError",
    failed_time="2024-02-01T10:30:00Z",
)


@pytest.fixture
def logs(services: StandIns) -> StandIns:
    """Every log ends at 15; journal has read placement's up to 12 and set that event aside."""
    services.answer("ListEvents", events_pb2.ListEventsResponse(last_sequence=15))
    services.answer("ListCursors", events_pb2.ListCursorsResponse())
    services.answer("ListDeadLetters", events_pb2.ListDeadLettersResponse())
    services.answer("RetryDeadLetters", events_pb2.RetryDeadLettersResponse(marked=1))
    cursor = events_pb2.Cursor(source="placement", sequence=12, applied_time="2024-02-01T10:31:00Z")
    services.answer("journal.ListCursors", events_pb2.ListCursorsResponse(cursors=[cursor]))
    services.answer("journal.ListDeadLetters", events_pb2.ListDeadLettersResponse(dead_letters=[LETTER], total=1))
    return services


def test_readers_are_listed_with_how_far_they_are_behind(logs: StandIns, inborough: Inborough) -> None:
    ran = inborough("events", "list")
    assert ran.status == 0
    said = " ".join(ran.out.split())
    assert "journal placement 12 3 1 Feb 2024 10:31" in said
    assert "Set aside after several attempts: 1 event" in said
    assert "dead_0000000000000001 journal decision_recorded" in said
    assert "ValueError, 5 attempts" in said
    assert max(map(len, ran.out.splitlines())) <= 80


def test_the_same_as_json(logs: StandIns, inborough: Inborough) -> None:
    given = json.loads(inborough("events", "list", "--json").out)
    (cursor,) = given["cursors"]
    assert (cursor["reader"], cursor["source"], cursor["sequence"], cursor["behind"]) == ("journal", "placement", 12, 3)
    (letter,) = given["dead_letters"]
    assert (letter["reader"], letter["dead_letter_id"], letter["retrying"]) == ("journal", LETTER.dead_letter_id, False)
    assert (given["dead_letters_total"], given["silent"]) == (1, [])


def test_nothing_set_aside_says_so(logs: StandIns, inborough: Inborough) -> None:
    logs.answer("journal.ListDeadLetters", events_pb2.ListDeadLettersResponse())
    assert "Every event was applied; none is set aside." in inborough("events", "list").out


def test_an_administrator_who_may_not_read_logs_sees_the_rest(logs: StandIns, inborough: Inborough) -> None:
    logs.answer("ListEvents", NotAllowed("ListEvents is for auditor."))
    ran = inborough("events", "list")
    assert (ran.status, "not known" in ran.out) == (0, True)


def test_a_service_that_does_not_answer_is_named_and_the_others_are_shown(logs: StandIns, inborough: Inborough) -> None:
    logs.answer("cost.ListCursors", NeighbourDown("cost"))
    ran = inborough("events", "list")
    assert ran.status == 3
    assert "cost does not answer" in ran.out
    assert "dead_0000000000000001" in ran.out
    assert "none is set aside" not in ran.out


def test_an_event_is_applied_again_by_the_service_that_set_it_aside(logs: StandIns, inborough: Inborough) -> None:
    ran = inborough("events", "retry", LETTER.dead_letter_id)
    assert ran.status == 0
    request = logs.asked_of["journal.RetryDeadLetters"]
    assert (list(request.dead_letter_ids), request.all) == ([LETTER.dead_letter_id], False)
    assert "journal: 1 event will be applied again within seconds." in ran.out
    assert "cost.RetryDeadLetters" not in logs.asked_of


def test_all_events_are_applied_again(logs: StandIns, inborough: Inborough) -> None:
    assert json.loads(inborough("events", "retry", "--all", "--json").out) == {"marked": {"journal": 1}}
    request = logs.asked_of["journal.RetryDeadLetters"]
    assert (list(request.dead_letter_ids), request.all) == ([], True)


def test_an_id_that_is_not_in_the_list_marks_nothing(logs: StandIns, inborough: Inborough) -> None:
    ran = inborough("events", "retry", LETTER.dead_letter_id, "dead_0000000000000009")
    assert (ran.status, "dead_0000000000000009" in ran.err) == (1, True)
    assert "RetryDeadLetters" not in logs.asked


def test_nothing_to_apply_again_says_so(logs: StandIns, inborough: Inborough) -> None:
    logs.answer("journal.ListDeadLetters", events_pb2.ListDeadLettersResponse())
    assert "nothing to apply again" in inborough("events", "retry", "--all").out


@pytest.mark.parametrize("what", [[], [LETTER.dead_letter_id, "--all"]])
def test_either_ids_or_all(logs: StandIns, inborough: Inborough, what: list[str]) -> None:
    assert inborough("events", "retry", *what).status == 2


def test_nothing_is_marked_while_a_service_does_not_answer(logs: StandIns, inborough: Inborough) -> None:
    logs.answer("cost.ListCursors", NeighbourDown("cost"))
    ran = inborough("events", "retry", "--all")
    assert (ran.status, "The cost service does not answer." in ran.err) == (3, True)
    assert "RetryDeadLetters" not in logs.asked
