"""A short form of the poison events; `make faults` has a hundred."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults import poison


@pytest.mark.timeout(300)
def test_poison_events_are_set_aside_left_alone_and_applied_once_they_can_be(tmp_path: Path) -> None:
    tally = poison.run("sqlite", poison=3, folder=tmp_path, quiet_seconds=2)
    assert tally.sound, tally.row()
