"""Work on one shard, in a process of its own (shared/worker_processes.py): take it, simulate, keep what it came to."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from sqlalchemy import Connection, Engine

from inborough.placement.v1 import scenarios_pb2
from services.placement.domain.scenarios import MOST_FAILURES, MOST_TAKES, ShardKind
from services.placement.simulating import code_version, sum_up
from services.placement.steps.hands import ITSELF
from services.placement.steps.scenarios import standing
from services.placement.steps.scenarios.lease import Lease
from services.placement.steps.scenarios.replicates import Replicates
from services.placement.steps.scenarios.tasks import DONE, LOST, NOT_TAKEN, STOPPED, Report, Task
from services.placement.storage import scenarios, shards
from services.placement.storage.scenarios import StoredScenario
from services.placement.storage.shards import TakenShard
from shared import logs
from shared.database import open_database, reading, writing
from shared.failpoints import failpoint
from shared.identity import SERVICE, Identity, acting_as
from shared.references import new_request_id

UPGRADE_SECONDS = 600.0
"""How long after a scenario was made workers of another version leave it to those of its own."""


class Left(Exception):
    """The work was left between two replicates: LOST or STOPPED."""


def start_worker(stopping: threading.Event, database_url: str, lease_seconds: float) -> Callable[[Task], Report]:
    """What a new worker process calls first. Answers to people come first."""
    with suppress(OSError):
        os.nice(5)
    logs.configure("placement-scenarios")
    return ShardWorker(open_database(database_url), lease_seconds, stopping)


class ShardWorker:
    """Works on shards, one after another."""

    def __init__(self, engine: Engine, lease_seconds: float, stopping: threading.Event) -> None:
        self._engine, self._lease_seconds, self._stopping = engine, lease_seconds, stopping
        self._last: tuple[str, Replicates] | None = None

    def __call__(self, task: Task) -> Report:
        """Take a shard and do it, unless it is done, somebody else's or no longer wanted."""
        with (
            acting_as(Identity(ITSELF, frozenset({SERVICE}))),
            logs.in_request(logs.request_id.get() or new_request_id("own")),
        ):
            found = self._take(task)
            if found is None:
                return Report(NOT_TAKEN)
            if __debug__:
                failpoint("scenario.shard.after_take")
            return self._work(task, *found)

    def _take(self, task: Task) -> tuple[StoredScenario, TakenShard] | None:
        scenario_id = task.key.scenario_id
        with writing(self._engine) as connection:
            standing.start(connection, scenario_id)
            taken = shards.take(connection, task.key, task.owner, self._lease_seconds)
            scenario = scenarios.find_scenario(connection, scenario_id)
            if taken is None or scenario is None:
                return None
            if scenario.code_version != code_version():
                self._leave_to_others(connection, task, scenario)
                return None
            if taken.takes > MOST_TAKES:
                shards.put_back(connection, task.key, task.owner)
                why = f"A part of it ended its worker {MOST_TAKES} times, most likely for lack of memory."
                standing.fail(connection, scenario, why)
                return None
        return scenario, taken

    def _leave_to_others(self, connection: Connection, task: Task, scenario: StoredScenario) -> None:
        """An upgrade is under way: workers of the scenario's own version end it, for as long as there may be some."""
        shards.put_back(connection, task.key, task.owner)
        if (shards.now() - scenario.created_at_utc).total_seconds() > UPGRADE_SECONDS:
            why = "The simulation was upgraded before it was done. Run it again: `inborough scenario new --based-on`."
            standing.fail(connection, scenario, why)

    def _work(self, task: Task, scenario: StoredScenario, taken: TakenShard) -> Report:
        spent: list[float] = []
        try:
            with Lease(self._engine, task.key, task.owner, self._lease_seconds) as lease:
                if taken.kind is ShardKind.SUMMARY:
                    self._sum_up(task, scenario)
                else:
                    self._simulate(task, scenario, taken, lease, spent)
        except Left as left:
            self._put_back(task)
            return Report(str(left), spent)
        except Exception as error:
            self._put_back_failed(task, scenario, taken, error)
            raise
        return Report(DONE, spent)

    def _simulate(
        self, task: Task, scenario: StoredScenario, taken: TakenShard, lease: Lease, spent: list[float]
    ) -> None:
        replicates, parts = self._replicates(scenario), []
        for replicate in range(taken.first_replicate, taken.last_replicate + 1):
            if self._stopping.is_set() or lease.lost.is_set():
                raise Left(STOPPED if self._stopping.is_set() else LOST)
            began = time.perf_counter()
            parts.append(replicates.simulate(replicate))
            spent.append(time.perf_counter() - began)
            lease.replicates_done += 1
            if __debug__:
                failpoint("scenario.shard.after_replicate")
        with writing(self._engine) as connection:
            scenarios.lock_family(connection, scenario.baseline_id)
            if shards.keep_outcome(connection, task.key, parts, sum(spent)):
                standing.go_on(connection, scenario)
            if __debug__:
                failpoint("scenario.shard.before_commit")
        if __debug__:
            failpoint("scenario.shard.after_commit")

    def _replicates(self, scenario: StoredScenario) -> Replicates:
        """The scenario made ready, the same as for the last shard when that was another of it."""
        if self._last is None or self._last[0] != scenario.scenario_id:
            with reading(self._engine) as connection:
                world = scenarios.find_world(connection, scenario.world_hash)
            assert world is not None  # a foreign key
            self._last = scenario.scenario_id, Replicates(world, scenario)
        return self._last[1]

    def _sum_up(self, task: Task, scenario: StoredScenario) -> None:
        with reading(self._engine) as connection:
            world = scenarios.find_world(connection, scenario.world_hash)
            own = shards.list_outcomes(connection, scenario.scenario_id)
            others = shards.list_outcomes(connection, scenario.baseline_id)
        assert world is not None  # a foreign key
        figures = scenarios_pb2.GetScenarioResultResponse(figures=sum_up(world, scenario, own, others))
        with writing(self._engine) as connection:
            scenarios.lock_family(connection, scenario.baseline_id)
            if shards.keep_outcome(connection, task.key, [], 0.0):
                standing.finish(connection, scenario, figures.SerializeToString(deterministic=True))
            if __debug__:
                failpoint("scenario.summary.before_commit")

    def _put_back(self, task: Task) -> None:
        with writing(self._engine) as connection:
            shards.put_back(connection, task.key, task.owner)

    def _put_back_failed(self, task: Task, scenario: StoredScenario, taken: TakenShard, error: Exception) -> None:
        """Let it be tried again, unless it was often enough."""
        with writing(self._engine) as connection:
            shards.put_back(connection, task.key, task.owner, failed=True)
            if taken.failures + 1 >= MOST_FAILURES:
                why = f"A part of it failed {MOST_FAILURES} times ({type(error).__name__}); the log has it."
                standing.fail(connection, scenario, why)
