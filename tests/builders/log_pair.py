"""A service with a log and a reader of it, as processes of their own with a broker between them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from inborough.events.v1 import events_pb2, events_pb2_grpc
from tests.builders.brokers import Broker
from tests.builders.databases import empty_database
from tests.builders.event_logs import list_applied, opened
from tests.builders.identity import connect
from tests.builders.running import Process, running_process, wait_until

NEVER = "3600"
RPC_SECONDS = 10.0


@dataclass
class Pair:
    """Both. `engine` is the reader's database."""

    broker: Broker
    folder: Path
    stack: ExitStack
    engine: Engine
    service: Process
    stub: events_pb2_grpc.EventServiceStub
    address: str

    def record(self, count: int = 1) -> None:
        """Events in the log, by an RPC for each."""
        for _ in range(count):
            self.stub.RetryDeadLetters(events_pb2.RetryDeadLettersRequest(all=True), timeout=RPC_SECONDS)

    def last_sequence(self) -> int:
        """How many events the log has."""
        asked = events_pb2.ListEventsRequest(after_sequence=2**62)
        return self.stub.ListEvents(asked, timeout=RPC_SECONDS).last_sequence

    def start_reader(self, catch_up_seconds: str = NEVER, name: str = "reader", poison_every: int = 0) -> Process:
        """A reader that looks by itself at its start and, unless told otherwise, never again: hints alone wake it."""
        environment = {
            **self.broker.environment,
            "INBOROUGH_TEST_READER_DATABASE_URL": self.engine.url.render_as_string(hide_password=False),
            "INBOROUGH_TEST_READER_SOURCE": self.address,
            "INBOROUGH_TEST_READER_CATCH_UP_SECONDS": catch_up_seconds,
            "INBOROUGH_TEST_READER_POISON_EVERY": str(poison_every),
        }
        output = self.folder / f"{name}.log"
        process = self.stack.enter_context(running_process(["tests.builders.log_reader"], environment, output))
        process.wait_for("service_started")
        return process

    def wait_until_applied(self, count: int) -> None:
        """Until the reader has applied the log's first `count` events, each once."""
        wait_until(lambda: len(list_applied(self.engine)) >= count, f"{count} events applied")
        assert list_applied(self.engine) == list(range(1, count + 1))


@contextmanager
def log_and_reader(broker: Broker, database: str, folder: Path) -> Iterator[Pair]:
    """The service runs, the reader not yet. Raises NoDatabaseServer."""
    folders = {name: folder / name for name in ("log", "reader")}
    for each in folders.values():
        each.mkdir()
    with ExitStack() as stack:
        logs, readers = (stack.enter_context(empty_database(database, each)) for each in folders.values())
        engine = stack.enter_context(opened(readers))
        environment = {**broker.environment, "INBOROUGH_TEST_LOG_DATABASE_URL": logs}
        service = stack.enter_context(
            running_process(["tests.builders.log_server"], environment, folder / "service.log")
        )
        address = service.wait_for("service_started")["address"]
        channel = stack.enter_context(connect("caseload", address))
        stub = events_pb2_grpc.EventServiceStub(channel)
        yield Pair(broker, folder, stack, engine, service, stub, address)
