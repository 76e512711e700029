"""`inborough up --compose` on a small compose file of its own."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from services.cli.failures import CannotGoOn
from services.cli.main import run
from services.cli.system.compose.file import read_compose
from services.cli.system.compose.machine import Machine
from services.cli.system.compose.up import RABBITMQ_IN_THE_CLEAR, Asked, bring_up_compose, reached_in_the_clear
from services.cli.system.procfile import ROOT
from tests.architecture.compose import FILE as COMPOSE
from tests.architecture.compose import required_variables
from tests.builders.ports import free_ports

FILE = """
services:
  once:
    build: .
    restart: "no"
    command: [sh, -c, "echo made > $$MADE"]
    environment: {MADE: /kept/made}
    volumes: ["./kept:/kept"]
  serving:
    build: .
    command: [python, -m, http.server, --bind, 127.0.0.1, "${PORT}"]
    environment:
      HTTP_PORT: "${PORT}"
      BROKER_URL: "amqp://rabbitmq:${BROKER:-5672}/"
      INBOROUGH_COST_DATABASE_URL: "postgresql://u@db.example/d"
    healthcheck: {test: [CMD, grep, made, /kept/made]}
    volumes: ["./kept:/kept"]
    depends_on: {once: {condition: service_completed_successfully}}
  cli:
    build: .
    profiles: [tools]
    environment: {INBOROUGH_ADDRESS: "serving:${PORT}"}
  rabbitmq: {image: "rabbitmq:4.2.0"}
"""


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Asked]:
    """What to run, and a port that listens in place of the broker."""
    monkeypatch.setenv("INBOROUGH_VAR", str(tmp_path / "var"))
    (tmp_path / "kept").mkdir()
    (tmp_path / "compose.yml").write_text(FILE)
    with socket.create_server(("127.0.0.1", 0)) as broker:
        port = broker.getsockname()[1]
        (tmp_path / ".env").write_text(f"PORT={free_ports(1)[0]}\nBROKER={port}\nRABBITMQ_TLS=off\n")
        yield Asked(tmp_path / "compose.yml", tmp_path / ".env", {"rabbitmq": f"127.0.0.1:{port}"})


def test_it_starts_in_order_says_how_to_ask_and_stops_cleanly_when_told(asked: Asked, tmp_path: Path) -> None:
    pipe, files = subprocess.PIPE, ("--file", str(asked.file), "--env-file", str(asked.env_file))
    command = [sys.executable, "-m", "services.cli.main", "up", "--compose", *files]
    with subprocess.Popen(command, cwd=ROOT, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        port = int(asked.env_file.read_text().split("=")[1].split()[0])
        socket.create_connection(("127.0.0.1", port), 5).close()
        process.send_signal(signal.SIGTERM)
        _, complained = process.communicate(timeout=60)
    assert (process.returncode, (tmp_path / "kept" / "made").read_text()) == (0, "made\n")
    told = tmp_path / "var" / "compose" / "command.sh"
    assert said.startswith("Inborough is up: serving.")
    assert "Warning: rabbitmq is reached in the clear, on this machine alone" in complained
    assert complained.splitlines()[-1] == "Stopping."
    services = f"export INBOROUGH_ADDRESS=127.0.0.1:{port}\n"
    assert told.read_text() == services
    databases = "export INBOROUGH_COST_DATABASE_URL=postgresql://u@db.example/d\n"
    assert (told.parent / "databases.sh").read_text() == (
        f"{services}{databases}export INBOROUGH_SECRETS={tmp_path / 'secrets'}\n"
    )
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_a_server_that_is_not_there_is_named_with_what_to_do(asked: Asked) -> None:
    asked.env_file.write_text(f"PORT=1\nBROKER={free_ports(1)[0]}\n")
    with pytest.raises(CannotGoOn, match=r"rabbitmq does not answer at 127\.0\.0\.1:") as refused:
        bring_up_compose(replace(asked, hosts={}))
    assert "RABBITMQ_TLS=off" in refused.value.advice
    assert "--host rabbitmq=HOST:PORT" in refused.value.advice


def test_a_server_in_the_clear_is_looked_for_on_its_other_port(tmp_path: Path) -> None:
    machine = Machine(read_compose(COMPOSE, dict.fromkeys(required_variables(), "x")), tmp_path, RABBITMQ_IN_THE_CLEAR)
    assert machine.outside() == {"postgres": "127.0.0.1:5432", "rabbitmq": "127.0.0.1:5672"}
    assert reached_in_the_clear({"RABBITMQ_TLS": "off"}, machine.outside()) == ["rabbitmq"]
    assert reached_in_the_clear({"RABBITMQ_TLS": "on"}, machine.outside()) == []


def test_no_server_on_another_machine_is_reached_in_the_clear(asked: Asked) -> None:
    asked.env_file.write_text("PORT=1\nRABBITMQ_TLS=off\n")
    with pytest.raises(CannotGoOn, match=r"rabbitmq is at mq\.example:5672") as refused:
        bring_up_compose(replace(asked, hosts={"rabbitmq": "mq.example:5672"}))
    assert "take RABBITMQ_TLS out of .env" in refused.value.advice


def test_a_port_that_is_taken_is_named_before_anything_starts(asked: Asked, tmp_path: Path) -> None:
    broker = asked.env_file.read_text().split("BROKER=")[1].split()[0]
    asked.env_file.write_text(f"PORT={broker}\nBROKER={broker}\n")
    with pytest.raises(CannotGoOn, match=f"Port {broker} of 127"):
        bring_up_compose(asked)
    assert list((tmp_path / "kept").iterdir()) == []


def test_a_file_of_variables_that_is_not_there_is_named(asked: Asked, tmp_path: Path) -> None:
    with pytest.raises(CannotGoOn, match=r"other\.env is not there") as refused:
        bring_up_compose(Asked(asked.file, tmp_path / "other.env"))
    assert ".env.example" in refused.value.advice


def test_a_host_without_an_address_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["up", "--compose", "--host", "rabbitmq"]) == 2
    assert "NAME=HOST:PORT" in capsys.readouterr().err
