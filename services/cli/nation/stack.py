"""A council's own services: four processes with databases of their own in its folder, which meet only over the wire.

No environment of ours reaches them but what is said here, so that a council's system is on SQLite, on loopback and
without a broker, whatever the national run itself uses: nobody hears its hints, and no panel's day needs its steps.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from services.cli.backup.sqlite import copy
from services.cli.demo.days import EXPORT_DAY
from services.cli.nation.alone import alone_in
from services.cli.system.ports import SPARING
from services.cli.system.procfile import ROOT
from services.cli.today import VARIABLE
from shared.identity.keys import make_keys

SERVICES = ("caseload", "provision", "cost", "placement")
"""In the order in which they need one another's addresses."""
START_SECONDS = 120.0
BEFORE_SECONDS = 60.0
"""So long those who had the folder before are waited for: what a killed worker leaves behind takes a while to end."""
STOP_SECONDS = 8.0
LOOK_SECONDS = 0.01
OURS = "INBOROUGH_"
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
"""A thread of a library that is there before a fork is not there after it."""


class NotStarted(Exception):
    """A service did not come to serve; `log` is where it says why."""

    def __init__(self, service: str, log: Path) -> None:
        super().__init__(f"{service} did not start; see {log}")


class InUse(Exception):
    """Another's services did not leave the folder in time."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"other services are using {folder}")


@dataclass(frozen=True)
class Stack:
    """A council's running services. `environment` is what a caller needs to reach them."""

    environment: Mapping[str, str]
    pids: tuple[int, ...]


class Services:
    """The four services, imported and waiting, to be started for one council after another.

    They have `folder` to themselves. Entering raises InUse when those who had it before do not leave it in time.
    """

    def __init__(self, folder: Path, wait_seconds: float = BEFORE_SECONDS) -> None:
        self._folder, self._wait_seconds = folder, wait_seconds
        self._open = ExitStack()
        self._waiting: dict[str, subprocess.Popen[str]] = {}

    def __enter__(self) -> Self:
        with ExitStack() as opening:
            held = opening.enter_context(alone_in(self._folder, InUse(self._folder), self._wait_seconds))
            for service in SERVICES:
                self._waiting[service] = process = _import(service, held)
                opening.callback(_end, process)
            for service in SERVICES:
                self._read(service)
            self._make_empty_databases()
            self._open = opening.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    @property
    def _empty(self) -> Path:
        return self._folder / "empty"

    def _make_empty_databases(self) -> None:
        """Have the services make their tables once, to be copied for each council."""
        shutil.rmtree(self._empty, ignore_errors=True)
        with self._running(self._empty, {}, migrate=True):
            pass

    @contextmanager
    def running(self, folder: Path, ons_code: str, la_code: str) -> Iterator[Stack]:
        """The services of the council with these codes, on empty databases in its folder. Raises NotStarted."""
        folder.mkdir(parents=True, exist_ok=True)
        for service in SERVICES:
            copy(self._empty / f"{service}.db", folder / f"{service}.db", lambda _: None)
        whose = {f"{OURS}AUTHORITY": ons_code, f"{OURS}LA_CODE": la_code}
        with self._running(folder, whose, migrate=False) as stack:
            yield stack

    @contextmanager
    def _running(self, folder: Path, whose: Mapping[str, str], *, migrate: bool) -> Iterator[Stack]:
        logs = folder / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        reach = {**whose, f"{OURS}VAR": str(folder.resolve()), VARIABLE: EXPORT_DAY.isoformat()}
        make_keys(folder.resolve() / "identity")
        pids = []
        with ExitStack() as stack:
            for service in SERVICES:
                told = {**_others(os.environ), **SPARING, **ONE_THREAD, **reach, **_own(service, migrate)}
                log = logs / f"{service}.log"
                pids.append(self._ask(service, start=told, log=str(log))["pid"])
                stack.callback(self._ask, service, stop=STOP_SECONDS)
                reach[f"{OURS}{service.upper()}_ADDRESS"] = _address(service, log)
            yield Stack(reach, tuple(pids))

    def _ask(self, service: str, **asked: Any) -> dict[str, Any]:
        to = self._waiting[service].stdin
        assert to is not None
        to.write(json.dumps(asked) + "\n")
        to.flush()
        return self._read(service)

    def _read(self, service: str) -> dict[str, Any]:
        source = self._waiting[service].stdout
        assert source is not None
        line = source.readline()
        if not line:
            raise BrokenPipeError(f"{service} ended")
        answer: dict[str, Any] = json.loads(line)
        return answer


def _import(service: str, held: int) -> subprocess.Popen[str]:
    """A process that imports a service and waits. It and its children hold the folder until the last has ended."""
    told = {**_others(os.environ), **SPARING, **ONE_THREAD}
    command = [sys.executable, "-m", "shared.forking", service]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, env=told, stdin=pipe, stdout=pipe, text=True, pass_fds=(held,))


def _own(service: str, migrate: bool) -> dict[str, str]:
    """A service's own settings: any free port, and no limit to how fast the one caller may ask."""
    values = {"PORT": "0", "METRICS_PORT": "0", "MIGRATE": str(migrate).lower()}
    values |= {"CALLS_A_MINUTE": "0", "COSTLY_CALLS_A_MINUTE": "0"}
    return {f"{OURS}{service.upper()}_{name}": value for name, value in values.items()}


def _others(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if not name.startswith(OURS)}


def _address(service: str, log: Path) -> str:
    """Where a service says in its log that it serves. Raises NotStarted."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        for line in log.read_text(encoding="utf-8").splitlines() if log.exists() else ():
            if '"service_started"' in line:
                with suppress(ValueError):  # the line is being written
                    return str(json.loads(line)["address"])
            if '"service_not_started"' in line or line.startswith("Traceback"):
                raise NotStarted(service, log)
        time.sleep(LOOK_SECONDS)
    raise NotStarted(service, log)


def _end(process: subprocess.Popen[str]) -> None:
    """Close its input, upon which it stops its service and ends."""
    assert process.stdin is not None
    assert process.stdout is not None
    with suppress(OSError):
        process.stdin.close()
    process.stdout.close()
    try:
        process.wait(2 * STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
