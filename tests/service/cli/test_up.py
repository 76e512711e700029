"""`inborough up`, as far as it goes without the services' own code."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from inborough.placement.v1 import placement_pb2
from shared.errors import NotSignedIn
from tests.service.cli.conftest import Ran, StandIns

Inborough = Callable[..., Ran]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def free_ports(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("INBOROUGH_VAR", str(tmp_path / "var"))
    for service in ("CASELOAD", "PROVISION", "COST", "PLACEMENT", "JOURNAL"):
        monkeypatch.setenv(f"INBOROUGH_{service}_ADDRESS", f"127.0.0.1:{free_port()}")
    monkeypatch.setenv("INBOROUGH_WEB_PORT", str(free_port()))
    for process in ("CASELOAD", "PROVISION", "COST", "PLACEMENT", "JOURNAL", "PLACEMENT_EVENTS", "WEB"):
        monkeypatch.setenv(f"INBOROUGH_{process}_METRICS_PORT", "0")


def test_a_system_that_is_up_is_not_started_again(services: StandIns, inborough: Inborough) -> None:
    services.answer("ListPolicies", placement_pb2.ListPoliciesResponse())
    ran = inborough("up")
    assert ran.status == 0
    assert "up already; nothing was started" in ran.out
    assert "inborough cases --due" in ran.out


def test_somebody_elses_system_is_not_taken_for_ours(services: StandIns, inborough: Inborough) -> None:
    services.answer("ListPolicies", NotSignedIn("The identity token is not one that our front door signed."))
    ran = inborough("up")
    assert ran.status == 3
    assert "Another Inborough answers on these ports" in ran.err
    assert "INBOROUGH_VAR" in ran.err


def test_a_command_where_nothing_was_started_makes_no_keys_and_says_where_to_run_it(
    services: StandIns, inborough: Inborough, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    services.answer("ListPolicies", NotSignedIn("The identity token is not one that our front door signed."))
    monkeypatch.delenv("INBOROUGH_IDENTITY")
    monkeypatch.setenv("INBOROUGH_VAR", str(tmp_path / "elsewhere"))
    ran = inborough("policies")
    assert ran.status == 1
    assert "where the services were started" in " ".join(ran.err.split())
    assert not (tmp_path / "elsewhere").exists()


def test_a_taken_port_is_named_and_nothing_is_started(
    free_ports: None, inborough: Inborough, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("INBOROUGH_COST_ADDRESS", f"127.0.0.1:{taken.getsockname()[1]}")
        ran = inborough("up", "--once")
    assert ran.status == 3
    assert "cost cannot listen on" in ran.err
    assert not (tmp_path / "var" / "logs").exists()


def test_a_process_that_ends_at_once_is_named_with_its_log(
    free_ports: None, inborough: Inborough, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    procfile = tmp_path / "Procfile"
    procfile.write_text("broken: python -c 'raise SystemExit(4)'\n")
    monkeypatch.setattr("services.cli.system.procfile.PROCFILE", procfile)
    ran = inborough("up", "--once")
    assert ran.status == 3
    assert "broken stopped" in ran.err
    assert "broken.log" in ran.err.replace("\n", "")
