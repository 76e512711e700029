"""Consultations on each database, on 1 February 2024, beside real neighbours that hold the demonstration authority."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from inborough.caseload.v1 import caseload_pb2, caseload_pb2_grpc
from inborough.common.v1 import common_pb2
from inborough.events.v1 import events_pb2, events_pb2_grpc
from inborough.placement.v1 import consultations_pb2_grpc
from inborough.provision.v1 import provision_pb2, provision_pb2_grpc
from shared.grpc_server import RunningServer
from tests.builders.identity import connect
from tests.builders.system import running

Consulting = consultations_pb2_grpc.ConsultationServiceStub
Connected = Callable[..., Consulting]
ListedEvents = Callable[[], list[events_pb2.Event]]


@pytest.fixture(autouse=True)
def _first_of_february(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INBOROUGH_TODAY", "2024-02-01")


@pytest.fixture(scope="session")
def case_ids(neighbours: dict[str, str]) -> list[str]:
    """Cases with a decision due."""
    with connect("caseload", neighbours["caseload_address"]) as channel:
        request = caseload_pb2.ListCasesRequest(only_due=True, page_size=20)
        answer = caseload_pb2_grpc.CaseloadServiceStub(channel).ListCases(request, timeout=10)
        return [case.case_id for case in answer.cases]


@pytest.fixture(scope="session")
def settings(neighbours: dict[str, str]) -> dict[int, str]:
    """Names of settings that have places, by URN."""
    with connect("provision", neighbours["provision_address"]) as channel:
        request = provision_pb2.ListPlacePoolsRequest(first_day=common_pb2.Date(year=2024, month=9, day=2))
        answer = provision_pb2_grpc.ProvisionServiceStub(channel).ListPlacePools(request, timeout=10)
        return {pool.setting.urn: pool.setting.name for pool in answer.pools}


@pytest.fixture
def server(database_url: str, neighbours: dict[str, str], tmp_path: Path) -> Iterator[RunningServer]:
    """Placement on an empty database."""
    with running("placement", tmp_path, database_url=database_url, **neighbours) as started:
        yield started


@pytest.fixture(scope="session")
def server_on_sqlite(neighbours: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """Placement for tests in which the database plays no part."""
    with running("placement", tmp_path_factory.mktemp("consultations"), **neighbours) as started:
        yield started


@pytest.fixture
def caller(server: RunningServer) -> Iterator[Connected]:
    """Makes clients with the roles given."""
    with ExitStack() as stack:
        yield lambda *roles: Consulting(stack.enter_context(connect("placement", server.address, *roles)))


@pytest.fixture
def consulting(caller: Connected) -> Consulting:
    """A caseworker's client."""
    return caller("caseworker")


@pytest.fixture
def on_sqlite(server_on_sqlite: RunningServer) -> Iterator[Consulting]:
    """A caseworker's client, where the database plays no part."""
    with connect("placement", server_on_sqlite.address, "caseworker") as channel:
        yield Consulting(channel)


@pytest.fixture
def events(server: RunningServer) -> Iterator[ListedEvents]:
    """Lists the events of placement so far."""
    with connect("placement", server.address) as channel:
        stub = events_pb2_grpc.EventServiceStub(channel)
        yield lambda: list(stub.ListEvents(events_pb2.ListEventsRequest(), timeout=5).events)
