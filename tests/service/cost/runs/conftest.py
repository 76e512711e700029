"""A cost server that has a rate card and a fleet, called through a real channel."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from inborough.common.v1 import common_pb2
from inborough.cost.v1 import cost_pb2, cost_pb2_grpc, transport_pb2_grpc
from inborough.cost.v1 import transport_pb2 as pb
from inborough.events.v1 import events_pb2, events_pb2_grpc
from services.cost.main import build
from services.cost.settings import Settings
from shared.grpc_server import start_server
from tests.builders import kept_workers
from tests.builders.cost import import_file
from tests.builders.identity import connect
from tests.builders.runs import bell_file, fleet_file
from tests.service.cost.conftest import ALL, SECONDS


@dataclass(frozen=True)
class Transport:
    """The service as its callers see it."""

    runs: transport_pb2_grpc.TransportServiceStub
    cost: cost_pb2_grpc.CostServiceStub
    events: events_pb2_grpc.EventServiceStub

    def import_fleet(
        self, content: bytes, *, mode: common_pb2.ImportMode.ValueType = ALL, preview: bool = False
    ) -> pb.ImportFleetResponse:
        file = common_pb2.ImportFile(name="fleet.csv", content=content)
        return self.runs.ImportFleet(pb.ImportFleetRequest(file=file, mode=mode, preview=preview), timeout=SECONDS)

    def import_bells(
        self, content: bytes, *, mode: common_pb2.ImportMode.ValueType = ALL, preview: bool = False
    ) -> common_pb2.ImportReport:
        file = common_pb2.ImportFile(name="bells.csv", content=content)
        asked = pb.ImportBellTimesRequest(file=file, mode=mode, preview=preview)
        return self.runs.ImportBellTimes(asked, timeout=SECONDS).report

    def import_card(self, content: bytes | None = None) -> None:
        asked = cost_pb2.ImportRateCardRequest(file=import_file(content), mode=ALL)
        assert self.cost.ImportRateCard(asked, timeout=SECONDS).report.accepted

    def plan(self, asked: pb.PlanRunsRequest) -> pb.RunPlan:
        """The run plan, once it is made."""
        *_, last = self.runs.PlanRuns(asked, timeout=SECONDS)
        assert last.HasField("run_plan")
        return last.run_plan

    def get(self, run_plan_id: str = "", **asked: object) -> pb.RunPlan:
        request = pb.GetRunPlanRequest(run_plan_id=run_plan_id, **asked)  # type: ignore[arg-type]
        return self.runs.GetRunPlan(request, timeout=SECONDS).run_plan

    def list_ids(self) -> list[str]:
        plans = self.runs.ListRunPlans(pb.ListRunPlansRequest(), timeout=SECONDS).run_plans
        assert not any(plan.runs or plan.destinations or plan.not_carried for plan in plans)
        return [plan.run_plan_id for plan in plans]

    def price(self, asked: pb.PriceRunsRequest) -> pb.PriceRunsResponse:
        return self.runs.PriceRuns(asked, timeout=SECONDS)

    def quote(self, asked: cost_pb2.QuoteOptionsRequest) -> cost_pb2.QuoteOptionsResponse:
        return self.cost.QuoteOptions(asked, timeout=SECONDS)

    def list_events(self, name: str) -> list[events_pb2.Event]:
        found = self.events.ListEvents(events_pb2.ListEventsRequest(), timeout=SECONDS).events
        return [event for event in found if event.name == name]


NOBODY = "127.0.0.1:1"
"""An address where no provision service listens."""


@contextmanager
def serving(url: str, *roles: str, provision: str = NOBODY) -> Iterator[Transport]:
    """The service on a free port."""
    kept_workers.keep()
    settings = Settings(port=0, metrics_port=0, database_url=url, INBOROUGH_PROVISION_ADDRESS=provision)
    running = start_server(settings, build(settings))
    channel = connect("cost", running.address, *roles)
    try:
        yield Transport(
            transport_pb2_grpc.TransportServiceStub(channel),
            cost_pb2_grpc.CostServiceStub(channel),
            events_pb2_grpc.EventServiceStub(channel),
        )
    finally:
        channel.close()
        running.stop(0)


def equip(service: Transport) -> None:
    """Bring in the rate card, the fleet and the bell times."""
    service.import_card()
    assert service.import_fleet(fleet_file()).report.accepted
    assert service.import_bells(bell_file()).accepted


@pytest.fixture
def bare(database_url: str) -> Iterator[Transport]:
    """The service on an empty database; once on SQLite, once on PostgreSQL."""
    with serving(database_url) as service:
        yield service


@pytest.fixture
def transport(bare: Transport) -> Transport:
    """The same with what runs are made from."""
    equip(bare)
    return bare


@pytest.fixture(scope="module")
def shared_transport(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Transport]:
    """One service on SQLite, for tests that leave it as they find it or add run plans alone."""
    with serving(f"sqlite:///{tmp_path_factory.mktemp('runs') / 'test.db'}") as service:
        equip(service)
        yield service
