"""A log's service and its reader as processes of their own, with either broker between them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders.brokers import Broker, NoBroker, running_broker
from tests.builders.log_pair import Pair, log_and_reader
from tests.conftest import need_server


@pytest.fixture(params=["files", pytest.param("rabbitmq", marks=pytest.mark.servers)])
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Broker]:
    """A broker of the test's own; the test runs once on each kind."""
    try:
        with running_broker(request.param, tmp_path) as found:
            yield found
    except NoBroker:
        need_server("RabbitMQ", "INBOROUGH_TEST_RABBITMQ")


@pytest.fixture
def pair(broker: Broker, tmp_path: Path) -> Iterator[Pair]:
    """The service runs, the reader not yet."""
    with log_and_reader(broker, "sqlite", tmp_path) as found:
        yield found
