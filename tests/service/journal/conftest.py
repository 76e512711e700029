"""The journal on each database: the database alone, and the service that reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from inborough.journal.v1 import journal_pb2_grpc
from tests.builders.identity import connect
from tests.builders.journal import KEY, open_journal
from tests.builders.system import running

Reader = Callable[..., journal_pb2_grpc.JournalServiceStub]


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """The journal's database, empty."""
    opened = open_journal(database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def reader(engine: Engine, database_url: str, tmp_path: Path) -> Iterator[Reader]:
    """Clients of the service over `engine`'s database: `reader()` for an auditor, or with roles."""
    with running("journal", tmp_path, database_url=database_url, key=KEY.decode()) as server:
        yield lambda *roles: journal_pb2_grpc.JournalServiceStub(
            connect("journal", server.address, *(roles or ("auditor",)))
        )
