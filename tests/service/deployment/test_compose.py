"""docker-compose.yml, run without containers: every container's own command, environment, secrets and health check."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from services.cli.system.compose.supervisor import start_check
from services.cli.system.secret_set import SERVICES, database_password, names
from tests.architecture.compose import compose, migrations, our_processes, required_variables
from tests.architecture.source import ROOT
from tests.builders.brokers import asked
from tests.builders.production import Running
from tests.conftest import POSTGRESQL
from tests.service.deployment.conftest import CAN_CONFINE, USER

LOADED = compose(dict.fromkeys(required_variables(), "value"))
PROCESSES, MIGRATIONS = our_processes(LOADED), migrations(LOADED)

pytestmark = [pytest.mark.servers, pytest.mark.timeout(400)]


def inborough(running: Running, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """A command in compose's container for it."""
    command = [sys.executable, "-m", "services.cli.main", *arguments]
    told = {**running.command.environment, **more}
    return subprocess.run(command, cwd=ROOT, env=told, capture_output=True, text=True, check=False)


def test_every_container_of_ours_runs_and_each_of_its_replicas(running: Running) -> None:
    assert set(running.plan) == {*PROCESSES, *MIGRATIONS, "placement-events-2"}
    ended = {name for name in running.plan if running.processes.status(name) is not None}
    assert ended == set(MIGRATIONS), "each is healthy by its own check before the tests begin"


def test_the_command_reaches_every_service_under_tls(running: Running) -> None:
    found = inborough(running, "health")
    assert (found.returncode, found.stderr) == (0, "")


def test_services_reach_one_another_under_tls(running: Running) -> None:
    found = inborough(running, "pools", "--first-day", "2024-09-02", "--json")
    assert (found.returncode, found.stderr) == (0, ""), "provision asks caseload who holds places"


def test_whoever_has_no_certificate_reaches_nothing(running: Running) -> None:
    found = inborough(running, "policies", INBOROUGH_TLS="")
    assert found.returncode == 3
    assert "takes only calls under TLS" in found.stderr


def test_a_person_signs_in_to_the_pages_by_the_issuer(running: Running) -> None:
    with httpx.Client(follow_redirects=True, trust_env=False) as browser:
        browser.get(f"{running.web}/")
        page = browser.get(f"{running.web}/sign-in/council")
    assert (page.status_code, str(page.url).startswith(running.web)) == (200, True)
    assert "Council of the test" in page.text
    assert "Signed in as Ada (panel chair)" in page.text


def test_events_processes_hear_over_rabbitmq_as_a_user_of_their_own(running: Running) -> None:
    users = asked("list_connections", "user", "vhost").splitlines()
    assert f"{running.name}\t{running.name}" in users
    queues = dict(line.split("\t") for line in asked("list_queues", "-p", running.name, "name", "durable").splitlines())
    assert set(queues.values()) == {"true"}


def test_no_secret_is_in_an_environment_a_command_or_a_log(running: Running) -> None:
    values = [(running.folder / "secrets" / name).read_text() for name in names()]
    told = [word for each in running.plan.values() for word in (*each.command, *each.environment.values())]
    logs = "".join(path.read_text() for path in (running.folder / "logs").iterdir())
    assert [
        name for name, value in zip(names(), values, strict=True) if value in logs or value in "\0".join(told)
    ] == []


@pytest.mark.parametrize("name", PROCESSES)
def test_a_process_sees_its_own_secrets_and_no_others(name: str, running: Running) -> None:
    assert set(os.listdir(running.plan[name].environment["INBOROUGH_SECRETS"])) == set(PROCESSES[name]["secrets"])


@pytest.mark.skipif(not CAN_CONFINE, reason="needs root on Linux, and mounts of its own")
@pytest.mark.parametrize("name", PROCESSES)
def test_a_process_runs_as_a_user_without_rights_on_a_read_only_file_system(name: str, running: Running) -> None:
    own = Path(f"/proc/{running.processes.pid(name)}")
    status = dict(line.split(":\t", 1) for line in (own / "status").read_text().splitlines())
    assert (status["Uid"].split(), status["NoNewPrivs"]) == ([USER] * 4, "1")
    mounted = {row.split()[4]: row.split()[5].split(",")[0] for row in (own / "mountinfo").read_text().splitlines()}
    assert (mounted["/"], mounted[running.plan[name].environment["TMPDIR"]]) == ("ro", "rw")


@pytest.mark.parametrize("service", SERVICES)
def test_each_service_has_its_own_database_up_to_date(service: str, running: Running) -> None:
    engine = create_engine(make_url(POSTGRESQL).set(database=f"{running.name}_{service}"))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM alembic_version")).scalar_one() == 1
        owners = connection.execute(text("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'"))
        assert owners.scalars().all() == [f"{running.name}_{service}"]
    engine.dispose()


@pytest.mark.parametrize("service", SERVICES)
def test_no_service_may_open_anothers_database(service: str, running: Running) -> None:
    password = (running.folder / "secrets" / database_password(service)).read_text()
    own = make_url(POSTGRESQL).set(username=f"{running.name}_{service}", password=password)
    other = SERVICES[SERVICES.index(service) - 1]
    engine = create_engine(own.set(database=f"{running.name}_{other}"))
    with pytest.raises(OperationalError, match="permission denied"):
        engine.connect()
    engine.dispose()


def test_a_process_that_is_killed_is_started_again(running: Running) -> None:
    killed = running.processes.pid("provision-events")
    os.kill(killed, signal.SIGKILL)
    deadline = time.monotonic() + 60
    while running.processes.pid("provision-events") == killed or running.processes.status("provision-events"):
        assert time.monotonic() < deadline
        running.supervisor.step()
        time.sleep(0.05)
    assert "provision-events ended with -9; it is started again in 1 s" in running.said[-1]


def test_processes_stop_cleanly_when_asked_and_are_unhealthy_then(running: Running) -> None:
    running.processes.ask_to_end()
    statuses = {name: running.processes.wait(name, 30) for name in PROCESSES if name != "provision-events"}
    assert statuses == dict.fromkeys(statuses, 0)
    assert start_check(running.plan["cost"]).wait(30) == 1
