"""What every test may ask for: a database of its own on each supported server, and a settings base for a service."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from shared import logs
from tests.builders import kept_postcodes, migrated
from tests.builders.databases import POSTGRESQL, NoDatabaseServer, empty_database

__all__ = ["POSTGRESQL"]

# A loaded machine is slow, which says nothing of the code: no test of a property fails for time.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")

migrated.remember()
kept_postcodes.keep()

# Where Debian keeps rabbitmqctl, which is not on everybody's path.
os.environ["PATH"] = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin"

IDENTITY = tempfile.mkdtemp(prefix="inborough-identity-")
os.environ["INBOROUGH_IDENTITY"] = IDENTITY
"""Keys of the tests' own front door, one pair a process; what a test starts finds them here too."""
atexit.register(shutil.rmtree, IDENTITY, ignore_errors=True)
KEPT = ("INBOROUGH_DATA", "INBOROUGH_IDENTITY")


@pytest.fixture(autouse=True)
def _no_leftover_request() -> None:
    """No test begins within the request of the one before."""
    logs.request_id.set("")


@pytest.fixture(autouse=True)
def _no_leftover_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No INBOROUGH_ variable of the developer's machine reaches a test, but for where tests find servers and data."""
    for name in list(os.environ):
        if name.startswith("INBOROUGH_") and not name.startswith("INBOROUGH_TEST_") and name not in KEPT:
            monkeypatch.delenv(name)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database: the test runs once on SQLite and once on PostgreSQL."""
    try:
        with empty_database(request.param, tmp_path) as url:
            yield url
    except NoDatabaseServer:
        need_server("PostgreSQL", "INBOROUGH_TEST_POSTGRESQL")


def need_server(which: str, variable: str) -> None:
    """Skip with a reason where a server is missing; in CI it must be there."""
    reason = f"{which} does not answer; start it or set {variable}"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def need_history(commit: str) -> None:
    """Skip with a reason where git has no such commit, as in an archive or a shallow clone; in CI it must be there."""
    reason = f"git does not have {commit[:12]} here; fetch the whole history"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
