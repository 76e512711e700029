"""Reading another service's log: every event applied exactly once, in order, and what stops a reading."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from inborough.events.v1 import events_pb2
from shared import logs
from shared.database import reading, writing
from shared.errors import NeighbourDown
from shared.event_log import list_events, record_event, tables
from shared.event_log.consume import BATCH, Consumer, Patience
from shared.event_log.cursors import LogHasGap, LogWentBack
from tests.builders.databases import empty_database
from tests.builders.event_logs import Applier, Source, list_applied, opened, record
from tests.builders.identity import as_somebody

QUICK = Patience(attempts=3, first_wait_seconds=0.001)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """The reader's database."""
    with opened(database_url) as found:
        yield found


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Engine]:
    """The database whose log is read; what it is on makes no difference to a reader."""
    with empty_database("sqlite", tmp_path / "source") as url, opened(url) as found:
        yield found


def consumer(engine: Engine, log: Engine, applier: Applier | None = None) -> Consumer:
    return Consumer(engine, {"caseload": Source(log)}, applier or Applier(), QUICK)


def test_what_is_new_is_applied_in_order_and_once(engine: Engine, log: Engine) -> None:
    reader = consumer(engine, log)
    record(log, 3)
    assert reader.pull("caseload") == 3
    assert reader.pull("caseload") == 0
    record(log, 2)
    assert reader.pull("caseload") == 2
    assert list_applied(engine) == [1, 2, 3, 4, 5]
    assert reader.cursor("caseload") == 5


def test_a_log_longer_than_a_batch_is_read_to_its_end(tmp_path: Path) -> None:
    with (
        empty_database("sqlite", tmp_path / "source") as its,
        empty_database("sqlite", tmp_path / "own") as own,
        opened(its) as log,
        opened(own) as engine,
    ):
        with as_somebody(), writing(log) as connection:
            for _ in range(BATCH + 1):
                record_event(connection, "case_viewed")
        source = Source(log)
        assert Consumer(engine, {"caseload": source}, Applier()).pull("caseload") == BATCH + 1
        assert source.asked == 2


def test_readers_of_one_log_that_race_apply_each_event_once(engine: Engine, log: Engine) -> None:
    """Four readers, as in as many processes, while the log grows."""
    readers = [consumer(engine, log) for _ in range(4)]
    growing = threading.Thread(target=record, args=(log, 60))
    growing.start()

    def read(reader: Consumer) -> int:
        taken = 0
        while growing.is_alive():
            taken += reader.pull("caseload")
        return taken + reader.pull("caseload")

    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(read, readers))
    growing.join()
    assert list_applied(engine) == list(range(1, 61))
    assert sum(taken) == 60


def test_logs_are_read_apart_from_one_another(engine: Engine, log: Engine) -> None:
    record(log, 2)
    reader = Consumer(engine, {"caseload": Source(log), "provision": Source(log)}, Applier())
    reader.pull("provision")
    assert (reader.cursor("caseload"), reader.cursor("provision")) == (0, 2)
    assert list_applied(engine, "provision") == [1, 2]


def test_what_an_event_sets_off_carries_on_its_request_id(engine: Engine, log: Engine) -> None:
    def react(connection: Connection, _: events_pb2.Event) -> None:
        record_event(connection, "decision_expired")

    with logs.in_request("request-of-the-chair"):
        record(log)
    consumer(engine, log, Applier(react)).pull("caseload")
    with reading(engine) as connection:
        assert [event.request_id for event in list_events(connection, 0, 9)] == ["request-of-the-chair"]
    assert logs.request_id.get() == ""


def test_a_neighbour_that_does_not_answer_stops_reading_and_sets_nothing_aside(engine: Engine, log: Engine) -> None:
    record(log, 2)
    applier = Applier(lambda *_: fail(NeighbourDown("provision")))
    with pytest.raises(NeighbourDown):
        consumer(engine, log, applier).pull("caseload")
    assert applier.attempts == {1: 1}
    assert consumer(engine, log).pull("caseload") == 2
    assert list_applied(engine) == [1, 2]


def test_a_database_that_fails_stops_reading_and_sets_nothing_aside(engine: Engine, log: Engine) -> None:
    record(log)
    applier = Applier(lambda *_: fail(OperationalError("COMMIT", {}, ConnectionResetError())))
    with pytest.raises(OperationalError):
        consumer(engine, log, applier).pull("caseload")
    assert consumer(engine, log).pull("caseload") == 1


