"""The whole system as processes that a supervisor starts again whenever they die, on either database."""

from __future__ import annotations

import io
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, redirect_stderr
from dataclasses import dataclass, field
from pathlib import Path

import grpc
from sqlalchemy import create_engine, text

from shared.healthcheck import is_serving
from tests.builders.ports import free_ports

ROOT = Path(__file__).parents[2]
SERVICES = ("caseload", "provision", "cost", "placement", "journal")
EVENTS = ("placement", "provision", "journal")
POSTGRESQL = os.environ.get("INBOROUGH_TEST_POSTGRESQL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")
START_SECONDS = 300.0
LOOK_SECONDS = 0.02


@dataclass
class Supervised:
    """Started processes. `deaths` counts, by name, how often each was found killed and was started again."""

    folder: Path
    environment: dict[str, str]
    deaths: Counter[str] = field(default_factory=Counter)
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _ending: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def address(self, service: str) -> str:
        """host:port of a service; it stays the same over restarts."""
        return self.environment[f"INBOROUGH_{service.upper()}_ADDRESS"]

    def kill(self, name: str) -> None:
        """SIGKILL a process; the supervisor starts it again."""
        with self._lock:
            self._running[name].send_signal(signal.SIGKILL)

    def start(self) -> None:
        """Start everything and wait until it serves."""
        for service in SERVICES:
            self._start(service)
        self._start("events")
        threading.Thread(target=self._watch, daemon=True).start()
        deadline = time.monotonic() + START_SECONDS
        for service in SERVICES:
            while not _serves(self.address(service)):
                if time.monotonic() > deadline:
                    raise RuntimeError(f"{service} does not come to serve; see {self.folder / f'{service}.log'}")
                time.sleep(0.1)

    def stop(self) -> None:
        """End everything."""
        self._ending.set()
        with self._lock:
            for process in self._running.values():
                process.terminate()
        for process in self._running.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _start(self, name: str) -> None:
        words = ["shared.events.process", *EVENTS] if name == "events" else [f"services.{name}.main"]
        with (self.folder / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                [sys.executable, "-m", *words], cwd=ROOT, env={**os.environ, **self.environment}, stdout=log, stderr=log
            )

    def _watch(self) -> None:
        while not self._ending.wait(LOOK_SECONDS):
            with self._lock:
                for name, process in list(self._running.items()):
                    if not self._ending.is_set() and process.poll() is not None:
                        self.deaths[name] += 1
                        self._start(name)


def _serves(address: str) -> bool:
    with redirect_stderr(io.StringIO()):  # it says why not, which is no news while a process starts
        return is_serving(address)


@contextmanager
def supervised(database: str, folder: Path, **more: str) -> Iterator[Supervised]:
    """The system on "sqlite" or "postgresql", empty, with its files in `folder`. Databases are dropped at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    environment = {"INBOROUGH_VAR": str(folder), "INBOROUGH_TODAY": "2024-02-01", "PYTHONUNBUFFERED": "1", **more}
    for service, port in zip(SERVICES, free_ports(len(SERVICES)), strict=True):
        environment[f"INBOROUGH_{service.upper()}_ADDRESS"] = f"127.0.0.1:{port}"
        environment[f"INBOROUGH_{service.upper()}_PORT"] = str(port)
        environment[f"INBOROUGH_{service.upper()}_METRICS_PORT"] = "0"
    for part in EVENTS:
        environment[f"INBOROUGH_{part.upper()}_EVENTS_METRICS_PORT"] = "0"
    with ExitStack() as stack:
        if database == "postgresql":
            environment |= stack.enter_context(_databases())
        system = Supervised(folder, environment)
        stack.callback(system.stop)
        system.start()
        yield system


@contextmanager
def _databases() -> Iterator[Mapping[str, str]]:
    """One PostgreSQL database a service."""
    server = create_engine(POSTGRESQL, isolation_level="AUTOCOMMIT")
    names = {service: f"inborough_faults_{service}_{secrets.token_hex(4)}" for service in SERVICES}
    try:
        with server.connect() as connection:
            for name in names.values():
                connection.execute(text(f"CREATE DATABASE {name}"))
        yield {
            f"INBOROUGH_{service.upper()}_DATABASE_URL": server.url.set(database=name).render_as_string(False)
            for service, name in names.items()
        }
    finally:
        with server.connect() as connection:
            for name in names.values():
                connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        server.dispose()


def wait_ready(channel: grpc.Channel, seconds: float = 60.0) -> None:
    """Wait until a channel can be used."""
    grpc.channel_ready_future(channel).result(timeout=seconds)
