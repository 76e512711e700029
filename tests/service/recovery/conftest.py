"""The whole system on each database, and the command beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from services.cli.main import run
from tests.builders.databases import NoDatabaseServer
from tests.builders.whole import Whole, whole_system
from tests.conftest import need_server


@dataclass(frozen=True)
class Ran:
    """What a command line gave."""

    status: int
    out: str
    err: str


Inborough = Callable[..., Ran]


@pytest.fixture
def inborough(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Inborough:
    """Run one command line in this process, as an administrator unless told otherwise."""
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setattr("shared.logs.log", lambda *_, **__: None)  # the services share our standard output

    def run_it(*arguments: str) -> Ran:
        capsys.readouterr()
        status = run(arguments)
        said = capsys.readouterr()
        return Ran(status, said.out, said.err)

    return run_it


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
def whole(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Whole]:
    """Running, with the small authority brought in."""
    try:
        with whole_system(request.param, tmp_path) as system:
            system.start()
            system.load()
            yield system
    except NoDatabaseServer:
        need_server("PostgreSQL", "INBOROUGH_TEST_POSTGRESQL")
