"""The whole path, services as real processes on SQLite: plans, where their time goes, growth and memory."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.benchmarks.findings import Finding
from tests.benchmarks.loaded import COUNTY, HALTON, loaded_system
from tests.benchmarks.memory import memory_of
from tests.benchmarks.planning import parts_and_growth, placement_here, standing_plan_here, where_time_goes, whole_plan
from tests.benchmarks.recommending import while_planning


def measure() -> list[Finding]:
    """Every figure of the whole path."""
    with tempfile.TemporaryDirectory() as folder:
        return _measure(Path(folder))


def _measure(folder: Path) -> list[Finding]:
    found: list[Finding] = []
    with loaded_system(folder / "halton", HALTON) as halton:
        found += whole_plan(halton, HALTON.name, 6)
        with placement_here(halton, folder / "halton") as context:
            found += where_time_goes(context, halton, HALTON.name)
    with loaded_system(folder / "county", COUNTY) as county:
        found += whole_plan(county, COUNTY.name, 3)
        pids = {name: server.pid for name, server in county.servers.items()}
        found.append(memory_of("Memory of the services once county plans are made", pids))
        found += while_planning(county)
        with placement_here(county, folder / "county") as context:
            found += where_time_goes(context, county, COUNTY.name)
            found += parts_and_growth(context, standing_plan_here(context, county))
    return found
