"""A PostgreSQL and a RabbitMQ of a test's own, set up as docker-compose.yml sets up its own: under TLS alone."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from services.cli.system.secret_set import DEFINITIONS, ROLES
from tests.architecture.compose import compose, required_variables
from tests.architecture.source import ROOT
from tests.builders.running import wait_until

PROGRAMS = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: int(each.parent.name), default=Path("/none"))
"""Of the newest PostgreSQL that is installed, where Debian has them."""
BROKER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
DEPLOYED = ROOT / "deploy" / "postgres"
OWNER = "postgres"
SECONDS = 60.0


class NoProgram(Exception):
    """A server's program is not installed here; which."""


@contextmanager
def postgresql(certificates: Path, secrets: Path, name: str) -> Iterator[int]:
    """The port of one with the databases that 10-databases.sh makes. Raises NoProgram."""
    if not (PROGRAMS / "initdb").is_file() or os.geteuid() != 0:
        raise NoProgram(f"PostgreSQL in {PROGRAMS}, with root to start it as {OWNER},")
    with tempfile.TemporaryDirectory(prefix="inborough-") as own:  # below pytest's folder the owner may see nothing
        shutil.chown(own, OWNER)
        yield from _postgresql(Path(own), certificates, secrets, name)


def _postgresql(folder: Path, certificates: Path, secrets: Path, name: str) -> Iterator[int]:
    places = {
        "/certificates": _owned(certificates, folder / "certificates", OWNER),
        "/etc/postgresql/pg_hba.conf": _owned(DEPLOYED / "pg_hba.conf", folder / "pg_hba.conf", OWNER),
    }
    container = compose(dict.fromkeys(required_variables(), "x"))["services"]["postgres"]
    told = [_here(word, places) for word in container["command"]]
    port = free_port()
    cluster, socket_folder = folder / "cluster", str(folder)
    _as_owner([str(PROGRAMS / "initdb"), "--no-sync", "--auth=reject", "-D", str(cluster)])
    own = ["-D", str(cluster), "-p", str(port), "-k", socket_folder, "-c", "fsync=off"]
    command = [str(PROGRAMS / told[0]), *told[1:], *own]
    with _server(_by_owner(command), folder / "postgresql.log", end=signal.SIGINT):  # without waiting for its clients
        environment = {**os.environ, "PGHOST": socket_folder, "PGPORT": str(port)}
        roles = _owned(secrets / ROLES, folder / ROLES, OWNER)
        environment |= {"INBOROUGH_NAME": name, "INBOROUGH_ROLES": str(roles)}
        wait_until(lambda: _is_up(environment), "PostgreSQL answers", SECONDS)
        script = _owned(DEPLOYED / "10-databases.sh", folder / "10-databases.sh", OWNER)
        _as_owner(["bash", str(script)], environment)
        yield port


def _is_up(environment: Mapping[str, str]) -> bool:
    ready = [str(PROGRAMS / "pg_isready"), "-q"]
    return subprocess.run(ready, env=environment, check=False).returncode == 0


@contextmanager
def rabbitmq(folder: Path, certificates: Path, secrets: Path) -> Iterator[int]:
    """The port where one will listen, with the user and virtual host of the definitions. Raises NoProgram."""
    if not BROKER.is_file():
        raise NoProgram(f"RabbitMQ's {BROKER}")
    port, distribution, names = free_port(), free_port(), free_port()
    written = (ROOT / "deploy" / "rabbitmq" / "20-inborough.conf").read_text(encoding="utf-8")
    places = {"/certificates": certificates, "/run/secrets/rabbitmq_definitions": secrets / DEFINITIONS}
    settings = _here(written, places).replace("= 5671", f"= {port}")
    (folder / "rabbitmq.conf").write_text(settings, encoding="utf-8")
    environment = {
        **os.environ,
        "HOME": str(folder),
        "RABBITMQ_NODENAME": f"inborough_test_{port}@localhost",
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
        "RABBITMQ_CONF_ENV_FILE": str(folder / "none"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "none"),
        "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
        "RABBITMQ_LOG_BASE": str(folder / "logs"),
        "RABBITMQ_DIST_PORT": str(distribution),
        "ERL_EPMD_PORT": str(names),
    }
    try:
        with _server([str(BROKER)], folder / "rabbitmq.log", environment):
            yield port
    finally:
        subprocess.run(["epmd", "-kill"], env=environment, check=False, capture_output=True)


def free_port() -> int:
    """One that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_listening(port: int) -> None:
    """Raises AssertionError when nobody listens there within a minute."""

    def listens() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    wait_until(listens, "the server answers", SECONDS)


def _here(text: str, places: Mapping[str, Path]) -> str:
    for there, here in places.items():
        text = text.replace(there, str(here))
    return text


def _owned(source: Path, to: Path, owner: str) -> Path:
    """A copy that another user owns, as the file mounted into the container is owned."""
    (shutil.copytree if source.is_dir() else shutil.copy)(source, to)
    for each in (to, *to.rglob("*")):
        shutil.chown(each, owner)
    return to


def _by_owner(command: Sequence[str]) -> list[str]:
    return ["setpriv", "--reuid", OWNER, "--regid", OWNER, "--clear-groups", *command]


def _as_owner(command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
    subprocess.run(_by_owner(command), env=environment, cwd="/", check=True, capture_output=True)


@contextmanager
def _server(
    command: Sequence[str], log: Path, environment: Mapping[str, str] | None = None, end: int = signal.SIGTERM
) -> Iterator[None]:
    with log.open("wb") as file:
        process = subprocess.Popen(command, env=environment, cwd="/", stdout=file, stderr=file, start_new_session=True)
    try:
        yield
    finally:
        process.send_signal(end)
        process.wait(SECONDS)
