"""Events that cannot be applied: tried a few times, set aside, listed and tried again over gRPC, never in the way."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import grpc
import pytest
from sqlalchemy import Connection, Engine

from inborough.events.v1 import events_pb2, events_pb2_grpc
from shared.database import reading
from shared.errors import ChangedMeanwhile, InvalidInput, NeighbourDown, NotAllowed, NotFound, TooMuch, WrongState
from shared.event_log import list_events, servicer
from shared.event_log.consume import Consumer, Patience
from shared.event_log.cursors import LogBroken
from shared.grpc_server import start_server
from shared.settings import ServiceSettings
from tests.builders.databases import empty_database
from tests.builders.event_logs import APPLIED, Applier, Source, list_applied, opened, record
from tests.builders.identity import connect

PATIENCE = Patience(attempts=3, first_wait_seconds=0.01, growth=3)
POISON = 2
CANARY = "Ann Other, 7 Canal Street"


@dataclass
class Reader:
    """One that chokes on event 2 as long as `chokes`."""

    engine: Engine
    source: Source
    error: Exception
    chokes: bool = True

    def __post_init__(self) -> None:
        self.applier = Applier(self._trouble)
        self.consumer = Consumer(self.engine, {"caseload": self.source}, self.applier, PATIENCE)

    def _trouble(self, _: Connection, event: events_pb2.Event) -> None:
        if self.chokes and event.sequence == POISON:
            raise self.error


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with opened(database_url) as found:
        yield found


@pytest.fixture
def reader(engine: Engine, tmp_path: Path) -> Iterator[Reader]:
    """A reader of a log of four events."""
    with empty_database("sqlite", tmp_path / "source") as url, opened(url) as log:
        record(log, 4)
        yield Reader(engine, Source(log), KeyError(CANARY))


@pytest.fixture
def address(engine: Engine) -> Iterator[str]:
    """The reader's service, over the wire."""
    running = start_server(ServiceSettings(), [servicer.handled(engine)])
    yield running.address
    running.stop(0)


@pytest.fixture
def service(address: str) -> Iterator[events_pb2_grpc.EventServiceStub]:
    with connect("placement", address, "administrator") as channel:
        yield events_pb2_grpc.EventServiceStub(channel)


def letters(service: events_pb2_grpc.EventServiceStub) -> events_pb2.ListDeadLettersResponse:
    return service.ListDeadLetters(events_pb2.ListDeadLettersRequest(), timeout=10)


def retry_all(service: events_pb2_grpc.EventServiceStub) -> int:
    return service.RetryDeadLetters(events_pb2.RetryDeadLettersRequest(all=True), timeout=10).marked


def test_a_poison_event_is_tried_a_few_times_set_aside_and_passed(
    reader: Reader, service: events_pb2_grpc.EventServiceStub
) -> None:
    assert reader.consumer.pull("caseload") == 4
    assert reader.applier.attempts == {1: 1, 2: 3, 3: 1, 4: 1}
    assert list_applied(reader.engine) == [1, 3, 4]
    (letter,) = letters(service).dead_letters
    assert (letter.source, letter.sequence, letter.name) == ("caseload", 2, "case_viewed")
    assert (letter.attempts, letter.error_type, letter.retrying) == (3, "KeyError", False)
    assert letter.failed_time.endswith("Z")


def test_a_poison_event_is_not_tried_again_by_itself(reader: Reader) -> None:
    for _ in range(5):
        reader.consumer.pull("caseload")
        reader.consumer.retry_marked()
    assert reader.applier.attempts[POISON] == 3


def test_waits_between_attempts_grow(reader: Reader) -> None:
    began = time.monotonic()
    reader.consumer.pull("caseload")
    assert time.monotonic() - began >= 0.01 + 0.03


def test_an_errors_text_is_neither_logged_nor_kept(
    reader: Reader, service: events_pb2_grpc.EventServiceStub, capfd: pytest.CaptureFixture[str]
) -> None:
    reader.consumer.pull("caseload")
    written = "".join(capfd.readouterr()) + str(letters(service))
    assert "event_not_applied" in written
    assert "Ann" not in written


def test_an_event_that_breaks_a_constraint_is_poison_too(
    reader: Reader, service: events_pb2_grpc.EventServiceStub
) -> None:
    """The database is well: to wait for it would hold up the log for ever."""

    def break_constraint(connection: Connection, event: events_pb2.Event) -> None:
        if event.sequence == POISON:
            for _ in range(2):
                connection.execute(APPLIED.insert().values(row=99, source="caseload", sequence=99))

    consumer = Consumer(reader.engine, {"caseload": reader.source}, Applier(break_constraint), PATIENCE)
    assert consumer.pull("caseload") == 4
    assert list_applied(reader.engine) == [1, 3, 4]
    assert [letter.error_type for letter in letters(service).dead_letters] == ["IntegrityError"]


@pytest.mark.parametrize(
    "error", [WrongState("no"), ChangedMeanwhile("no"), TooMuch("no"), NotFound("case", "case_1")], ids=repr
)
def test_what_a_neighbour_refuses_for_good_is_poison_too(reader: Reader, error: Exception) -> None:
    reader.error = error
    assert reader.consumer.pull("caseload") == 4
    assert list_applied(reader.engine) == [1, 3, 4]


def test_a_retried_event_that_works_leaves_the_list(reader: Reader, service: events_pb2_grpc.EventServiceStub) -> None:
    reader.consumer.pull("caseload")
    reader.chokes = False
    assert retry_all(service) == 1
    assert letters(service).dead_letters[0].retrying
    assert reader.consumer.retry_marked() == 1
    assert list_applied(reader.engine) == [1, 3, 4, 2]
    assert letters(service).total == 0
    assert reader.consumer.retry_marked() == 0


