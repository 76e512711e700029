"""Processes started in the order that they need one another, watched, and started again when they end.

As a container engine does it: one that is to run once must end well before those that need it start, the rest are
healthy when their health check passes, and one that ends is started again, each time a little later.
"""

from __future__ import annotations

import re
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from services.cli import exits
from services.cli.failures import CannotGoOn
from services.cli.system.compose.machine import LocalProcess
from services.cli.system.processes import Processes
from services.cli.system.procfile import ROOT

FIRST_DELAY, LONGEST_DELAY, STEADY_SECONDS = 1.0, 60.0, 60.0
TRIES_AT_START = 3
CHECK_EVERY_SECONDS = 1.0
CHECKS_AT_ONCE = 2
LOOK_EVERY_SECONDS = 0.1
PORT = re.compile(r"127\.0\.0\.1:(\d+)")


@dataclass
class Watched:
    """One process and how it stands. `ended` counts the times that it ended since it last ran for a while."""

    process: LocalProcess
    started_at: float = 0.0
    start_again_at: float = 0.0
    running: bool = False
    ready: bool = False
    ended: int = 0
    checked_at: float = 0.0
    check: subprocess.Popen[bytes] | None = field(default=None, repr=False)


class Supervisor:
    """Starts and watches what `processes` keeps. `say` tells the person what happens. Call `step` again and again."""

    def __init__(self, plan: Sequence[LocalProcess], processes: Processes, say: Callable[[str], None]) -> None:
        self._all = [Watched(each) for each in plan]
        self._processes, self._say = processes, say
        self._up = False

    @property
    def waiting(self) -> list[str]:
        """Names of those that are not ready."""
        return [each.process.name for each in self._all if not each.ready]

    def wait_until_up(self, seconds: float) -> None:
        """Until each has ended well or is healthy. Raises CannotGoOn, naming the logs, when one is not in time."""
        deadline = time.monotonic() + seconds
        while waiting := self.waiting:
            if time.monotonic() > deadline:
                logs = ", ".join(str(self._processes.log_file(name)) for name in waiting)
                raise CannotGoOn(f"Not healthy after {seconds:.0f} s: {logs}.", "", exits.SERVICE_DOWN)
            self.step()
            time.sleep(LOOK_EVERY_SECONDS)
        self._up = True

    def stay(self) -> None:
        """Start again whatever ends, for ever."""
        while True:
            self.step()
            time.sleep(LOOK_EVERY_SECONDS)

    def step(self) -> None:
        """Look at each once. Raises CannotGoOn when one cannot be started."""
        for each in self._all:
            if each.running:
                self._look_at(each)
            elif not (each.process.once and each.ready) and self._may_start(each):
                self._start(each)

    def close(self) -> None:
        """End the health checks that are under way."""
        for each in self._all:
            if each.check:
                each.check.kill()
                each.check.wait()

    def _may_start(self, each: Watched) -> bool:
        needed = [other for other in self._all if other.process.container in each.process.needs]
        return time.monotonic() >= each.start_again_at and all(other.ready or self._up for other in needed)

    def _start(self, each: Watched) -> None:
        self._processes.start(each.process.name, each.process.command, each.process.environment)
        each.running, each.started_at = True, time.monotonic()

    def _look_at(self, each: Watched) -> None:
        status = self._processes.status(each.process.name)
        if status is not None:
            self._has_ended(each, status)
        elif not each.ready and not each.process.once:
            each.ready = not each.process.check or self._is_healthy(each)

    def _has_ended(self, each: Watched, status: int) -> None:
        each.running = False
        if each.process.once and status == 0:
            each.ready = True
            return
        steady = time.monotonic() - each.started_at > STEADY_SECONDS
        each.ended = 1 if steady else each.ended + 1
        log = self._processes.log_file(each.process.name)
        if each.process.once or (not self._up and each.ended >= TRIES_AT_START):
            raise CannotGoOn(
                f"{each.process.name} ended with {status}, so everything is stopped. The reason is at the end of {log}",
                "" if not each.process.once else "Are the databases made? See `inborough prepare --help`.",
                exits.SERVICE_DOWN,
            )
        delay = min(FIRST_DELAY * 2 ** (each.ended - 1), LONGEST_DELAY)
        each.start_again_at = time.monotonic() + delay
        self._say(f"{each.process.name} ended with {status}; it is started again in {delay:.0f} s. Its log: {log}")

    def _is_healthy(self, each: Watched) -> bool:
        """Whether its own health check has passed; begins one when none is under way and it listens."""
        if each.check is not None:
            if each.check.poll() is None:
                return False
            status, each.check = each.check.returncode, None
            return status == 0
        busy = sum(other.check is not None for other in self._all)
        due = time.monotonic() - each.checked_at > CHECK_EVERY_SECONDS
        if due and busy < CHECKS_AT_ONCE and _listens(each.process):
            each.checked_at = time.monotonic()
            each.check = start_check(each.process)
        return False


def start_check(process: LocalProcess) -> subprocess.Popen[bytes]:
    """The health check of one process, started."""
    quiet = subprocess.DEVNULL
    return subprocess.Popen(process.check, cwd=ROOT, env=process.environment, stdin=quiet, stdout=quiet, stderr=quiet)


def _listens(process: LocalProcess) -> bool:
    """Whether anything listens where the health check looks: asking that first spares starting the check in vain."""
    for port in PORT.findall(" ".join(process.check)):
        with socket.socket() as probe:
            probe.settimeout(0.2)
            if probe.connect_ex(("127.0.0.1", int(port))):
                return False
    return True
