"""A short form of the broker's outages; `make faults` has twenty of each."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.builders.brokers import NoBroker
from tests.conftest import need_server
from tests.faults import broker


@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", ["files", pytest.param("rabbitmq", marks=pytest.mark.servers)])
def test_every_event_is_applied_once_while_the_broker_goes_away_twice_under_load(kind: str, tmp_path: Path) -> None:
    try:
        tally = broker.run(kind, "sqlite", outages=2, folder=tmp_path, rng=random.Random(1))
    except NoBroker:
        need_server("RabbitMQ", "INBOROUGH_TEST_RABBITMQ")
    assert tally.load.recorded > 0
    assert tally.sound, tally.row()
