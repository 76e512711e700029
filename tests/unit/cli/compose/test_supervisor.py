"""Processes started in order, watched, and started again."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from services.cli.failures import CannotGoOn
from services.cli.system.compose.machine import LocalProcess
from services.cli.system.compose.supervisor import Supervisor
from services.cli.system.processes import Processes

SLEEP, TRUE, FALSE = ("sleep", "60"), ("true",), ("false",)


@dataclass
class Trial:
    supervisor: Supervisor
    processes: Processes
    said: list[str]

    def until(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 60
        while not condition():
            assert time.monotonic() < deadline
            self.supervisor.step()
            time.sleep(0.01)


def process(name: str, command: tuple[str, ...] = SLEEP, needs: str = "", **different: object) -> LocalProcess:
    usual = {"container": name, "once": False, "environment": os.environ, "ports": (), "check": ()}
    needed = dict.fromkeys(needs.split(), "service_healthy")
    return LocalProcess(name=name, command=command, needs=needed, **{**usual, **different})  # type: ignore[arg-type]


@contextmanager
def supervised(folder: Path, *plan: LocalProcess) -> Iterator[Trial]:
    said: list[str] = []
    with Processes({}, os.environ, folder) as processes:
        supervisor = Supervisor(plan, processes, said.append)
        yield Trial(supervisor, processes, said)
        supervisor.close()


def test_what_runs_once_ends_before_those_that_need_it_start(tmp_path: Path) -> None:
    written = tmp_path / "migrated"
    migrate = process("migrate", ("touch", str(written)), once=True)
    service = process("service", ("sh", "-c", f"test -e {written} && sleep 60"), needs="migrate")
    with supervised(tmp_path, service, migrate) as trial:
        trial.supervisor.wait_until_up(10)
        assert (trial.processes.status("migrate"), trial.processes.status("service")) == (0, None)
        assert trial.said == []


def test_whoever_needs_another_waits_for_its_health_check(tmp_path: Path) -> None:
    healthy = tmp_path / "healthy"
    first = process("first", check=("test", "-e", str(healthy)))
    with supervised(tmp_path, process("second", needs="first"), first) as trial:
        trial.supervisor.step()
        assert trial.supervisor.waiting == ["second", "first"]
        healthy.touch()
        trial.supervisor.wait_until_up(10)
        assert trial.processes.status("second") is None


def test_every_replica_of_what_is_needed_must_be_healthy(tmp_path: Path) -> None:
    ill = process("worker-2", container="worker", check=FALSE)
    with supervised(tmp_path, process("worker"), ill, process("last", needs="worker")) as trial:
        trial.until(lambda: trial.supervisor.waiting == ["worker-2", "last"])


def test_one_that_is_never_healthy_is_named_with_its_log(tmp_path: Path) -> None:
    with supervised(tmp_path, process("ill", check=FALSE)) as trial, pytest.raises(CannotGoOn, match=r"ill\.log"):
        trial.supervisor.wait_until_up(0.2)


def test_what_runs_once_and_fails_stops_everything(tmp_path: Path) -> None:
    with (
        supervised(tmp_path, process("migrate", FALSE, once=True)) as trial,
        pytest.raises(CannotGoOn, match=r"migrate ended with 1.*migrate\.log"),
    ):
        trial.supervisor.wait_until_up(10)


def test_one_that_ends_at_its_start_again_and_again_stops_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.cli.system.compose.supervisor.FIRST_DELAY", 0.01)
    with (
        supervised(tmp_path, process("broken", FALSE, check=FALSE)) as trial,
        pytest.raises(CannotGoOn, match="broken ended with 1, so everything is stopped"),
    ):
        trial.supervisor.wait_until_up(10)
    assert len(trial.said) == 2


def test_one_that_ends_later_is_started_again_each_time_a_little_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.cli.system.compose.supervisor.FIRST_DELAY", 0.01)
    monkeypatch.setattr("services.cli.system.compose.supervisor.LONGEST_DELAY", 0.04)
    flighty = process("flighty", ("sh", "-c", f"test -e {tmp_path / 'ill'} || exec sleep 60"))
    with supervised(tmp_path, flighty, process("steady")) as trial:
        trial.supervisor.wait_until_up(10)
        (tmp_path / "ill").touch()
        os.kill(trial.processes.pid("flighty"), signal.SIGKILL)
        trial.until(lambda: len(trial.said) >= 5)
        assert trial.processes.status("steady") is None
    assert "flighty ended with -9; it is started again in 0 s" in trial.said[0]


def test_a_process_that_ran_for_a_while_begins_again_with_the_shortest_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.cli.system.compose.supervisor.FIRST_DELAY", 0.01)
    monkeypatch.setattr("services.cli.system.compose.supervisor.STEADY_SECONDS", 0.0)
    monkeypatch.setattr("services.cli.system.compose.supervisor.TRIES_AT_START", 2)
    with supervised(tmp_path, process("flighty", TRUE)) as trial:
        trial.until(lambda: len(trial.said) >= 4)