def test_a_source_that_does_not_answer_changes_nothing(engine: Engine, log: Engine) -> None:
    source = Source(log, down=True)
    reader = Consumer(engine, {"caseload": source}, Applier())
    record(log)
    with pytest.raises(NeighbourDown):
        reader.pull("caseload")
    source.down = False
    assert reader.pull("caseload") == 1


def test_a_log_that_ends_before_what_was_read_is_refused(engine: Engine, log: Engine) -> None:
    record(log, 5)
    consumer(engine, log).pull("caseload")
    put_back_to(log, 3)
    with pytest.raises(LogWentBack, match=r"ends at 3 or has another event at 5.*Put the databases"):
        consumer(engine, log).pull("caseload")


def test_a_log_that_was_put_back_is_refused_even_when_it_has_grown_again(engine: Engine, log: Engine) -> None:
    """Its new events bear numbers that were read before: to go on would lose them without a word."""
    record(log, 5)
    consumer(engine, log).pull("caseload")
    put_back_to(log, 3)
    record(log, 8)
    with pytest.raises(LogWentBack):
        consumer(engine, log).pull("caseload")
    assert list_applied(engine) == [1, 2, 3, 4, 5]


def test_a_log_with_a_gap_is_refused(engine: Engine, log: Engine) -> None:
    record(log, 5)
    with writing(log) as connection:
        connection.execute(tables.events.delete().where(tables.events.c.sequence == 3))
    for _ in range(2):
        with pytest.raises(LogHasGap):
            consumer(engine, log).pull("caseload")
    assert list_applied(engine) == []


def test_a_reader_that_is_told_to_stop_finishes_the_event_in_hand_alone(engine: Engine, log: Engine) -> None:
    record(log, 5)
    reader = consumer(engine, log, Applier(lambda _, event: reader.stop() if event.sequence == 2 else None))
    assert reader.pull("caseload") == 2
    assert consumer(engine, log).pull("caseload") == 3
    assert list_applied(engine) == [1, 2, 3, 4, 5]


READ_ON = """
import sys
from tests.builders.event_logs import Applier, Source, opened
from shared.event_log.consume import Consumer
with opened(sys.argv[1]) as engine, opened(sys.argv[2]) as log:
    Consumer(engine, {"caseload": Source(log)}, Applier()).pull("caseload")
"""


@pytest.mark.parametrize("place", ["consumer.apply.before_commit", "consumer.apply.after_commit"])
def test_a_reader_killed_at_its_commit_applies_each_event_once(
    database_url: str, engine: Engine, log: Engine, tmp_path: Path, place: str
) -> None:
    record(log, 4)
    (tmp_path / place).write_text("2")
    environment = {**os.environ, "INBOROUGH_FAILPOINTS": str(tmp_path)}
    command = [sys.executable, "-c", READ_ON, database_url, log.url.render_as_string(hide_password=False)]
    assert subprocess.run(command, env=environment, check=False).returncode == -signal.SIGKILL
    before = len(list_applied(engine))
    assert before == (2 if place.endswith("before_commit") else 3)
    consumer(engine, log).pull("caseload")
    assert list_applied(engine) == [1, 2, 3, 4]


@pytest.mark.parametrize("wrong", [{"attempts": 0}, {"first_wait_seconds": -1}, {"growth": 0.5}])
def test_a_patience_without_sense_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="Expected attempts >= 1"):
        Patience(**wrong)  # type: ignore[arg-type]


def test_waits_grow_up_to_the_longest() -> None:
    patience = Patience(first_wait_seconds=0.5, growth=4, longest_wait_seconds=5)
    assert [patience.wait_after(attempt) for attempt in (1, 2, 3, 4)] == [0.5, 2, 5, 5]


def put_back_to(log: Engine, sequence: int) -> None:
    """Put a log back to an earlier state, as a restored backup does."""
    with writing(log) as connection:
        connection.execute(tables.events.delete().where(tables.events.c.sequence > sequence))
        connection.execute(tables.event_counter.update().values(last_sequence=sequence))


def fail(error: Exception) -> None:
    raise error
