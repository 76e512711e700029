"""Placement on each database, beside real neighbours that hold the demonstration authority."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from inborough.placement.v1 import placement_pb2_grpc
from tests.builders.system import channel_to, load_demonstration, neighbours_of_placement, running


@pytest.fixture(scope="session")
def neighbours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Addresses of caseload, provision and cost with the demonstration loaded. Tests only read from them."""
    folder = tmp_path_factory.mktemp("neighbours")
    with neighbours_of_placement(folder) as addresses:
        load_demonstration(addresses, folder / "demonstration")
        yield addresses


@pytest.fixture
def placement(
    database_url: str, neighbours: dict[str, str], tmp_path: Path
) -> Iterator[placement_pb2_grpc.PlacementServiceStub]:
    """A client of placement on an empty database."""
    with (
        running("placement", tmp_path, database_url=database_url, **neighbours) as server,
        channel_to(server, "placement") as channel,
    ):
        yield placement_pb2_grpc.PlacementServiceStub(channel)


@pytest.fixture(scope="session")
def on_sqlite(
    neighbours: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[placement_pb2_grpc.PlacementServiceStub]:
    """A client of placement for tests in which the database plays no part."""
    with (
        running("placement", tmp_path_factory.mktemp("placement"), **neighbours) as server,
        channel_to(server, "placement") as channel,
    ):
        yield placement_pb2_grpc.PlacementServiceStub(channel)
