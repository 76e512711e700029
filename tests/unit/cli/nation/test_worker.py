"""A worker tries what fails once more, by a new desk, and only then says why it failed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from services.cli.nation import worker
from services.cli.nation.council import Failed
from services.cli.nation.results import Asked, Figures, Results
from services.cli.nation.worker import DIED, Worker
from shared.worker_processes import TaskFailed, WorkerDied
from tests.builders.nation import a_task, some_figures

LATE = Failed("Caseload did not answer in time.")


class Desks:
    """Desks that come to these things, one after another."""

    def __init__(self, came: Sequence[Figures | Failed | Exception]) -> None:
        self._came, self.ended = list(came), 0
        self.meanwhile: Callable[[], None] = lambda: None

    def __call__(self, *_: Any) -> Desks:
        return self

    def run(self, _: Any) -> Figures | Failed:
        self.meanwhile()
        came = self._came.pop(0)
        if isinstance(came, Exception):
            raise came
        return came

    def stop_idle(self, idle_seconds: float) -> None:
        assert idle_seconds == 0.0
        self.ended += 1

    def stop(self) -> None:
        """As a desk does that is told to."""


@pytest.fixture
def results(tmp_path: Path) -> Results:
    found = Results(tmp_path)
    found.begin(Asked("run_1", 2024, "", "v1"), [a_task("301")])
    return found


def take(folder: Path, monkeypatch: pytest.MonkeyPatch, *came: Figures | Failed | Exception, stop: bool = False) -> int:
    """Have a worker take a task whose tries come to these things; how many desks were ended for the next try."""
    desks = Desks(came)
    monkeypatch.setattr(worker, "WorkerProcesses", desks)
    one = Worker("one", folder)
    if stop:
        desks.meanwhile = one.stop
    one.take_message({"run": "run_1"})
    return desks.ended


@pytest.mark.parametrize("first", [LATE, TaskFailed("OSError"), WorkerDied()])
def test_what_failed_once_is_done_by_a_new_desk(
    first: Failed | Exception, results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert take(tmp_path, monkeypatch, first, some_figures()) == 1
    assert [each.figures for each in results.done()] == [some_figures()]
    assert (results.failed(), results.in_hand()) == ([], {})


@pytest.mark.parametrize(
    ("last", "reason"),
    [
        (LATE, LATE.reason),
        (TaskFailed("OSError"), "a fault in inborough itself (OSError)"),
        (WorkerDied(), DIED),
    ],
)
def test_what_fails_again_has_failed_for_the_last_reason(
    last: Failed | Exception, reason: str, results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(tmp_path, monkeypatch, Failed("first"), last)
    assert results.failed() == [(a_task("301"), reason)]
    assert results.in_hand() == {}


def test_a_worker_that_is_told_to_stop_leaves_what_fails_to_be_done_again(
    results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert take(tmp_path, monkeypatch, LATE, stop=True) == 0
    assert results.failed() == []
    assert list(results.in_hand()) == ["one"]


def test_figures_that_come_as_it_is_told_to_stop_are_kept(
    results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(tmp_path, monkeypatch, some_figures(), stop=True)
    assert len(results.done()) == 1
