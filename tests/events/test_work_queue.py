"""Work is shared out over either broker: each message to one process, again when that one is killed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from pydantic import ValidationError

from shared.events.work_queue import WorkQueue, drop_queue, publish_work
from shared.settings import ServiceSettings
from tests.builders.brokers import Broker, Files
from tests.builders.running import Process, running_process, wait_until

QUEUE = "inborough.tests.work"
pytestmark = pytest.mark.timeout(300)


class Takers:
    """Processes that take work, and what they have done."""

    def __init__(self, broker: Broker, folder: Path, stack: ExitStack) -> None:
        self.broker, self._folder, self._stack = broker, folder, stack
        environment = {name.removeprefix("INBOROUGH_"): value for name, value in broker.environment.items()}
        self.settings = ServiceSettings(
            INBOROUGH_VAR=environment["VAR"], INBOROUGH_BROKER_URL=environment.get("BROKER_URL", "")
        )

    def start(self, name: str) -> Process:
        words = ["tests.builders.work_taker", QUEUE, str(self._folder)]
        process = running_process(words, self.broker.environment, self._folder / f"{name}.log")
        return self._stack.enter_context(process)

    def publish(self, *names: str, seconds: float = 0.05) -> None:
        publish_work(self.settings, QUEUE, [{"name": name, "seconds": seconds} for name in names])

    def done(self) -> list[str]:
        path = self._folder / "done"
        return [line.split()[0] for line in path.read_text().splitlines()] if path.exists() else []

    def pids(self) -> set[str]:
        return {line.split()[1] for line in (self._folder / "done").read_text().splitlines()}


@pytest.fixture
def takers(broker: Broker, tmp_path: Path) -> Iterator[Takers]:
    with ExitStack() as stack:
        yield Takers(broker, tmp_path, stack)


def test_work_waits_for_somebody_to_take_it_and_two_share_it(takers: Takers) -> None:
    names = [f"w{at}" for at in range(8)]
    takers.publish(*names, seconds=0.3)
    first, second = takers.start("one"), takers.start("two")
    wait_until(lambda: sorted(takers.done()) == sorted(names), "all work done once")
    assert len(takers.pids()) == 2
    assert first.stop(15) == second.stop(15) == 0
    assert "Traceback" not in first.output.read_text()


def test_rabbitmq_gives_the_work_of_a_killed_process_to_another(takers: Takers) -> None:
    if isinstance(takers.broker, Files):
        pytest.skip("files forget what a killed process held: the shard's lease brings it back")
    first = takers.start("one")
    takers.publish("long", seconds=60)
    first.wait_for("work_taken")
    takers.start("two").wait_for("work_awaited")
    first.popen.kill()
    second = Process(first.popen, first.output.parent / "two.log")
    wait_until(lambda: bool(second.lines("work_taken")), "taken again")
    assert takers.done() == []


def test_a_broker_that_comes_back_is_taken_from_again(takers: Takers) -> None:
    taker = takers.start("one")
    taker.wait_for("work_awaited")
    takers.publish("before")
    wait_until(lambda: "before" in takers.done(), "done before")
    takers.broker.go_away()
    assert not _publishes(takers, "lost")
    takers.broker.come_back()
    wait_until(lambda: _publishes(takers, "after"), "published again")
    wait_until(lambda: "after" in takers.done(), "taken again")


def test_a_queue_that_is_removed_takes_what_waited_on_it_along(takers: Takers) -> None:
    takers.publish("forgotten")
    drop_queue(takers.settings, QUEUE)
    drop_queue(takers.settings, QUEUE)  # one that there is not is no fault
    taker = takers.start("one")
    taker.wait_for("work_awaited")
    assert taker.stop(15) == 0
    assert takers.done() == []


def _publishes(takers: Takers, name: str) -> bool:
    try:
        takers.publish(name)
    except Exception:
        return False
    return True


def test_a_queue_takes_at_least_one_at_once() -> None:
    with pytest.raises((ValueError, ValidationError), match="most_at_once >= 1"):
        WorkQueue(QUEUE, print, 0)
