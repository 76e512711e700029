"""Processes of our own that do long work: several at once, replaced when they die, stopped when idle."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator

import pytest

from shared import logs
from shared.worker_processes import TaskFailed, WorkerDied, WorkerProcesses
from tests.builders.running import wait_until


@pytest.fixture
def workers() -> Iterator[WorkerProcesses]:
    made = WorkerProcesses(2, "tests.builders.worker_tasks:start", "hello")
    yield made
    made.stop()


def test_a_task_is_done_in_another_process_which_does_the_next_one_too(workers: WorkerProcesses) -> None:
    said, first = workers.run(("greet", "Ada"))
    assert said == "hello Ada"
    assert first != os.getpid()
    assert workers.run(("greet", "Bob")) == ("hello Bob", first)
    assert workers.running == 1


def test_what_raised_is_told_by_its_name_alone_and_the_worker_goes_on(workers: WorkerProcesses) -> None:
    with pytest.raises(TaskFailed, match=r"^LookupError$") as caught:
        workers.run(("raise", "a name"))
    assert caught.value.error_type == "LookupError"
    assert workers.run(("greet", "Ada"))[0] == "hello Ada"


def test_what_a_worker_logs_names_the_request_that_it_works_for(
    workers: WorkerProcesses, capfd: pytest.CaptureFixture[str]
) -> None:
    for request_id in ("page_4h9x0c7mqt", "page_another"):
        with logs.in_request(request_id), pytest.raises(TaskFailed):
            workers.run(("raise", "a name"))
    lines = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert [line["request_id"] for line in lines] == ["page_4h9x0c7mqt", "page_another"]
    assert {line["event"] for line in lines} == {"task_failed"}


def test_a_worker_that_died_is_told_and_replaced(workers: WorkerProcesses) -> None:
    _, first = workers.run(("greet", "Ada"))
    with pytest.raises(WorkerDied):
        workers.run(("die", ""))
    assert workers.run(("greet", "Bob"))[1] != first
    assert workers.free == 2


def test_no_more_run_at_once_than_allowed(workers: WorkerProcesses) -> None:
    began, answers = time.monotonic(), []
    threads = [threading.Thread(target=lambda: answers.append(workers.run(("wait", 0.5)))) for _ in range(4)]
    for thread in threads:
        thread.start()
    wait_until(lambda: workers.free == 0, "both at it", 10)
    for thread in threads:
        thread.join()
    assert answers == ["waited"] * 4
    assert workers.running == 2
    assert time.monotonic() - began >= 1.0


def test_a_worker_with_nothing_to_do_is_stopped(workers: WorkerProcesses) -> None:
    _, pid = workers.run(("greet", "Ada"))
    workers.stop_idle(60)
    assert workers.running == 1
    workers.stop_idle(0)
    assert workers.running == 0
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_stopping_asks_those_at_a_task_to_leave_it(workers: WorkerProcesses) -> None:
    answers: list[str] = []
    thread = threading.Thread(target=lambda: answers.append(workers.run(("wait", 60))))
    thread.start()
    time.sleep(1.0)
    workers.stop()
    thread.join(10)
    assert answers == ["stopped"]
    with pytest.raises(WorkerDied):
        workers.run(("greet", "Ada"))