def test_a_retried_event_that_fails_again_comes_back_to_the_list(
    reader: Reader, service: events_pb2_grpc.EventServiceStub
) -> None:
    reader.consumer.pull("caseload")
    reader.error = LookupError()
    retry_all(service)
    assert reader.consumer.retry_marked() == 0
    assert reader.consumer.retry_marked() == 0
    (letter,) = letters(service).dead_letters
    assert (letter.attempts, letter.error_type, letter.retrying) == (4, "LookupError", False)
    assert reader.applier.attempts[POISON] == 4


def test_two_processes_that_retry_at_once_apply_the_event_once(
    reader: Reader, service: events_pb2_grpc.EventServiceStub
) -> None:
    reader.consumer.pull("caseload")
    reader.chokes = False
    retry_all(service)
    other = Consumer(reader.engine, {"caseload": reader.source}, reader.applier, PATIENCE)
    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(Consumer.retry_marked, [reader.consumer, other])) == 1
    assert list_applied(reader.engine) == [1, 3, 4, 2]


def test_a_retry_waits_for_a_source_that_does_not_answer(
    reader: Reader, service: events_pb2_grpc.EventServiceStub
) -> None:
    reader.consumer.pull("caseload")
    reader.chokes = False
    retry_all(service)
    reader.source.down = True
    with pytest.raises(NeighbourDown):
        reader.consumer.retry_marked()
    assert letters(service).dead_letters[0].retrying
    reader.source.down = False
    assert reader.consumer.retry_marked() == 1


def test_a_retry_of_a_log_that_is_no_longer_read_is_refused(
    reader: Reader, service: events_pb2_grpc.EventServiceStub
) -> None:
    reader.consumer.pull("caseload")
    retry_all(service)
    with pytest.raises(LogBroken, match="no longer read"):
        Consumer(reader.engine, {}, reader.applier).retry_marked()


def test_letters_are_retried_by_id(reader: Reader, service: events_pb2_grpc.EventServiceStub) -> None:
    reader.consumer.pull("caseload")
    (letter,) = letters(service).dead_letters
    asked = events_pb2.RetryDeadLettersRequest(dead_letter_ids=[letter.dead_letter_id])
    assert service.RetryDeadLetters(asked, timeout=10).marked == 1


def test_a_retry_is_itself_an_event(reader: Reader, service: events_pb2_grpc.EventServiceStub) -> None:
    reader.consumer.pull("caseload")
    retry_all(service)
    with reading(reader.engine) as connection:
        (event,) = list_events(connection, 0, 9)
    assert (event.name, event.actor, event.facts) == ("dead_letters_retried", "user_administrator", {"marked": "1"})


def test_an_unknown_letter_is_refused_and_none_is_marked(
    reader: Reader, service: events_pb2_grpc.EventServiceStub
) -> None:
    reader.consumer.pull("caseload")
    (letter,) = letters(service).dead_letters
    asked = events_pb2.RetryDeadLettersRequest(dead_letter_ids=[letter.dead_letter_id, "dead_0000000000000000"])
    with pytest.raises(NotFound, match="inborough events list"):
        service.RetryDeadLetters(asked, timeout=10)
    assert not letters(service).dead_letters[0].retrying


@pytest.mark.parametrize(
    "asked",
    [events_pb2.RetryDeadLettersRequest(), events_pb2.RetryDeadLettersRequest(all=True, dead_letter_ids=["dead_1"])],
    ids=["neither", "both"],
)
def test_a_retry_says_which_or_all(
    service: events_pb2_grpc.EventServiceStub, asked: events_pb2.RetryDeadLettersRequest
) -> None:
    with pytest.raises(InvalidInput, match="name the letters, or say all"):
        service.RetryDeadLetters(asked, timeout=10)


@pytest.mark.parametrize("most", [-1, 1001])
def test_more_letters_than_one_answer_carries_are_refused(service: events_pb2_grpc.EventServiceStub, most: int) -> None:
    with pytest.raises(InvalidInput, match="most"):
        service.ListDeadLetters(events_pb2.ListDeadLettersRequest(most=most), timeout=10)


def test_cursors_say_how_far_each_log_was_read(reader: Reader, service: events_pb2_grpc.EventServiceStub) -> None:
    reader.consumer.pull("caseload")
    (cursor,) = service.ListCursors(events_pb2.ListCursorsRequest(), timeout=10).cursors
    assert (cursor.source, cursor.sequence) == ("caseload", 4)
    assert cursor.applied_time.endswith("Z")


def test_a_log_is_served_after_a_number_in_order(engine: Engine, address: str) -> None:
    record(engine, 3)
    with connect("caseload", address, "auditor") as channel:
        service = events_pb2_grpc.EventServiceStub(channel)
        answer = service.ListEvents(events_pb2.ListEventsRequest(after_sequence=1, most=1), timeout=10)
        assert [event.sequence for event in answer.events] == [2]
        assert answer.last_sequence == 3
        with pytest.raises(InvalidInput, match="after_sequence"):
            service.ListEvents(events_pb2.ListEventsRequest(after_sequence=-1), timeout=10)


@pytest.mark.parametrize("role", ["panel_chair", "caseworker", "planner"])
def test_whoever_decides_cases_has_no_business_with_the_logs(address: str, role: str) -> None:
    def ask(channel: grpc.Channel) -> None:
        events_pb2_grpc.EventServiceStub(channel).ListEvents(events_pb2.ListEventsRequest(), timeout=10)

    with connect("caseload", address, role) as channel, pytest.raises(NotAllowed):
        ask(channel)
