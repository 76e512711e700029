"""Hints wake readers over either broker, and nothing but promptness is lost with a broker that is down."""

from __future__ import annotations

import time

import pytest

from tests.builders.brokers import RabbitMQ
from tests.builders.event_logs import list_applied
from tests.builders.log_pair import Pair
from tests.builders.running import wait_until

OFTEN = "1"
ON_RABBITMQ = pytest.mark.parametrize("broker", [pytest.param("rabbitmq", marks=pytest.mark.servers)], indirect=True)
pytestmark = pytest.mark.timeout(300)  # several processes each: a busy machine takes long to start them


def test_a_hint_wakes_a_reader_that_would_not_have_looked(pair: Pair) -> None:
    reader = pair.start_reader()
    reader.wait_for("hints_awaited")
    pair.record()
    pair.wait_until_applied(1)


@ON_RABBITMQ
def test_a_flood_of_hints_is_read_in_few_readings(pair: Pair) -> None:
    reader = pair.start_reader()
    reader.wait_for("hints_awaited")
    pair.record(150)
    pair.wait_until_applied(150)
    asked = [line for line in pair.service.lines("rpc_handled") if line["grpc_method"] == "ListEvents"]
    assert len(asked) < 300
    assert not reader.lines("events_not_pulled")


def test_a_reader_that_was_killed_reads_on_when_it_starts_again(pair: Pair) -> None:
    reader = pair.start_reader()
    reader.wait_for("hints_awaited")
    pair.record(2)
    pair.wait_until_applied(2)
    reader.popen.kill()
    reader.popen.wait()
    pair.record(3)
    pair.start_reader(name="again")
    pair.wait_until_applied(5)


@ON_RABBITMQ
def test_two_readers_of_one_service_apply_each_event_once(pair: Pair) -> None:
    readers = [pair.start_reader(name=name) for name in ("one", "two")]
    for reader in readers:
        reader.wait_for("hints_awaited")
    pair.record(40)
    pair.wait_until_applied(40)


def test_with_the_broker_down_from_the_start_rpcs_go_on_and_readers_read_by_the_clock(pair: Pair) -> None:
    pair.broker.go_away()
    reader = pair.start_reader(OFTEN)
    began = time.monotonic()
    pair.record(5)
    assert time.monotonic() - began < 5
    pair.wait_until_applied(5)
    assert reader.popen.poll() is None
    assert not reader.lines("hints_awaited")
    pair.broker.come_back()
    reader.wait_for("hints_awaited")


def test_when_the_broker_comes_back_hints_wake_readers_again(pair: Pair) -> None:
    """The reader never looks by itself here: what it reads at the end, a hint told it of."""
    reader = pair.start_reader()
    reader.wait_for("hints_awaited")
    pair.record(2)
    pair.wait_until_applied(2)
    pair.broker.go_away()
    pair.record(3)
    time.sleep(2)
    pair.broker.come_back()
    recorded = 5

    def heard() -> bool:
        nonlocal recorded
        pair.record()
        recorded += 1
        time.sleep(1)
        return len(list_applied(pair.engine)) == recorded

    wait_until(heard, "a hint heard after the broker came back", seconds=90)
    pair.wait_until_applied(recorded)
    assert reader.popen.poll() is None


@ON_RABBITMQ
def test_a_hint_that_the_broker_does_not_confirm_counts_as_not_published(pair: Pair) -> None:
    assert isinstance(pair.broker, RabbitMQ), "files are written or not: there is nothing to confirm"
    pair.start_reader().wait_for("hints_awaited")
    pair.record()
    pair.wait_until_applied(1)
    pair.broker.gate.stick()
    pair.record()
    line = pair.service.wait_for("hint_not_published")
    assert line["sequence"] == 2


@ON_RABBITMQ
@pytest.mark.parametrize("broker_is", ["up", "down"])
def test_a_reader_ends_cleanly_on_sigterm(pair: Pair, broker_is: str) -> None:
    reader = pair.start_reader(OFTEN)
    reader.wait_for("hints_awaited")
    if broker_is == "down":
        pair.broker.go_away()
        time.sleep(2)
    assert reader.stop(15) == 0
    assert reader.lines("service_stopped")[0]["level"] == "info"
    assert "Traceback" not in reader.output.read_text()


@ON_RABBITMQ
def test_a_service_ends_cleanly_on_sigterm_while_the_broker_is_down(pair: Pair) -> None:
    pair.broker.go_away()
    pair.record()
    assert pair.service.stop(15) == 0
    assert "Traceback" not in pair.service.output.read_text()
