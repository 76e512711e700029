"""Placement's database with scenarios over the tiny world; no neighbour runs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from tests.builders.scenarios import placement_database


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with placement_database(database_url) as engine:
        yield engine
