"""The ports that the embedded system needs."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.cli.calls import CommandSettings
from services.cli.exits import SERVICE_DOWN
from services.cli.failures import CannotGoOn
from services.cli.system.ports import environment, need_free_ports
from services.cli.system.procfile import listed_processes

SERVICES = ("CASELOAD", "PROVISION", "COST", "PLACEMENT", "JOURNAL")


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


def test_each_service_is_told_the_address_that_the_command_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INBOROUGH_COST_ADDRESS", "127.0.0.1:61003")
    told = environment(CommandSettings())
    assert (told["INBOROUGH_COST_HOST"], told["INBOROUGH_COST_PORT"]) == ("127.0.0.1", "61003")
    assert told["INBOROUGH_CASELOAD_PORT"] == "50051"


def test_every_process_shares_one_var_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert environment(CommandSettings())["INBOROUGH_VAR"] == str(tmp_path / "var")


@pytest.fixture
def free_ports(monkeypatch: pytest.MonkeyPatch) -> None:
    for service in SERVICES:
        monkeypatch.setenv(f"INBOROUGH_{service}_ADDRESS", "127.0.0.1:0")
    monkeypatch.setenv("INBOROUGH_WEB_PORT", "0")
    for process in (*SERVICES, "PLACEMENT_EVENTS", "WEB"):
        monkeypatch.setenv(f"INBOROUGH_{process}_METRICS_PORT", "0")


def test_a_taken_port_is_named_with_what_to_do(
    free_ports: None, monkeypatch: pytest.MonkeyPatch, taken_port: int
) -> None:
    need_free_ports(environment(CommandSettings()))
    monkeypatch.setenv("INBOROUGH_COST_ADDRESS", f"127.0.0.1:{taken_port}")
    with pytest.raises(CannotGoOn) as refused:
        need_free_ports(environment(CommandSettings()))
    assert refused.value.status == SERVICE_DOWN
    assert f"cost cannot listen on 127.0.0.1:{taken_port}" in refused.value.message
    assert "INBOROUGH_COST_ADDRESS=127.0.0.1:PORT" in refused.value.advice


def test_a_taken_port_of_the_pages_is_named_with_what_to_do(
    free_ports: None, monkeypatch: pytest.MonkeyPatch, taken_port: int
) -> None:
    monkeypatch.setenv("INBOROUGH_WEB_PORT", str(taken_port))
    with pytest.raises(CannotGoOn, match="web cannot listen") as refused:
        need_free_ports(environment(CommandSettings()))
    assert "INBOROUGH_WEB_PORT=PORT" in refused.value.advice


def test_a_taken_metrics_port_is_named_too(free_ports: None, monkeypatch: pytest.MonkeyPatch, taken_port: int) -> None:
    monkeypatch.setenv("INBOROUGH_PLACEMENT_EVENTS_METRICS_PORT", str(taken_port))
    with pytest.raises(CannotGoOn, match=r"placement_events \(metrics\) cannot listen"):
        need_free_ports(environment(CommandSettings()))


def test_a_port_that_is_no_number_is_refused(free_ports: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INBOROUGH_COST_METRICS_PORT", "soon")
    with pytest.raises(CannotGoOn, match="not a number"):
        need_free_ports(environment(CommandSettings()))


def test_an_address_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INBOROUGH_COST_ADDRESS", "localhost")
    with pytest.raises(CannotGoOn, match="not host:port"):
        environment(CommandSettings())


def test_the_procfile_lists_every_service() -> None:
    commands = listed_processes()
    assert [" ".join(command) for command in commands.values()][: len(SERVICES)] == [
        f"python -m services.{name.casefold()}.main" for name in SERVICES
    ]
