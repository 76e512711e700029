"""A scenario over its whole way, database, broker and workers: how fast, by workers, and how much memory each takes."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from services.placement.operations.known_worlds import World
from tests.benchmarks import worlds
from tests.benchmarks.figures import Figure
from tests.benchmarks.processes import with_children
from tests.builders.brokers import running_broker
from tests.builders.scenario_office import Office
from tests.builders.scenarios import keep_scenario, placement_database, rows_of
from tests.builders.world import FIRST_YEAR, halton_world

REPLICATES, YEARS = 200, 5
WORKERS = (1, 2, 4)
MOST_OF_ONE = 1 / 1.7
WORKER = "shared.worker_processes"
DEFINITION = f"""
name = "Halton"
first_year = {FIRST_YEAR}
"""


@dataclass(frozen=True)
class Run:
    """Seconds from the first shard taken to the last kept, and the most memory of each worker process, in MB."""

    seconds: float
    peaks: Sequence[float]


def measure() -> Sequence[Figure]:
    """Time 200 replicates of five years, and as many of the baseline, by workers; and making a world for them."""
    content = halton_world().to_bytes()
    world = World(hashlib.sha256(content).hexdigest(), content, date(FIRST_YEAR, 2, 1))
    runs = {workers: _run(world, workers) for workers in WORKERS}
    replicates = 2 * REPLICATES
    what = f"{replicates} replicates of {YEARS} years at Halton size, from the first shard taken to the last kept"
    of_one = {workers: run.seconds / runs[1].seconds for workers, run in runs.items()}
    return [
        *worlds.measure(),
        *(Figure("", f"{what}, {_named(workers)}", [run.seconds], "s") for workers, run in runs.items()),
        *(
            Figure("", f"Replicates kept a second, {_named(workers)}", [replicates / run.seconds], "/s")
            for workers, run in runs.items()
        ),
        Figure("6", "Two workers' time, of one worker's", [of_one[2]], "", MOST_OF_ONE, "1.7 times faster is 0.588"),
        Figure("", "Four workers' time, of one worker's", [of_one[4]], "", note="no faster than there are cores"),
        Figure(
            "",
            "Most memory of a worker process, from its start to the scenario's end",
            [peak for run in runs.values() for peak in run.peaks],
            "MB",
        ),
    ]


def _named(workers: int) -> str:
    return "one worker" if workers == 1 else f"{workers} workers"


def _run(world: World, workers: int) -> Run:
    with (
        tempfile.TemporaryDirectory(prefix="inborough-scenarios-", ignore_cleanup_errors=True) as name,
        running_broker("files", Path(name)) as broker,
        placement_database(f"sqlite:///{Path(name) / 'placement.db'}") as engine,
    ):
        office = Office(engine, broker, Path(name))
        scenario_id = keep_scenario(engine, definition=DEFINITION, world=world, replicates=REPLICATES, years=YEARS)
        with office.start("events", workers=workers, lease_seconds=60) as events:
            office.wait_until_finished(scenario_id, seconds=1800)
            peaks = list(_peaks(events.popen.pid))
        shards = [row for row in rows_of(engine, scenario_id) if row.kind == "replicates"]
        began = min(row.done_at_utc.timestamp() - row.seconds for row in shards)
        return Run(max(row.done_at_utc.timestamp() for row in shards) - began, peaks)


def _peaks(events_pid: int) -> Iterator[float]:
    """The most that each worker of an events process has held at a time, in MB of 10**6 bytes, as the kernel counts."""
    for pid in with_children([events_pid]):
        if WORKER in Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace"):
            held = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
            assert held, "Linux tells it of every process"
            yield int(held[1]) * 1024 / 1e6
