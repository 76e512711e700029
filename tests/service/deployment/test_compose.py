"""docker-compose.yml, run without Docker: its own commands, environment, database script and health checks.

Host names become this machine, ports become free ones, and PostgreSQL and RabbitMQ are the tests' servers.
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
from typing import Any

import pytest
from sqlalchemy import URL, create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from tests.architecture.compose import compose, our_processes, required_variables
from tests.architecture.source import ROOT, SERVICES
from tests.conftest import POSTGRESQL, need_server

START_SECONDS = 60
PREFIX = f"inborough_test_{secrets.token_hex(4)}_"
VALUES = dict.fromkeys(required_variables(), "aSecretOfTheTest0123456789")
PROCESSES = {name: made for name, made in our_processes(compose(VALUES)).items() if name in SERVICES}

pytestmark = [pytest.mark.servers, pytest.mark.timeout(180)]


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
        for service in SERVICES:
            connection.execute(text(f"DROP DATABASE {PREFIX}{service} WITH (FORCE)"))
            connection.execute(text(f"DROP ROLE {PREFIX}{service}"))
    server.dispose()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Translation:
    """Compose's words for what is on this machine."""

    def __init__(self, postgresql: URL) -> None:
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
        given = {name: self.of(str(value)) for name, value in PROCESSES[service]["environment"].items()}
        ports = {"PORT": self.ports[service], "METRICS_PORT": free_port()}
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("INBOROUGH_")}
        return inherited | given | {f"INBOROUGH_{service.upper()}_{name}": str(port) for name, port in ports.items()}


@pytest.fixture(scope="module")
def running(postgresql: URL) -> Iterator[Mapping[str, Any]]:
    """Each service's own command as a process of this machine, and the translation it was started with."""
    translation = Translation(postgresql)
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


def check_health(service: str, translation: Translation) -> int:
    """The exit status of compose's own health check."""
    _, *check = PROCESSES[service]["healthcheck"]["test"]
    return subprocess.run([translation.of(word) for word in check], cwd=ROOT, check=False).returncode


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_started_as_compose_does_is_healthy(service: str, running: Mapping[str, Any]) -> None:
    assert check_health(service, running["translation"]) == 0


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
