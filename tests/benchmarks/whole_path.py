"""The whole path, services as real processes on SQLite: plans, growth, starting and memory."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.benchmarks.figures import Figure
from tests.benchmarks.loaded import COUNTY, HALTON, loaded_system
from tests.benchmarks.planning import parts_and_growth, placement_here, standing_plan_here, whole_plan
from tests.benchmarks.recommending import while_planning
from tests.benchmarks.starting import start_and_rest


def measure() -> list[Figure]:
    """Every figure of the whole path."""
    with tempfile.TemporaryDirectory() as folder:
        return _measure(Path(folder))


def _measure(folder: Path) -> list[Figure]:
    found: list[Figure] = []
    with loaded_system(folder / "halton", HALTON) as halton:
        found += whole_plan(halton, HALTON.name, 6)
    with loaded_system(folder / "county", COUNTY) as county:
        found += whole_plan(county, COUNTY.name, 3)
        found += while_planning(county)
        with placement_here(county, folder) as context:
            found += parts_and_growth(context, standing_plan_here(context, county))
    return found + start_and_rest(folder / "up")
