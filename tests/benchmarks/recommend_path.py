"""A recommendation from the client to the saved answer and back, and what identity and record add to it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.benchmarks.figures import Figure
from tests.benchmarks.loaded import HALTON_TODAY, loaded_system
from tests.benchmarks.planning import placement_here, standing_plan_here
from tests.benchmarks.processes import echo_server
from tests.benchmarks.recommending import ranking_alone, whole_call
from tests.benchmarks.recording import identity_and_record


def measure() -> list[Figure]:
    """Every figure of a recommendation."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with echo_server(folder / "echo") as echo, loaded_system(folder / "today", HALTON_TODAY) as today:
            found = whole_call(today, echo, HALTON_TODAY.name)
            with placement_here(today, folder) as context:
                found += ranking_alone(standing_plan_here(context, today), echo, HALTON_TODAY.name)
                found += identity_and_record(context)
        return found
