"""What a container has, said in this machine's words: host names, ports, mounted folders and secrets."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from services.cli.failures import CannotGoOn
from services.cli.system.compose.file import SECRETS, Container
from services.cli.typed import typed

LOOPBACK = "127.0.0.1"
EVERYWHERE = "0.0.0.0"  # noqa: S104 - what containers listen on; nothing does here
IMAGE = {"PYTHONUNBUFFERED": "1", "PYTHONOPTIMIZE": "1"}
"""Of what the images' environment says, what changes how our code behaves."""
INHERITED = re.compile(r"PATH|HOME|LANG|LC_\w+|TZ|SSL_CERT_\w+|LD_LIBRARY_PATH|(HTTPS?|NO)_PROXY", re.IGNORECASE)
BETWEEN_REPLICAS = 10


@dataclass(frozen=True)
class LocalProcess:
    """One container as a process here. `container` is its name in the file; `name` differs for further replicas.

    `ports` are all that its environment names, its service's among them. `needs` has only containers of ours.
    """

    name: str
    container: str
    once: bool
    command: tuple[str, ...]
    environment: Mapping[str, str]
    ports: tuple[int, ...]
    check: tuple[str, ...]
    needs: Mapping[str, str]


class Machine:
    """This machine in place of the containers'.

    Containers that are not ours are looked for at `hosts` ("postgres:5432" or "postgres" -> where it is), else on this
    machine. `shift` is added to every port of ours. `folder` is for what each process has to itself.
    """

    def __init__(
        self, containers: Mapping[str, Container], folder: Path, hosts: Mapping[str, str] | None = None, shift: int = 0
    ) -> None:
        self._containers, self._folder, self._hosts, self._shift = containers, folder.resolve(), hosts or {}, shift
        names = "|".join(map(re.escape, sorted(containers, key=len, reverse=True)))
        self._address = re.compile(rf"(?<![\w.-])({names}):(\d+)(?!\d)")

    def processes(self) -> list[LocalProcess]:
        """All of ours that start unasked, in the file's order, each replica a process; their folders are made ready."""
        ours = [each for each in self._containers.values() if each.ours and not each.optional]
        return [self.process(each.name, number) for each in ours for number in range(1, each.replicas + 1)]

    def process(self, name: str, number: int = 1) -> LocalProcess:
        """One container of ours. Raises CannotGoOn when one of its secrets is not there."""
        container = self._containers[name]
        own = name if number == 1 else f"{name}-{number}"
        places = {**container.mounts, **self._own_folders(container, own)}
        moved = self._shift + (number - 1) * BETWEEN_REPLICAS
        ports = {value: int(value) + moved for key, value in container.environment.items() if key.endswith("_PORT")}
        told = {
            key: str(ports[value]) if key.endswith("_PORT") else self._word(value, places)
            for key, value in container.environment.items()
        }
        check = tuple(_own_ports(self._word(word, places), ports) for word in container.check)
        return LocalProcess(
            name=own,
            container=name,
            once=container.once,
            command=tuple(self._word(word, places) for word in container.command),
            environment={**_inherited(), **IMAGE, "TMPDIR": str(places.get("/tmp", "/tmp")), **told},  # noqa: S108
            ports=tuple(ports.values()),
            check=check,
            needs={other: how for other, how in container.needs.items() if self._containers[other].ours},
        )

    def outside(self) -> dict[str, str]:
        """Containers that are not ours and that ours call -> their address here."""
        words = [word for each in self._containers.values() if each.ours for word in each.environment.values()]
        found = {match[1]: match[0] for word in words for match in self._address.finditer(word)}
        return {name: self._word(at, {}) for name, at in found.items() if not self._containers[name].ours}

    def _word(self, word: str, places: Mapping[str, Path]) -> str:
        if word == EVERYWHERE:
            return LOOPBACK
        for there, here in places.items():
            if word == there or word.startswith(f"{there}/"):
                return str(here.resolve()) + word.removeprefix(there)
        return self._address.sub(self._found, word)

    def _found(self, match: re.Match[str]) -> str:
        name, port = match[1], int(match[2])
        if self._containers[name].ours:
            return f"{LOOPBACK}:{port + self._shift}"
        where = self._hosts.get(match[0]) or self._hosts.get(name) or LOOPBACK
        return where if ":" in where else f"{where}:{port}"

    def _own_folders(self, container: Container, own: str) -> dict[str, Path]:
        folder = self._folder / own
        shutil.rmtree(folder, ignore_errors=True)
        for part in (*container.scratch, SECRETS):
            (folder / part.strip("/")).mkdir(parents=True, mode=0o700)
        for name, file in container.secrets.items():
            _copy_secret(file, folder / SECRETS.strip("/") / name)
        return {part: folder / part.strip("/") for part in (*container.scratch, SECRETS)}


def _copy_secret(file: Path, to: Path) -> None:
    """A copy, since a link that leaves its folder is not followed by who reads secrets."""
    if not file.is_file():
        raise CannotGoOn(f"The secret {file} is not there.", f"Make all of them: `{typed('secrets --out secrets')}`.")
    content = file.read_bytes()
    if not content.strip():
        raise CannotGoOn(f"The secret {file} is empty.", "Write it into the file; docs/operating.md says what it is.")
    with os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as copy:
        copy.write(content)


def _own_ports(word: str, ports: Mapping[str, int]) -> str:
    for port, moved in ports.items():
        word = re.sub(rf"\b127\.0\.0\.1:{port}\b", f"{LOOPBACK}:{moved}", word)
    return word


def _inherited() -> dict[str, str]:
    """What a process needs of this machine; nothing else of whoever starts it reaches it, as in a container."""
    kept = {name: value for name, value in os.environ.items() if INHERITED.fullmatch(name)}
    return {**kept, "PATH": os.pathsep.join((str(Path(sys.executable).parent), kept.get("PATH", os.defpath)))}
