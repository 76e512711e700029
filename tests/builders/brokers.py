"""Brokers of a test's own that can go away and come back: files in a folder, or a virtual host of RabbitMQ."""

from __future__ import annotations

import atexit
import os
import secrets
import shutil
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from tests.builders.gate import Gate

RABBITMQ = os.environ.get("INBOROUGH_TEST_RABBITMQ", "amqp://guest:guest@127.0.0.1:5672/")
BROKERS = ("files", "rabbitmq")


class NoBroker(Exception):
    """RabbitMQ does not answer at INBOROUGH_TEST_RABBITMQ."""


class Broker(Protocol):
    """A broker that a test may take away."""

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs in its environment to use it."""
        ...

    def go_away(self) -> None:
        """Fail whoever uses it, and whoever comes."""
        ...

    def come_back(self) -> None:
        """Work again."""
        ...


@dataclass
class Files:
    """The embedded broker. Away, its folder is gone and a file stands in the way of a new one."""

    var: Path

    @property
    def environment(self) -> dict[str, str]:
        return {"INBOROUGH_VAR": str(self.var)}

    @property
    def folder(self) -> Path:
        """Where its messages are."""
        return self.var / "broker"

    def go_away(self) -> None:
        with suppress(FileNotFoundError):
            self.folder.rename(self.var / f"away-{secrets.token_hex(4)}")
        self.folder.touch()

    def come_back(self) -> None:
        self.folder.unlink()


@dataclass
class RabbitMQ:
    """A virtual host of the machine's RabbitMQ, behind a gate of its own. Away, the gate is shut."""

    var: Path
    gate: Gate
    url: str

    @property
    def environment(self) -> dict[str, str]:
        return {"INBOROUGH_VAR": str(self.var), "INBOROUGH_BROKER_URL": self.url}

    def go_away(self) -> None:
        self.gate.shut()

    def come_back(self) -> None:
        self.gate.open()


@contextmanager
def running_broker(kind: str, folder: Path) -> Iterator[Broker]:
    """A broker of one of BROKERS, with its files in `folder`. Raises NoBroker."""
    if kind == "files":
        yield Files(folder)
        return
    where = urlsplit(RABBITMQ)
    host, port = where.hostname or "127.0.0.1", where.port or 5672
    with ExitStack() as stack:
        virtual_host = stack.enter_context(_virtual_host(host, port, where.path.strip("/"), where.username or "guest"))
        gate = stack.enter_context(Gate(host, port))
        yield RabbitMQ(folder, gate, f"amqp://{where.username}:{where.password}@{gate.address}/{virtual_host}")


@contextmanager
def _virtual_host(host: str, port: int, usual: str, user: str) -> Iterator[str]:
    """One of its own where the server may be told to make one; else the one that the URL names."""
    try:
        socket.create_connection((host, port), timeout=2).close()
    except OSError:
        raise NoBroker from None
    if shutil.which("rabbitmqctl") is None:
        yield usual
        return
    if not _unused:
        _unused.extend(_make_virtual_hosts(user))
    yield _unused.pop()


_unused: list[str] = []
AT_ONCE = 6
"""Virtual hosts made by one rabbitmqctl, which takes a second of processor to start."""


def _make_virtual_hosts(user: str) -> list[str]:
    """Empty ones on which the user may do everything, gone when this process ends."""
    names = [f"inborough_test_{secrets.token_hex(4)}" for _ in range(AT_ONCE)]
    all_of_it = ", ".join(['<<".*">>'] * 3)
    allow = f'rabbit_auth_backend_internal:set_permissions(<<"{user}">>, Name, {all_of_it}, <<"tests">>)'
    _for_each(names, f'rabbit_vhost:add(Name, <<"tests">>), {allow}')
    atexit.register(_for_each, names, 'rabbit_vhost:delete(Name, <<"tests">>)')
    return names


def _for_each(names: Sequence[str], does: str) -> None:
    """Have RabbitMQ itself do something with each Name."""
    listed = ", ".join(f'<<"{name}">>' for name in names)
    control("eval", f"lists:foreach(fun(Name) -> {does} end, [{listed}]).")


def control(*words: str) -> None:
    """Tell RabbitMQ something by rabbitmqctl."""
    subprocess.run(["rabbitmqctl", "-q", *words], check=True, capture_output=True)


def asked(*words: str) -> str:
    """What rabbitmqctl answers, a line a row and a tab between columns."""
    quiet = ["rabbitmqctl", "-q", "--no-table-headers"]
    return subprocess.run([*quiet, *words], check=True, capture_output=True, text=True).stdout
