"""A service imported once is started and stopped many times, each time with an environment and a log of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.identity.keys import make_keys
from tests.builders.running import ROOT, wait_until

pytestmark = pytest.mark.timeout(300)


class Waiting:
    """A process that has the journal imported."""

    def __init__(self) -> None:
        command = [sys.executable, "-W", "ignore", "-m", "shared.forking", "journal"]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True)

    def ask(self, **asked: Any) -> dict[str, Any]:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        return self.read()

    def read(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def start(self, folder: Path, **environment: str) -> tuple[int, Path]:
        """Start the journal in a folder; its process id and its log."""
        make_keys(folder / "identity")
        told = {"INBOROUGH_VAR": str(folder), "INBOROUGH_IDENTITY": str(folder / "identity"), **environment}
        told |= {"INBOROUGH_JOURNAL_PORT": "0", "INBOROUGH_JOURNAL_METRICS_PORT": "0"}
        log = folder / "journal.log"
        answer = self.ask(start={"PATH": os.environ["PATH"], **told}, log=str(log))
        return int(answer["pid"]), log


@pytest.fixture
def waiting() -> Iterator[Waiting]:
    found = Waiting()
    with found.process:  # closes its input, upon which it stops its service and ends
        assert found.read() == {"ready": "journal"}
        yield found


def serves(log: Path) -> bool:
    return log.exists() and "service_started" in log.read_text()


def test_a_service_is_forked_again_and_again_and_ends_with_whoever_waits(waiting: Waiting, tmp_path: Path) -> None:
    pids = []
    for name in ("one", "two"):
        pid, log = waiting.start(tmp_path / name)
        wait_until(lambda log=log: serves(log), f"{name} to serve")  # type: ignore[misc]
        assert (tmp_path / name / "journal.db").exists()
        pids.append(pid)
        if name == "one":
            assert waiting.ask(stop=10) == {"status": 0}
            assert "service_stopped" in log.read_text()
    assert len(set(pids)) == 2
    waiting.process.communicate()  # closes its input
    assert waiting.process.returncode == 0
    assert "service_stopped" in (tmp_path / "two" / "journal.log").read_text()


def test_it_stops_its_service_and_ends_without_a_word_when_nobody_listens_any_more(
    waiting: Waiting, tmp_path: Path
) -> None:
    pid, log = waiting.start(tmp_path / "one")
    wait_until(lambda: serves(log), "to serve")
    assert waiting.process.stdin is not None
    assert waiting.process.stdout is not None
    waiting.process.stdout.close()
    waiting.process.stdin.write('{"stop": 10}\n')
    waiting.process.stdin.flush()
    assert waiting.process.wait(60) == 0
    assert not Path(f"/proc/{pid}").exists()
    assert waiting.process.stderr is not None
    assert waiting.process.stderr.read() == ""


def test_one_that_cannot_start_says_why_in_its_log_and_leaves_the_rest_waiting(
    waiting: Waiting, tmp_path: Path
) -> None:
    _, log = waiting.start(tmp_path / "one", INBOROUGH_JOURNAL_THREADS="0")
    wait_until(lambda: "threads" in (log.read_text() if log.exists() else "").casefold(), "the reason")
    assert waiting.ask(stop=10)["status"] != 0
    _, log = waiting.start(tmp_path / "two")
    wait_until(lambda: serves(log), "to serve")
