"""The command against stand-ins for the four services, over real gRPC."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest

from inborough.caseload.v1 import caseload_pb2_grpc
from inborough.cost.v1 import cost_pb2_grpc
from inborough.placement.v1 import placement_pb2_grpc
from inborough.provision.v1 import provision_pb2_grpc
from services.cli.main import run
from shared.grpc_server import Handled, start_server
from shared.settings import ServiceSettings

REGISTER: dict[str, Callable[..., Any]] = {
    "caseload": caseload_pb2_grpc.add_CaseloadServiceServicer_to_server,
    "provision": provision_pb2_grpc.add_ProvisionServiceServicer_to_server,
    "cost": cost_pb2_grpc.add_CostServiceServicer_to_server,
    "placement": placement_pb2_grpc.add_PlacementServiceServicer_to_server,
}


class StandIns:
    """Answers each RPC with what the test said: a message, an error to raise, or a function of the request."""

    def __init__(self) -> None:
        self._answers: dict[str, Any] = {}
        self.asked: dict[str, Any] = {}

    def answer(self, method: str, with_what: Any) -> None:
        """Say what a method answers."""
        self._answers[method] = with_what

    def __getattr__(self, method: str) -> Callable[[Any, Any], Any]:
        def handle(request: Any, _: Any) -> Any:
            self.asked[method] = request
            answer = self._answers[method]
            if isinstance(answer, Exception):
                raise answer
            return answer(request) if callable(answer) else answer

        return handle


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIns]:
    """All four services, played by one stand-in on a free port."""
    monkeypatch.setattr("shared.logs.log", lambda *_, **__: None)  # the stand-ins share our standard output
    stand_ins = StandIns()
    handled = [
        Handled(f"inborough.{name}.v1.{name.capitalize()}Service", partial(add, stand_ins))
        for name, add in REGISTER.items()
    ]
    running = start_server(ServiceSettings(port=0), handled)
    for name in REGISTER:
        monkeypatch.setenv(f"INBOROUGH_{name.upper()}_ADDRESS", running.address)
    yield stand_ins
    running.stop(0)


@pytest.fixture
def no_services(monkeypatch: pytest.MonkeyPatch) -> None:
    """Addresses where nobody listens."""
    for name in REGISTER:
        monkeypatch.setenv(f"INBOROUGH_{name.upper()}_ADDRESS", "127.0.0.1:1")


@dataclass
class Ran:
    """What a command line gave."""

    status: int
    out: str
    err: str


@pytest.fixture
def inborough(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """Run one command line on a terminal of 80 columns."""
    monkeypatch.setenv("COLUMNS", "80")

    def run_it(*arguments: str) -> Ran:
        status = run(arguments)
        said = capsys.readouterr()
        return Ran(status, said.out, said.err)

    return run_it
