"""docker-compose.yml, run without Docker: its own commands, environment, database script and health checks.

Host names become this machine, ports become free ones, PostgreSQL and RabbitMQ are the tests' servers, and the mounted
certificates are what `inborough certificates` made.
"""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from services.cli.system.certificate_set import write_set
from tests.architecture.compose import compose, our_processes, required_variables
from tests.architecture.source import ROOT, SERVICES
from tests.conftest import POSTGRESQL, need_server

START_SECONDS = 180
PREFIX = f"inborough_test_{secrets.token_hex(4)}_"
VALUES = dict.fromkeys(required_variables(), "aSecretOfTheTest0123456789")
CONTAINERS = compose(VALUES)["services"]
PROCESSES = {name: made for name, made in our_processes(compose(VALUES)).items() if name in SERVICES}

pytestmark = [pytest.mark.servers, pytest.mark.timeout(400)]


@pytest.fixture(scope="module")
def postgresql() -> Iterator[URL]:
    """The tests' PostgreSQL after compose's own script has made the databases."""
    server = create_engine(POSTGRESQL, isolation_level="AUTOCOMMIT")
    try:
        server.connect().close()
    except OperationalError:
        need_server("PostgreSQL", "INBOROUGH_TEST_POSTGRESQL")
    if not shutil.which("psql"):
        need_server("psql", "PATH")
    url = make_url(POSTGRESQL)
    told = {"PGHOST": url.host, "PGPORT": url.port or 5432, "POSTGRES_USER": url.username, "PGPASSWORD": url.password}
    environment = os.environ | VALUES | {name: str(value) for name, value in told.items() if value}
    script = ROOT / "deploy" / "postgres" / "10-databases.sh"
    subprocess.run([str(script)], env=environment | {"INBOROUGH_DATABASE_PREFIX": PREFIX}, check=True)
    yield url
    with server.connect() as connection:
        for service in (*SERVICES, "web"):
            connection.execute(text(f"DROP DATABASE {PREFIX}{service} WITH (FORCE)"))
            connection.execute(text(f"DROP ROLE {PREFIX}{service}"))
    server.dispose()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Translation:
    """Compose's words for what is on this machine."""

    def __init__(self, postgresql: URL, certificates: Path) -> None:
        self._certificates = certificates
        self.ports = {service: free_port() for service in SERVICES}
        self._words = {
            "@postgres:5432/inborough_": f"@{postgresql.host}:{postgresql.port or 5432}/{PREFIX}",
            "://inborough_": f"://{PREFIX}",
            "0.0.0.0": "127.0.0.1",
        }
        for number, service in enumerate(SERVICES, start=50051):
            self._words[f"{service}:{number}"] = self._words[f"127.0.0.1:{number}"] = f"127.0.0.1:{self.ports[service]}"

    def of(self, word: str) -> str:
        for theirs, ours in self._words.items():
            word = word.replace(theirs, ours)
        return sys.executable if word == "python" else word

    def environment(self, service: str) -> dict[str, str]:
        """What a container is told, and the free ports in place of its own."""
        given = self._given(CONTAINERS[service])
        ports = {"PORT": self.ports.get(service, 0), "METRICS_PORT": free_port()}
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("INBOROUGH_")}
        return inherited | given | {f"INBOROUGH_{service.upper()}_{name}": str(port) for name, port in ports.items()}

    def _given(self, made: Mapping[str, Any]) -> dict[str, str]:
        """A container's own variables; a folder that is mounted is the one that was mounted there."""
        mounted = {there: here for here, there, _ in (volume.split(":") for volume in made["volumes"])}
        given = {name: self.of(str(value)) for name, value in made["environment"].items()}
        folders = {
            name: str(self._certificates / Path(mounted[at]).name) for name, at in given.items() if at in mounted
        }
        return given | folders


