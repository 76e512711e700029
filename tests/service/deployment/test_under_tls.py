"""PostgreSQL and RabbitMQ set up as in docker-compose.yml, and our processes against them: under mutual TLS."""

from __future__ import annotations

import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import kombu.pools
import pytest
from sqlalchemy import create_engine, make_url, text

from inborough.events.v1 import events_pb2, events_pb2_grpc
from services.cli.backup.postgresql import dump, list_contents, of_one_moment
from services.cli.system.secret_set import BROKER, database_password, write_secrets
from shared import grpc_client
from shared.events.hints import Hint, Hints, publish
from shared.identity import ADMINISTRATOR
from shared.identity.callers import person
from shared.server_tls import why_refused
from shared.settings import ServiceSettings
from tests.architecture.source import ROOT
from tests.builders import secured_servers
from tests.builders.certificates import EXPIRED, Issuer, front_door, service, under_tls
from tests.builders.event_logs import list_applied
from tests.builders.gate import Gate
from tests.builders.running import running_process, wait_until
from tests.conftest import need_server

pytestmark = [pytest.mark.servers, pytest.mark.timeout(120)]
SERVERS = ("database", "broker")
SHOWN = {
    "none": "certificate.pem cannot be read (FileNotFoundError)",
    "of another authority": "Our own certificate, for service/caseload, was not issued by the authority",
    "of another authority, which we trust": "The server's certificate was not issued by the authority that we trust",
    "expired": "Our own certificate, for service/caseload, ran out on",
}
"""What a process may show or trust, and what it says when a server refuses it or it refuses the server."""


@dataclass(frozen=True)
class Secured:
    """Both servers. `trusted` issued their certificates; `folder` is the test's own."""

    folder: Path
    name: str
    trusted: Issuer
    database_port: int
    broker_port: int

    def told(self, role: str, prefix: str = "INBOROUGH_CASELOAD_") -> dict[str, str]:
        """Variables of a process that has the database of a service."""
        password = (self.folder / "secrets" / database_password(role)).read_text()
        user = f"{self.name}_{role}"
        return {
            f"{prefix}DATABASE_URL": f"postgresql+psycopg://{user}@127.0.0.1:{self.database_port}/{user}",
            f"{prefix}DATABASE_PASSWORD": password,
            "INBOROUGH_DATABASE_TLS": "on",
            "INBOROUGH_BROKER_URL": f"amqps://{self.name}@127.0.0.1:{self.broker_port}/{self.name}",
            "INBOROUGH_BROKER_PASSWORD": (self.folder / "secrets" / BROKER).read_text(),
            "INBOROUGH_BROKER_TLS": "on",
        }

    def settings(self, certificate: Path, role: str = "caseload", **more: str) -> ServiceSettings:
        """Those of a service with this certificate."""
        told = {key.removeprefix("INBOROUGH_").lower(): value for key, value in self.told(role, "INBOROUGH_").items()}
        return under_tls(certificate, **{**told, **more})


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    """The servers, started once for all tests here."""
    folder, name = tmp_path_factory.mktemp("secured"), f"inborough_test_{secrets.token_hex(4)}"
    trusted = Issuer(folder / "certificates")
    write_secrets(folder / "secrets", name)
    with ExitStack() as stack:
        try:
            postgres, rabbit = (trusted.write_server(each, each) for each in ("postgres", "rabbitmq"))
            broker = stack.enter_context(secured_servers.rabbitmq(folder, rabbit, folder / "secrets"))
            database = stack.enter_context(secured_servers.postgresql(postgres, folder / "secrets", name))
        except secured_servers.NoProgram as missing:
            need_server(f"{missing}", "PATH")
        secured_servers.wait_until_listening(broker)
        yield Secured(folder, name, trusted, database, broker)


