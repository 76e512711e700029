"""In the clear nothing leaves the machine, unless somebody says that the network itself keeps others out."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import grpc
import pytest

from inborough.common.v1.common_pb2 import Date
from shared.grpc_client import connect
from shared.grpc_server import start_server
from shared.identity.callers import person
from shared.identity.set_up import SetUpWrong
from shared.settings import ServiceSettings
from tests.architecture.source import ROOT
from tests.builders.certificates import Issuer, front_door, service
from tests.service.shared.echo import handled


def answer(request: Date, context: grpc.ServicerContext) -> Date:
    return request


@pytest.mark.parametrize("host", ["0.0.0.0", "[::]", "192.0.2.7", "caseload", "127.0.0.1.example", ""])
def test_a_server_told_to_listen_beyond_this_machine_refuses_and_says_how_to(host: str) -> None:
    with pytest.raises(SetUpWrong, match=r"in the clear.*INBOROUGH_TLS.*INBOROUGH_PLAIN_TEXT=accepted"):
        start_server(ServiceSettings(host=host), [handled(answer)])


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.9", "localhost"])
def test_a_server_may_listen_on_this_machine(host: str) -> None:
    start_server(ServiceSettings(host=host), [handled(answer)]).stop(0)


def test_a_server_may_listen_anywhere_where_that_is_accepted() -> None:
    start_server(ServiceSettings(host="0.0.0.0", plain_text="accepted"), [handled(answer)]).stop(0)


@pytest.mark.parametrize("address", ["caseload:50051", "192.0.2.7:50051", "caseload.example:50051"])
def test_no_token_is_sent_beyond_this_machine_in_the_clear(address: str) -> None:
    planner = person(ServiceSettings(), "user_ada", ["planner"])
    with pytest.raises(SetUpWrong, match=r"not called in the clear.*INBOROUGH_TLS"):
        connect("caseload", address, planner)


def started(tmp_path: Path, **told: str) -> subprocess.CompletedProcess[str]:
    """The cost service, as far as it gets."""
    ports = {"INBOROUGH_COST_PORT": "0", "INBOROUGH_COST_METRICS_PORT": "0", "INBOROUGH_VAR": str(tmp_path / "var")}
    return subprocess.run(
        [sys.executable, "-m", "services.cost.main"],
        cwd=ROOT, env={**os.environ, **ports, **told}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_a_service_that_may_not_start_says_why_in_one_line(tmp_path: Path) -> None:
    found = started(tmp_path, INBOROUGH_COST_HOST="0.0.0.0")
    assert found.returncode == 1
    assert found.stderr.startswith("cost does not start. Listening on 0.0.0.0 in the clear")
    assert "Traceback" not in found.stderr


def test_a_service_with_anothers_certificate_does_not_start(tmp_path: Path) -> None:
    for name in (service("caseload"), front_door()):
        found = started(tmp_path, INBOROUGH_TLS=str(Issuer(tmp_path).write("held", name)), INBOROUGH_IDENTITY="")
        assert found.returncode == 1
        assert f"is for {name}; this process needs one for spiffe://inborough/service/cost" in found.stdout


def test_a_port_that_is_taken_is_no_matter_of_certificates() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(RuntimeError):
            start_server(ServiceSettings(port=taken.getsockname()[1]), [handled(answer)])
