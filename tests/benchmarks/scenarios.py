"""A scenario over its whole way, database, broker and workers: how much faster two workers are than one."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from services.placement.operations.known_worlds import World
from tests.benchmarks.figures import Figure
from tests.builders.brokers import running_broker
from tests.builders.scenario_office import Office
from tests.builders.scenarios import keep_scenario, placement_database, rows_of
from tests.builders.world import FIRST_YEAR, halton_world

REPLICATES, YEARS = 200, 5
MOST_OF_ONE = 1 / 1.7
DEFINITION = f"""
name = "Halton"
first_year = {FIRST_YEAR}
"""


def measure() -> Sequence[Figure]:
    """Time 200 replicates of five years, and as many of the baseline, with one worker and with two."""
    content = halton_world().to_bytes()
    world = World(hashlib.sha256(content).hexdigest(), content, date(FIRST_YEAR, 2, 1))
    one, two = (_seconds(world, workers) for workers in (1, 2))
    replicates = 2 * REPLICATES
    what = f"{replicates} replicates of {YEARS} years at Halton size, from the first shard taken to the last kept"
    return [
        Figure("", f"{what}, one worker", [one], "s"),
        Figure("", f"{what}, two workers", [two], "s"),
        Figure("6", "Two workers' time, of one worker's", [two / one], "", MOST_OF_ONE, "1.7 times faster is 0.588"),
    ]


def _seconds(world: World, workers: int) -> float:
    with (
        tempfile.TemporaryDirectory(prefix="inborough-scenarios-", ignore_cleanup_errors=True) as name,
        running_broker("files", Path(name)) as broker,
        placement_database(f"sqlite:///{Path(name) / 'placement.db'}") as engine,
    ):
        office = Office(engine, broker, Path(name))
        scenario_id = keep_scenario(engine, definition=DEFINITION, world=world, replicates=REPLICATES, years=YEARS)
        with office.start("events", workers=workers, lease_seconds=60):
            office.wait_until_finished(scenario_id, seconds=1800)
        shards = [row for row in rows_of(engine, scenario_id) if row.kind == "replicates"]
        began = min(row.done_at_utc.timestamp() - row.seconds for row in shards)
        return float(max(row.done_at_utc.timestamp() for row in shards) - began)
