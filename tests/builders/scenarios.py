"""Scenarios over the tiny world of `world.py`, kept without any service and simulated in this process."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any, TypeVar

from sqlalchemy import Engine, select

from services.placement.main import MIGRATIONS
from services.placement.operations.known_worlds import World
from services.placement.operations.scenarios.creating import Wanted, keep
from services.placement.simulating import read_text
from services.placement.steps.scenarios.tasks import Report, Task
from services.placement.steps.scenarios.worker import ShardWorker
from services.placement.storage import scenarios, shards
from services.placement.storage.scenario_tables import scenario_shards
from services.placement.storage.scenario_tables import scenarios as scenario_rows
from services.placement.storage.scenarios import StoredScenario
from services.placement.storage.shards import ShardKey
from shared.database import migrate, open_database, reading, writing
from tests.builders.world import FIRST_YEAR, steady_demand, tiny_world

DEFINITION = f"""
name = "More places for SEMH"
first_year = {FIRST_YEAR}
years = 2
replicates = 4
seed = 7

[[levers.extend]]
pool = "pool_special_high"
places = 4
opens = {FIRST_YEAR + 1}-09-01
why = "a school with room to spare"
"""
LEASE_SECONDS = 60.0
AnswerT = TypeVar("AnswerT")


@contextmanager
def placement_database(url: str) -> Iterator[Engine]:
    """Placement's database, migrated."""
    engine = open_database(url)
    migrate(engine, MIGRATIONS)
    yield engine
    engine.dispose()


def the_world() -> World:
    """The tiny world with a few new plans a year, as the database keeps it."""
    content = tiny_world(rates=steady_demand()).to_bytes()
    return World(hashlib.sha256(content).hexdigest(), content, date(FIRST_YEAR, 2, 1))


def wanted(name: str = "", definition: str = DEFINITION, **numbers: int) -> Wanted:
    """A scenario as somebody asks for it."""
    read = read_text(definition, numbers)
    return Wanted(name or read.name, definition, read, "")


def keep_scenario(
    engine: Engine, name: str = "", definition: str = DEFINITION, world: World | None = None, **numbers: int
) -> str:
    """Keep a scenario over the tiny world, or another, and its baseline, ready for workers; its id."""
    with writing(engine) as connection:
        return keep(connection, wanted(name, definition, **numbers), world or the_world()).scenario.scenario_id


def list_ready(engine: Engine) -> list[ShardKey]:
    """Shards that could be taken, the longest ready first."""
    with reading(engine) as connection:
        return shards.list_left_lying(connection, shards.now() + timedelta(days=1), 1000)


def work_on(engine: Engine, key: ShardKey, owner: str = "lease_test", **how: Any) -> Report:
    """Have this process look at a shard."""
    stopping = how.get("stopping", threading.Event())
    return ShardWorker(engine, how.get("lease_seconds", LEASE_SECONDS), stopping)(Task(key, owner))


def work_off(engine: Engine) -> None:
    """Do whatever there is to do."""
    while ready := list_ready(engine):
        for key in ready:
            work_on(engine, key)


def find(engine: Engine, scenario_id: str) -> StoredScenario:
    """The scenario as it stands."""
    with reading(engine) as connection:
        found = scenarios.find_scenario(connection, scenario_id)
    assert found is not None
    return found


def figures_of(engine: Engine, scenario_id: str) -> bytes:
    """Its result as it is kept."""
    with reading(engine) as connection:
        return scenarios.find_figures(connection, scenario_id) or b""


def rows_of(engine: Engine, scenario_id: str) -> list[Any]:
    """Its shards and its baseline's, as they are kept."""
    with reading(engine) as connection:
        family = select(scenario_rows.c.baseline_id).where(scenario_rows.c.scenario_id == scenario_id)
        theirs = scenario_shards.c.scenario_id.in_([scenario_id, connection.execute(family).scalar_one()])
        order = (scenario_shards.c.scenario_id, scenario_shards.c.shard)
        return list(connection.execute(select(scenario_shards).where(theirs).order_by(*order)))


def at_once(count: int, work: Callable[[int], AnswerT]) -> list[AnswerT]:
    """What each of so many threads got from `work`, begun together."""
    together = threading.Barrier(count)

    def begin(at: int) -> AnswerT:
        together.wait()
        return work(at)

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(begin, range(count)))