@pytest.fixture(scope="module")
def running(postgresql: URL, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Any]]:
    """Each service's own command as a process of this machine, and the translation it was started with."""
    certificates = tmp_path_factory.mktemp("compose") / "certificates"
    write_set(certificates, "inborough", days=1, force=False)
    translation = Translation(postgresql, certificates)
    with ExitStack() as stack:
        processes = {}
        for service, made in PROCESSES.items():
            command = [translation.of(word) for word in made["command"]]
            process = subprocess.Popen(command, cwd=ROOT, env=translation.environment(service))
            stack.callback(process.wait, 30)
            stack.callback(process.terminate)
            processes[service] = process
        for service, process in processes.items():
            wait_until_healthy(service, process, translation)
        yield {"translation": translation, "processes": processes}


def wait_until_healthy(service: str, process: subprocess.Popen[bytes], translation: Translation) -> None:
    """Until compose's own health check passes."""
    deadline = time.monotonic() + START_SECONDS
    while check_health(service, translation) != 0:
        assert process.poll() is None, f"{service} ended"
        assert time.monotonic() < deadline, f"{service} is not healthy after {START_SECONDS} s"
        time.sleep(0.5)


def check_health(service: str, translation: Translation) -> int:
    """The exit status of compose's own health check."""
    _, *check = PROCESSES[service]["healthcheck"]["test"]
    command = [translation.of(word) for word in check]
    return subprocess.run(command, cwd=ROOT, env=translation.environment(service), check=False).returncode


def inborough(translation: Translation, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command in compose's container for it."""
    command = [sys.executable, "-m", "services.cli.main", *arguments]
    told = translation.environment("cli")
    return subprocess.run(command, cwd=ROOT, env=told, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_started_as_compose_does_is_healthy(service: str, running: Mapping[str, Any]) -> None:
    assert check_health(service, running["translation"]) == 0


def test_the_command_reaches_every_service_under_tls(running: Mapping[str, Any]) -> None:
    found = inborough(running["translation"], "health")
    assert (found.returncode, found.stderr) == (0, "")


def test_services_reach_one_another_under_tls(running: Mapping[str, Any]) -> None:
    found = inborough(running["translation"], "pools", "--first-day", "2024-09-02", "--json")
    assert (found.returncode, found.stderr) == (0, ""), "provision asks caseload who holds places"


def test_whoever_has_no_certificate_reaches_nothing(running: Mapping[str, Any]) -> None:
    told = running["translation"].environment("cli") | {"INBOROUGH_TLS": ""}
    command = [sys.executable, "-m", "services.cli.main", "policies"]
    found = subprocess.run(command, cwd=ROOT, env=told, capture_output=True, text=True, check=False)
    assert found.returncode == 3
    assert "takes only calls under TLS" in found.stderr


@pytest.mark.parametrize("service", SERVICES)
def test_each_service_brought_its_own_database_up_to_date(
    service: str, running: Mapping[str, Any], postgresql: URL
) -> None:
    engine = create_engine(postgresql.set(database=PREFIX + service))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM alembic_version")).scalar_one() == 1
        owners = connection.execute(text("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'"))
        assert owners.scalars().all() == [PREFIX + service]
    engine.dispose()


@pytest.mark.parametrize("service", SERVICES)
def test_no_service_may_open_anothers_database(service: str, postgresql: URL) -> None:
    own = postgresql.set(username=PREFIX + service, password=VALUES[f"{service.upper()}_DATABASE_PASSWORD"])
    other = SERVICES[SERVICES.index(service) - 1]
    engine = create_engine(own.set(database=PREFIX + other))
    with pytest.raises(OperationalError, match="permission denied"):
        engine.connect()
    engine.dispose()


def test_services_stop_cleanly_when_asked_and_are_unhealthy_then(running: Mapping[str, Any]) -> None:
    for process in running["processes"].values():
        process.terminate()
    assert {service: process.wait(30) for service, process in running["processes"].items()} == dict.fromkeys(
        SERVICES, 0
    )
    assert check_health("cost", running["translation"]) == 1
