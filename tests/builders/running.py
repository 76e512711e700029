"""Processes of ours that a test starts, and what they log."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SECONDS = 60.0


@dataclass
class Process:
    """One process, and the file that its output goes to."""

    popen: subprocess.Popen[bytes]
    output: Path

    def lines(self, event: str = "") -> list[dict[str, Any]]:
        """Its log so far, or the lines of one event."""
        written = self.output.read_text().splitlines()
        found = [json.loads(line) for line in written if line.startswith("{")]
        return [line for line in found if not event or line["event"] == event]

    def wait_for(self, event: str, count: int = 1) -> dict[str, Any]:
        """The line of that event with that number, from 1."""
        wait_until(lambda: len(self.lines(event)) >= count or self.popen.poll() is not None, f"{event} in the log")
        return self.lines(event)[count - 1]

    def stop(self, seconds: float = SECONDS) -> int:
        """SIGTERM; the exit status."""
        self.popen.send_signal(signal.SIGTERM)
        return self.popen.wait(seconds)


@contextmanager
def running_process(module: Sequence[str], environment: Mapping[str, str], output: Path) -> Iterator[Process]:
    """`python -m` these words, killed at the end if it still runs."""
    command = [sys.executable, "-W", "ignore", "-m", *module]
    with output.open("ab") as file:
        popen = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, stdout=file, stderr=file)
    try:
        yield Process(popen, output)
    finally:
        popen.kill()
        popen.wait()


def wait_until(reached: Callable[[], bool], what: str, seconds: float = SECONDS) -> float:
    """Seconds until it was so. Raises AssertionError when it is not in time."""
    began = time.monotonic()
    while not reached():
        assert time.monotonic() - began < seconds, f"not in {seconds:.0f} s: {what}"
        time.sleep(0.05)
    return time.monotonic() - began
