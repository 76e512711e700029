"""A chair at work on the small authority of tests/builders/deciding.py, with real neighbours that a test may change."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders.deciding import TODAY, Panel, sitting, small_authority
from tests.builders.system import running
from tests.service.placement.decisions.hands import EventsHands, events_hands


@pytest.fixture(autouse=True)
def _its_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INBOROUGH_TODAY", TODAY)


@pytest.fixture
def panel(database_url: str, tmp_path: Path) -> Iterator[Panel]:
    """Placement on each database; caseload, provision and cost of this test alone."""
    with (
        small_authority(tmp_path) as (addresses, case_ids),
        running("placement", tmp_path, database_url=database_url, **addresses) as server,
        sitting(server.address, {**addresses, "placement_address": server.address}, case_ids) as panel,
    ):
        yield panel


@pytest.fixture
def hands(panel: Panel, database_url: str) -> Iterator[EventsHands]:
    """The events process of the same placement."""
    with events_hands(database_url, panel.addresses) as found:
        yield found
