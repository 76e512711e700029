"""What `inborough prepare` asks of servers, and what it says when they do not give it."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from services.cli.failures import CannotGoOn
from services.cli.system.compose.prepare import make_databases, make_user
from services.cli.system.secret_set import DEFINITIONS, write_secrets


@dataclass
class Management:
    """RabbitMQ's management as far as it is asked here: takes what an administrator with the right password sends."""

    address: str = ""
    taken: list[str] = field(default_factory=list)


@pytest.fixture
def management() -> Iterator[Management]:
    found, right = Management(), "Basic " + base64.b64encode(b"admin:of the admin").decode()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
            allowed = (self.path, self.headers["Authorization"]) == ("/api/definitions", right)
            found.taken += [sent] if allowed else []
            self.send_response(204 if allowed else 401)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing on standard error."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        found.address = f"127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield found
        server.shutdown()
        thread.join()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_secrets(tmp_path, "inborough")
    return tmp_path


def test_rabbitmqs_management_is_given_the_definitions(
    management: Management, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RABBITMQ_PASSWORD", "of the admin")
    make_user(folder, f"http://admin@{management.address}")
    assert management.taken == [(folder / DEFINITIONS).read_text()]


def test_a_password_that_is_refused_is_not_shown(
    management: Management, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RABBITMQ_PASSWORD", "of somebody else")
    with pytest.raises(CannotGoOn, match=f"{management.address} did not take the definitions: .*401") as refused:
        make_user(folder, f"http://admin@{management.address}")
    assert "of somebody else" not in refused.value.message + refused.value.advice
    assert management.taken == []


def test_an_address_of_another_kind_is_refused(folder: Path) -> None:
    with pytest.raises(CannotGoOn, match="is not http"):
        make_user(folder, "file:///etc/hostname")


def test_what_to_run_on_the_brokers_own_machine_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(CannotGoOn, match="RabbitMQ was not made ready") as refused:
        make_user(folder, "")
    assert f"rabbitmqctl --quiet import_definitions < {folder / DEFINITIONS}" in refused.value.advice


def test_without_psql_it_says_how_to_have_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(CannotGoOn, match="psql is not on the path") as refused:
        make_databases(folder, "inborough", "postgresql://postgres@127.0.0.1/postgres")
    assert "postgresql-client" in refused.value.advice
