"""A planner runs a scenario on the embedded system while a colleague watches how far it has come."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from tests.builders.embedded import INBOROUGH, staying_up
from tests.journeys.test_embedded_system import Command, addresses, inborough, nobody_listens

__all__ = ["addresses", "inborough"]
SMALL = ("--replicates", "24", "--years", "2")


@pytest.mark.timeout(300)
def test_one_command_runs_a_scenario_while_another_watches_its_progress(
    addresses: list[str], inborough: Command, tmp_path: Path
) -> None:
    with staying_up() as up:
        file = tmp_path / "late.toml"
        template = [*INBOROUGH, "scenario", "template"]  # as a person starts it: on the demonstration's own day
        file.write_text(subprocess.run(template, capture_output=True, text=True, check=True).stdout)
        command = [*INBOROUGH, "--as", "planner", "scenario", "run", str(file), *SMALL, "--json"]
        said, progress = tmp_path / "said", tmp_path / "progress"
        with (
            said.open("w") as out,
            progress.open("w") as errors,
            subprocess.Popen(command, stdout=out, stderr=errors) as running,
        ):
            seen = watched(inborough, running)
        assert running.returncode == 0, progress.read_text()
        found = json.loads(said.read_text())
        listed = inborough.json("journal", "list", "--source", "placement", "--name", "scenario_created")
        kill_and_look_what_is_left(up, addresses)
    assert seen == sorted(seen)
    assert len(set(seen)) > 1  # it was seen under way, and further on
    assert found["scenario"]["state"] == "finished"
    assert {figure["measure"] for figure in found["figures"]} >= {"inmss", "unmet", "deficit"}
    assert "100 % of 48 replicates" in progress.read_text()
    assert listed["entries"]


def watched(inborough: Command, running: subprocess.Popen[bytes]) -> list[int]:
    """Replicates done, whenever a second command looked, until the first one ended."""
    seen: list[int] = []
    while running.poll() is None:
        newest: list[Any] = inborough.json("--as", "auditor", "scenario", "list")["scenarios"]
        seen += [scenario["progress"]["replicates_done"] for scenario in newest]
        time.sleep(0.5)
    return seen


def kill_and_look_what_is_left(up: subprocess.Popen[str], addresses: list[str]) -> None:
    """No process of a system that was killed goes on: nobody listens any more."""
    up.kill()
    deadline = time.monotonic() + 60
    while not all(map(nobody_listens, addresses)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert all(map(nobody_listens, addresses))
