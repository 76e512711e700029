"""The pages over real services of the small authority of tests/builders/deciding.py."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders.deciding import TODAY
from tests.builders.pages import Authority, Somebody, authority, somebody


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    """One authority a file of tests; each test takes children of its own."""
    before = os.environ.get("INBOROUGH_TODAY")
    os.environ["INBOROUGH_TODAY"] = TODAY
    with authority(tmp_path_factory.mktemp("authority")) as found:
        yield found
    os.environ.pop("INBOROUGH_TODAY")
    if before is not None:
        os.environ["INBOROUGH_TODAY"] = before


@pytest.fixture(autouse=True)
def _its_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INBOROUGH_TODAY", TODAY)


@pytest.fixture
def visitor(services: Authority, tmp_path: Path) -> Iterator[Somebody]:
    """Somebody who is not signed in yet."""
    with somebody(services, tmp_path) as found:
        yield found


@pytest.fixture
def chair(visitor: Somebody) -> Somebody:
    """The demo panel chair, signed in."""
    return visitor.sign_in("panel_chair")
