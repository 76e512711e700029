"""Placement's database with scenarios over the tiny world, and placement beside a small demonstration authority."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine

from inborough.placement.v1 import scenarios_pb2, scenarios_pb2_grpc
from shared.database import open_database
from shared.ids import new_id
from tests.builders.identity import connect
from tests.builders.scenarios import placement_database, work_off
from tests.builders.system import load_demonstration, neighbours_of_placement, running

TODAY = "2024-02-01"
SMALL = """
name = "Late"
first_year = 2024
years = 2
replicates = 4
seed = 7
"""


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with placement_database(database_url) as engine:
        yield engine


@dataclass
class Planner:
    """A planner's client of placement, and the workers of its database."""

    stub: scenarios_pb2_grpc.ScenarioServiceStub
    address: str
    engine: Engine

    def create(self, definition: str = SMALL, **fields: object) -> scenarios_pb2.Scenario:
        """Keep a scenario; it is not simulated yet."""
        request = scenarios_pb2.CreateScenarioRequest(request_id=new_id("req"), definition=definition)
        for name, value in fields.items():
            setattr(request, name, value)
        return self.stub.CreateScenario(request, timeout=60).scenario

    def get(self, scenario_id: str) -> scenarios_pb2.Scenario:
        """A scenario as it stands."""
        request = scenarios_pb2.GetScenarioRequest(scenario_id=scenario_id)
        return self.stub.GetScenario(request, timeout=10).scenario

    def result(self, scenario_id: str, *measures: str) -> scenarios_pb2.GetScenarioResultResponse:
        """What it comes to."""
        request = scenarios_pb2.GetScenarioResultRequest(scenario_id=scenario_id, measures=measures)
        return self.stub.GetScenarioResult(request, timeout=10)

    def cancel(self, scenario_id: str) -> scenarios_pb2.Scenario:
        """Stop it."""
        request = scenarios_pb2.CancelScenarioRequest(request_id=new_id("req"), scenario_id=scenario_id)
        return self.stub.CancelScenario(request, timeout=10).scenario

    def simulate(self) -> None:
        """Do what workers would."""
        work_off(self.engine)


@pytest.fixture(scope="session")
def small_authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Addresses of caseload, provision and cost, with some 200 children on file. Tests only read from them."""
    folder = tmp_path_factory.mktemp("small-authority")
    with neighbours_of_placement(folder) as addresses:
        load_demonstration(addresses, folder / "demonstration", scale=200)
        yield addresses


@pytest.fixture(autouse=True)
def _its_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INBOROUGH_TODAY", TODAY)


@pytest.fixture
def planner(database_url: str, small_authority: dict[str, str], tmp_path: Path) -> Iterator[Planner]:
    """On each database."""
    with _planner(database_url, small_authority, tmp_path) as found:
        yield found


@pytest.fixture(scope="module")
def on_sqlite(small_authority: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planner]:
    """One for all tests in which the database plays no part."""
    folder = tmp_path_factory.mktemp("planner")
    with _planner(f"sqlite:///{folder / 'placement.db'}", small_authority, folder) as found:
        yield found


@contextmanager
def _planner(url: str, addresses: dict[str, str], folder: Path) -> Iterator[Planner]:
    engine = open_database(url)
    with (
        running("placement", folder, database_url=url, **addresses) as server,
        connect("placement", server.address, "planner") as channel,
    ):
        yield Planner(scenarios_pb2_grpc.ScenarioServiceStub(channel), server.address, engine)
    engine.dispose()
