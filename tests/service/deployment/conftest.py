"""The production profile, run once for all tests here as `inborough up --compose` runs it, on the tests' servers."""

from __future__ import annotations

import os
import random
import secrets
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from services.cli.failures import CannotGoOn
from services.cli.system.certificate_set import write_set
from services.cli.system.compose.file import read_compose
from services.cli.system.compose.machine import LocalProcess, Machine
from services.cli.system.compose.prepare import make_databases, make_user
from services.cli.system.compose.supervisor import Supervisor
from services.cli.system.compose.up import need_free_ports
from services.cli.system.processes import Processes
from services.cli.system.secret_set import CLIENT_SECRET, SERVICES, write_secrets
from tests.architecture.compose import FILE
from tests.builders.brokers import RABBITMQ, control
from tests.builders.issuer import CLIENT_ID, issuing
from tests.builders.issuer import CLIENT_SECRET as SECRET_AT_ISSUER
from tests.conftest import POSTGRESQL, need_server

START_SECONDS = 180
WEB_PORT = 8080
USER = "10001"
CONFINED = f"""mount --bind "$0" "$0" && mount -o remount,bind,ro / && exec setpriv --reuid {USER} --regid {USER} \\
  --clear-groups --no-new-privs --bounding-set=-all,+dac_read_search --inh-caps=-all,+dac_read_search \\
  --ambient-caps=-all,+dac_read_search "$@" """
"""Runs a command as its container does: read-only but for one folder, as a user without rights. To read every file is
the one that is left, in place of the owners that files have in production."""


@dataclass(frozen=True)
class Running:
    """The whole system, up. `said` has what the supervisor told the person."""

    name: str
    folder: Path
    plan: Mapping[str, LocalProcess]
    command: LocalProcess
    processes: Processes
    supervisor: Supervisor
    web: str
    said: list[str]


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Every container's command as a process of this machine, two scenario workers among them."""
    folder, name = tmp_path_factory.mktemp("compose"), f"inborough_test_{secrets.token_hex(4)}"
    write_secrets(folder / "secrets", name)
    (folder / "secrets" / CLIENT_SECRET).write_text(SECRET_AT_ISSUER)
    write_set(folder / "certificates", "inborough", days=1, force=False)
    with prepared(folder / "secrets", name), issuing() as issuer:
        issuer.claims["roles"] = ["panel_chair"]
        machine, shift = _on_free_ports(folder, name, issuer.url)
        plan, said = [confined(each) for each in machine.processes()], list[str]()
        with Processes({}, os.environ, folder / "logs") as processes, ExitStack() as stack:
            supervisor = Supervisor(plan, processes, said.append)
            stack.callback(supervisor.close)
            supervisor.wait_until_up(START_SECONDS)
            own, web = {each.name: each for each in plan}, f"http://127.0.0.1:{WEB_PORT + shift}"
            yield Running(name, folder, own, machine.process("cli"), processes, supervisor, web, said)


def can_confine() -> bool:
    """Whether this machine lets the tests run processes as containers do: root, on Linux, with mounts of its own."""
    command = ["unshare", "-m", "--propagation", "private", "mount", "-o", "remount,bind,ro", "/"]
    programs = all(shutil.which(each) for each in ("unshare", "setpriv"))
    return programs and subprocess.run(command, capture_output=True, check=False).returncode == 0


def confined(process: LocalProcess) -> LocalProcess:
    """The same process with no more rights than its container has, where the machine allows that."""
    if not CAN_CONFINE:
        return process
    scratch = process.environment["TMPDIR"]
    os.chown(scratch, int(USER), int(USER))
    around = ("unshare", "-m", "--propagation", "private", "sh", "-c", CONFINED, scratch)
    return replace(process, command=(*around, *process.command))


CAN_CONFINE = can_confine()


@contextmanager
def prepared(secrets_folder: Path, name: str) -> Iterator[None]:
    """The servers with what `inborough prepare` makes, and without it afterwards."""
    server = create_engine(POSTGRESQL, isolation_level="AUTOCOMMIT")
    try:
        server.connect().close()
    except OperationalError:
        need_server("PostgreSQL", "INBOROUGH_TEST_POSTGRESQL")
    for program in ("psql", "rabbitmqctl"):
        if not shutil.which(program):
            need_server(program, "PATH")
    try:
        make_databases(secrets_folder, name, make_url(POSTGRESQL).set(drivername="postgresql").render_as_string(False))
        try:
            make_user(secrets_folder, "")
        except CannotGoOn:
            need_server("RabbitMQ", "INBOROUGH_TEST_RABBITMQ")
        yield
    finally:
        with server.connect() as connection:
            for service in SERVICES:
                connection.execute(text(f"DROP DATABASE IF EXISTS {name}_{service} WITH (FORCE)"))
                connection.execute(text(f"DROP ROLE IF EXISTS {name}_{service}"))
        server.dispose()
        for what in ("delete_vhost", "delete_user"):
            with suppress(subprocess.CalledProcessError):
                control(what, name)


def _on_free_ports(folder: Path, name: str, issuer: str) -> tuple[Machine, int]:
    """The machine, with all ports moved to where they are free; above the ports that systems give out themselves."""
    database, broker = make_url(POSTGRESQL), urlsplit(RABBITMQ)
    hosts = {
        "postgres": f"{database.host}:{database.port or 5432}",
        "rabbitmq": f"{broker.hostname}:{broker.port or 5672}",
    }
    for shift in random.sample(range(11000, 15000, 50), 20):
        values = {
            "WEB_COUNCIL": "Council of the test",
            "WEB_PUBLIC_URL": f"http://127.0.0.1:{WEB_PORT + shift}",
            "WEB_OIDC_ISSUER": issuer,
            "WEB_OIDC_CLIENT_ID": CLIENT_ID,
            "SECRETS_FOLDER": str(folder / "secrets"),
            "CERTIFICATES_FOLDER": str(folder / "certificates"),
            "INBOROUGH_NAME": name,
            "PLACEMENT_WORKERS": "2",
        }
        machine = Machine(read_compose(FILE, values), folder / "own", hosts, shift)
        try:
            need_free_ports(machine.processes())
        except CannotGoOn:
            continue
        return machine, shift
    raise AssertionError("no twenty tries find free ports")
