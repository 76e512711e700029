"""A log's service and its reader as processes of their own, with either broker between them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine

from inborough.events.v1 import events_pb2, events_pb2_grpc
from tests.builders.brokers import Broker, NoBroker, running_broker
from tests.builders.event_logs import list_applied, opened
from tests.builders.identity import connect
from tests.builders.running import Process, running_process, wait_until
from tests.conftest import need_server

NEVER = "3600"


@pytest.fixture(params=["files", pytest.param("rabbitmq", marks=pytest.mark.servers)])
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Broker]:
    """A broker of the test's own; the test runs once on each kind."""
    try:
        with running_broker(request.param, tmp_path) as found:
            yield found
    except NoBroker:
        need_server("RabbitMQ", "INBOROUGH_TEST_RABBITMQ")


@dataclass
class Pair:
    """A service with a log, and what reads it."""

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
            self.stub.RetryDeadLetters(events_pb2.RetryDeadLettersRequest(all=True), timeout=10)

    def start_reader(self, catch_up_seconds: str = NEVER, name: str = "reader") -> Process:
        """A reader that looks by itself at its start and, unless told otherwise, never again: hints alone wake it."""
        environment = {
            **self.broker.environment,
            "INBOROUGH_TEST_READER_DATABASE_URL": str(self.engine.url),
            "INBOROUGH_TEST_READER_SOURCE": self.address,
            "INBOROUGH_TEST_READER_CATCH_UP_SECONDS": catch_up_seconds,
        }
        output = self.folder / f"{name}.log"
        process = self.stack.enter_context(running_process(["tests.builders.log_reader"], environment, output))
        process.wait_for("service_started")
        return process

    def wait_until_applied(self, count: int) -> None:
        """Until the reader has applied the log's first `count` events, each once."""
        wait_until(lambda: len(list_applied(self.engine)) >= count, f"{count} events applied")
        assert list_applied(self.engine) == list(range(1, count + 1))


@pytest.fixture
def pair(broker: Broker, tmp_path: Path) -> Iterator[Pair]:
    """The service runs, the reader not yet."""
    environment = {**broker.environment, "INBOROUGH_TEST_LOG_DATABASE_URL": f"sqlite:///{tmp_path / 'log.db'}"}
    with ExitStack() as stack:
        engine = stack.enter_context(opened(f"sqlite:///{tmp_path / 'reader.db'}"))
        service = stack.enter_context(
            running_process(["tests.builders.log_server"], environment, tmp_path / "service.log")
        )
        address = service.wait_for("service_started")["address"]
        channel = stack.enter_context(connect("caseload", address))
        stub = events_pb2_grpc.EventServiceStub(channel)
        yield Pair(broker, tmp_path, stack, engine, service, stub, address)
