"""The command against stand-ins for the services, over real gRPC."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import Any

import grpc
import pytest

from inborough.caseload.v1 import caseload_pb2_grpc
from inborough.cost.v1 import cost_pb2_grpc, transport_pb2_grpc
from inborough.events.v1 import events_pb2_grpc
from inborough.journal.v1 import journal_pb2_grpc
from inborough.keeping.v1 import keeping_pb2_grpc
from inborough.placement.v1 import (
    consultations_pb2_grpc,
    decisions_pb2_grpc,
    monitoring_pb2_grpc,
    panels_pb2_grpc,
    placement_pb2_grpc,
    scenarios_pb2_grpc,
    travel_pb2_grpc,
)
from inborough.provision.v1 import provision_pb2_grpc
from services.cli.main import run
from shared.grpc_server import Handled, start_server
from shared.settings import ServiceSettings
from tests.service.cli.decided import prepare

Register = Callable[[Any, grpc.Server], None]
SERVICES: dict[str, dict[str, Register]] = {
    "caseload": {"caseload.v1.CaseloadService": caseload_pb2_grpc.add_CaseloadServiceServicer_to_server},
    "provision": {"provision.v1.ProvisionService": provision_pb2_grpc.add_ProvisionServiceServicer_to_server},
    "cost": {
        "cost.v1.CostService": cost_pb2_grpc.add_CostServiceServicer_to_server,
        "cost.v1.TransportService": transport_pb2_grpc.add_TransportServiceServicer_to_server,
    },
    "placement": {
        "placement.v1.PlacementService": placement_pb2_grpc.add_PlacementServiceServicer_to_server,
        "placement.v1.DecisionService": decisions_pb2_grpc.add_DecisionServiceServicer_to_server,
        "placement.v1.PanelService": panels_pb2_grpc.add_PanelServiceServicer_to_server,
        "placement.v1.ConsultationService": consultations_pb2_grpc.add_ConsultationServiceServicer_to_server,
        "placement.v1.MonitoringService": monitoring_pb2_grpc.add_MonitoringServiceServicer_to_server,
        "placement.v1.ScenarioService": scenarios_pb2_grpc.add_ScenarioServiceServicer_to_server,
        "placement.v1.TravelService": travel_pb2_grpc.add_TravelServiceServicer_to_server,
    },
    "journal": {"journal.v1.JournalService": journal_pb2_grpc.add_JournalServiceServicer_to_server},
}
EVENTS: dict[str, Register] = {
    "events.v1.EventService": events_pb2_grpc.add_EventServiceServicer_to_server,
    "keeping.v1.KeepingService": keeping_pb2_grpc.add_KeepingServiceServicer_to_server,
}
"""Every service serves its event log, and what it keeps for how long, beside its own."""


class StandIns:
    """Answers each RPC with what the test said: a message, an error to raise, or a function of the request."""

    def __init__(self) -> None:
        self._answers: dict[str, Any] = {}
        self.asked: dict[str, Any] = {}
        self.asked_of: dict[str, Any] = {}

    def answer(self, method: str, with_what: Any) -> None:
        """Say what a method answers; "journal.ListCursors" for the one of that service."""
        self._answers[method] = with_what

    def handle(self, service: str, method: str, request: Any) -> Any:
        """The answer of a service to a request, which is kept for the test to look at."""
        own = f"{service}.{method}"
        self.asked[method] = self.asked_of[own] = request
        answer = self._answers[own if own in self._answers else method]
        if isinstance(answer, Exception):
            raise answer
        return answer(request) if callable(answer) else answer


@dataclass(frozen=True)
class Played:
    """One service, played by the stand-ins."""

    service: str
    stand_ins: StandIns

    def __getattr__(self, method: str) -> Callable[[Any, Any], Any]:
        return lambda request, _: self.stand_ins.handle(self.service, method, request)


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIns]:
    """All services, each on a free port of its own."""
    monkeypatch.setattr("shared.logs.log", lambda *_, **__: None)  # the stand-ins share our standard output
    stand_ins = StandIns()
    with ExitStack() as stack:
        for name, served in SERVICES.items():
            played = Played(name, stand_ins)
            handled = [Handled(f"inborough.{each}", partial(add, played)) for each, add in {**served, **EVENTS}.items()]
            running = start_server(ServiceSettings(port=0, threads=4), handled)
            stack.callback(running.stop, 0)
            monkeypatch.setenv(f"INBOROUGH_{name.upper()}_ADDRESS", running.address)
        yield stand_ins


@pytest.fixture
def no_services(monkeypatch: pytest.MonkeyPatch) -> None:
    """Addresses where nobody listens."""
    for name in SERVICES:
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


@pytest.fixture
def deciding(services: StandIns) -> StandIns:
    """Two options are ranked, one open panel has the case on its agenda, and whatever is decided is offered."""
    prepare(services)
    return services