@pytest.fixture
def certificate(secured: Secured, tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A folder with what the process shows and trusts: one of SHOWN."""
    name, ours, others = service("caseload"), Issuer(tmp_path, secured.trusted.authority), Issuer(tmp_path)
    match request.param:
        case "none":
            (folder := ours.write("caseload", name)).joinpath("certificate.pem").unlink()
            return folder
        case "of another authority":
            return others.write("caseload", name, trusting=ours.authority)
        case "expired":
            return ours.write("caseload", name, EXPIRED)
    return others.write("caseload", name)


def reach(server: str, settings: ServiceSettings) -> None:
    """Open a connection of its own and use it. Raises what the server's library raises."""
    if server == "broker":
        kombu.pools.reset()  # type: ignore[no-untyped-call]
        publish("caseload", settings, Hint(1))
        return
    engine = create_engine(settings.database("caseload"))
    try:
        with engine.connect() as connection:
            assert connection.execute(text("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")).scalar_one()
    finally:
        engine.dispose()


@pytest.mark.parametrize("server", SERVERS)
@pytest.mark.parametrize("certificate", SHOWN, indirect=True)
def test_who_shows_no_sound_certificate_is_refused_and_told_why(
    certificate: Path, server: str, secured: Secured, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(Exception, match=r".") as refused:
        reach(server, secured.settings(certificate))
    said = why_refused(refused.value, certificate)
    assert SHOWN[request.node.callspec.params["certificate"]] in said


@pytest.mark.parametrize("server", SERVERS)
def test_a_password_alone_is_not_enough(server: str, secured: Secured) -> None:
    certificate = secured.trusted.write("caseload", service("caseload"))
    with pytest.raises(Exception, match=r"no encryption|reset by peer|closed connection"):
        reach(server, secured.settings(certificate, database_tls="off", broker_tls="off"))


@pytest.mark.parametrize("server", SERVERS)
def test_a_certificate_alone_is_not_enough(server: str, secured: Secured) -> None:
    certificate = secured.trusted.write("caseload", service("caseload"))
    with pytest.raises(Exception, match=r"password authentication failed|ACCESS_REFUSED"):
        reach(server, secured.settings(certificate, database_password="wrong", broker_password="wrong"))


def test_a_broker_at_another_name_than_its_certificates_is_not_told_the_password(secured: Secured) -> None:
    certificate = secured.trusted.write("caseload", service("caseload"))
    elsewhere = secured.told("caseload")["INBOROUGH_BROKER_URL"].replace("127.0.0.1", "127.0.0.2")
    with pytest.raises(Exception, match="mismatch") as refused:
        reach("broker", secured.settings(certificate, broker_url=elsewhere))
    assert "for another name than the URL's host" in why_refused(refused.value, certificate)


@pytest.mark.parametrize("server", SERVERS)
def test_a_renewed_certificate_is_shown_at_the_next_connection(server: str, secured: Secured, tmp_path: Path) -> None:
    ours = Issuer(tmp_path, secured.trusted.authority)
    settings = secured.settings(ours.write("caseload", service("caseload"), EXPIRED))
    with pytest.raises(Exception, match=r"(?i)certificate.expired|EOF|reset|pipe"):
        reach(server, settings)
    ours.write("caseload", service("caseload"))
    reach(server, settings)


@pytest.mark.parametrize("certificate", ["expired"], indirect=True)
def test_a_log_says_why_hints_are_not_published(
    certificate: Path, secured: Secured, capsys: pytest.CaptureFixture[str]
) -> None:
    kombu.pools.reset()  # type: ignore[no-untyped-call]
    hints = Hints("caseload", secured.settings(certificate))
    hints.events_recorded(1)
    hints.close(10)
    said = capsys.readouterr().out
    assert "hint_not_published" in said
    assert SHOWN["expired"] in said


@pytest.mark.parametrize("certificate", ["expired"], indirect=True)
def test_a_process_that_the_database_refuses_says_why_it_ends(certificate: Path, secured: Secured) -> None:
    told = {**secured.told("caseload"), "INBOROUGH_TLS": str(certificate), "PATH": "/usr/bin:/bin"}
    command = [sys.executable, "-m", "shared.migrate", "caseload"]
    ended = subprocess.run(command, cwd=ROOT, env=told, capture_output=True, text=True, check=False)
    assert ended.returncode != 0
    assert "The server refused our certificate: it ran out." in ended.stdout


def test_a_database_is_backed_up_under_tls(secured: Secured, tmp_path: Path) -> None:
    certificate = secured.trusted.write("caseload", service("caseload"))
    url = make_url(secured.settings(certificate).database("caseload"))
    with of_one_moment(url) as (_, snapshot):
        dump(url, tmp_path / "caseload.dump", snapshot)
    list_contents(tmp_path / "caseload.dump")


def test_a_service_and_its_events_process_work_and_hints_arrive_again_after_the_broker_was_away(
    secured: Secured,
) -> None:
    log, events = (secured.trusted.write(name, service(name)) for name in ("caseload", "placement"))
    told = {**secured.told("caseload", "INBOROUGH_TEST_LOG_"), "INBOROUGH_TLS": str(log), "INBOROUGH_IDENTITY": ""}
    with running_process(["tests.builders.log_server"], told, secured.folder / "log.log") as server:
        address = server.wait_for("service_started")["address"]
        told = {**secured.told("placement", "INBOROUGH_TEST_READER_"), "INBOROUGH_TLS": str(events)}
        told |= {"INBOROUGH_TEST_READER_SOURCE": address, "INBOROUGH_TEST_READER_CATCH_UP_SECONDS": "3600"}
        with Gate("127.0.0.1", secured.broker_port) as gate:
            told["INBOROUGH_BROKER_URL"] = f"amqps://{secured.name}@{gate.address}/{secured.name}"
            with running_process(["tests.builders.log_reader"], told, secured.folder / "reader.log") as reader:
                reader.wait_for("hints_awaited")
                record_until_applied(secured, events, address, 1)
                gate.shut()
                gate.open()
                record_until_applied(secured, events, address, 2)
                assert server.lines("hint_not_published") == []
                assert (reader.stop(), server.stop()) == (0, 0)


def record_until_applied(secured: Secured, events: Path, address: str, count: int) -> None:
    """Events by an RPC each, until the reader, which does not look by itself, has written so many down.

    More than one is recorded where hints are missed: while the reader's connection is cut.
    """
    administrator = person(under_tls(secured.trusted.write("web", front_door())), "user_test", [ADMINISTRATOR])
    engine = create_engine(secured.settings(events, "placement").database("placement"))
    with grpc_client.connect("caseload", address, administrator) as channel:
        stub = events_pb2_grpc.EventServiceStub(channel)

        def applied() -> bool:
            stub.RetryDeadLetters(events_pb2.RetryDeadLettersRequest(all=True), timeout=10)
            return len(list_applied(engine)) >= count

        wait_until(applied, f"{count} events applied")
    engine.dispose()
