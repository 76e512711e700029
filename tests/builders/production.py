"""The production profile as `inborough up --compose` runs it, on this machine's servers, with a sign-in of its own."""

from __future__ import annotations

import os
import random
import secrets
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

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
from tests.builders.databases import POSTGRESQL
from tests.builders.issuer import CLIENT_ID, Issuer, issuing
from tests.builders.issuer import CLIENT_SECRET as SECRET_AT_ISSUER

START_SECONDS = 180
WEB_PORT = 8080


class NoServer(Exception):
    """A server or program that the profile needs is not there; `which`, and the variable that says where it is."""

    def __init__(self, which: str, variable: str) -> None:
        super().__init__(f"{which} does not answer; start it or set {variable}.")
        self.which, self.variable = which, variable


@dataclass(frozen=True)
class Running:
    """The whole system, up. `said` has what the supervisor told the person: nothing while every process stays up."""

    name: str
    folder: Path
    plan: Mapping[str, LocalProcess]
    command: LocalProcess
    processes: Processes
    supervisor: Supervisor
    web: str
    said: list[str]
    issuer: Issuer


def as_it_is(process: LocalProcess) -> LocalProcess:
    """A process with all the rights of whoever starts it."""
    return process


@contextmanager
def production(
    folder: Path, values: Mapping[str, str], changed: Callable[[LocalProcess], LocalProcess] = as_it_is
) -> Iterator[Running]:
    """Every container's command as a process of this machine. Raises NoServer, CannotGoOn.

    `values`: variables of the compose file in place of the usual ones; `changed`: how each process is to be started.
    Databases, roles, virtual host and user are its own, and gone afterwards.
    """
    name = f"inborough_test_{secrets.token_hex(4)}"
    write_secrets(folder / "secrets", name)
    (folder / "secrets" / CLIENT_SECRET).write_text(SECRET_AT_ISSUER)
    write_set(folder / "certificates", "inborough", days=1, force=False)
    with prepared(folder / "secrets", name), issuing() as issuer:
        machine, shift = _on_free_ports(folder, name, issuer.url, values)
        plan, said = [changed(each) for each in machine.processes()], list[str]()
        with Processes({}, os.environ, folder / "logs") as processes:
            supervisor = Supervisor(plan, processes, said.append)
            try:
                supervisor.wait_until_up(START_SECONDS)
                own, web = {each.name: each for each in plan}, f"http://127.0.0.1:{WEB_PORT + shift}"
                yield Running(name, folder, own, machine.process("cli"), processes, supervisor, web, said, issuer)
            finally:
                supervisor.close()


@contextmanager
def prepared(secrets_folder: Path, name: str) -> Iterator[None]:
    """The servers with what `inborough prepare` makes, and without it afterwards. Raises NoServer."""
    server = create_engine(POSTGRESQL, isolation_level="AUTOCOMMIT")
    try:
        server.connect().close()
    except OperationalError:
        raise NoServer("PostgreSQL", "INBOROUGH_TEST_POSTGRESQL") from None
    for program in ("psql", "rabbitmqctl"):
        if not shutil.which(program):
            raise NoServer(program, "PATH")
    try:
        make_databases(secrets_folder, name, make_url(POSTGRESQL).set(drivername="postgresql").render_as_string(False))
        try:
            make_user(secrets_folder, "")
        except CannotGoOn:
            raise NoServer("RabbitMQ", "INBOROUGH_TEST_RABBITMQ") from None
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


def _on_free_ports(folder: Path, name: str, issuer: str, more: Mapping[str, str]) -> tuple[Machine, int]:
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
            "POSTGRESQL_TLS": "off",
            "RABBITMQ_TLS": "off",
            **more,
        }
        machine = Machine(read_compose(FILE, values), folder / "own", hosts, shift)
        try:
            need_free_ports(machine.processes())
        except CannotGoOn:
            continue
        return machine, shift
    raise AssertionError("no twenty tries find free ports")
