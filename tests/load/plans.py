"""What planners do at the command, since no page does it: all decisions due planned together, now and then."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping

from tests.architecture.source import ROOT

EVERY_SECONDS = 60.0
COMMAND = (sys.executable, "-m", "services.cli.main", "--as", "planner", "plan", "--json")


class Plans:
    """Asks for a plan once a minute, never for two at once. `seconds`: how long each took; `failed`: how many did."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._running: subprocess.Popen[bytes] | None = None
        self._began = time.monotonic() - EVERY_SECONDS / 2
        self.seconds: list[float] = []
        self.failed = 0

    def step(self) -> None:
        """Ask when it is time; take note of what has ended."""
        if self._running is not None and self._running.poll() is not None:
            self.seconds.append(time.monotonic() - self._began)
            self.failed += self._running.returncode != 0
            self._running = None
        if self._running is None and time.monotonic() - self._began >= EVERY_SECONDS:
            self._began = time.monotonic()
            quiet = subprocess.DEVNULL
            self._running = subprocess.Popen(COMMAND, cwd=ROOT, env=self._environment, stdout=quiet, stderr=quiet)

    def close(self) -> None:
        """Wait for the one that is under way no longer."""
        if self._running is not None:
            self._running.kill()
            self._running.wait()
