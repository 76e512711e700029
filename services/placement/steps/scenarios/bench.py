"""Where shards are shared out in an events process: announced, taken from the queue or the database, given to workers.

The queue is the usual way. A shard that nobody was told of (the broker is down, or lost a message) lies ready in the
database, and whoever has a free worker takes it from there.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine

from services.placement.domain.scenarios import ShardState
from services.placement.metrics import (
    replicate_seconds,
    scenario_shards_ended,
    scenario_shards_standing,
    scenario_wait_seconds,
    scenario_workers,
)
from services.placement.steps.scenarios.tasks import Report, Task
from services.placement.storage import shards
from services.placement.storage.shards import ShardKey
from shared import tracing
from shared.database import reading, writing
from shared.ids import new_id
from shared.logs import log
from shared.worker_processes import TaskFailed, WorkerDied, WorkerProcesses

QUEUE = "inborough.placement.shards"
MOST_ANNOUNCED = 500
LYING_SECONDS = 5.0
"""How long a shard may lie ready before a free worker takes it without having been told."""
DIED, RAISED = "worker_died", "raised"
Announce = Callable[[Sequence[Mapping[str, Any]]], None]


class Bench:
    """One process's part in sharing out shards. Nothing here raises for what a shard or a worker did."""

    def __init__(self, engine: Engine, workers: WorkerProcesses, announce: Announce) -> None:
        self._engine, self._workers, self._announce = engine, workers, announce

    def take_message(self, message: Mapping[str, Any]) -> None:
        """Do the shard that a message names; one that makes no sense is dropped."""
        scenario_id, shard = message.get("scenario_id"), message.get("shard")
        if isinstance(scenario_id, str) and isinstance(shard, int):
            self.do(ShardKey(scenario_id, shard))
            return
        log("message_not_understood", "warning")

    def do(self, key: ShardKey) -> None:
        """Have a worker look at a shard, once one is free: a trace of its own."""
        with tracing.span("do shard", scenario_id=key.scenario_id, shard=key.shard):
            self._do(key)

    def _do(self, key: ShardKey) -> None:
        task = Task(key, new_id("lease"))
        try:
            report: Report = self._workers.run(task)
        except WorkerDied:
            self._put_back(task)
            scenario_shards_ended.labels(DIED).inc()
            log("shard_worker_died", "warning", scenario_id=key.scenario_id, shard=key.shard)
        except TaskFailed as failed:
            scenario_shards_ended.labels(RAISED).inc()
            log("shard_failed", "error", scenario_id=key.scenario_id, shard=key.shard, error_type=failed.error_type)
        else:
            scenario_shards_ended.labels(report.became).inc()
            for seconds in report.replicate_seconds:
                replicate_seconds.observe(seconds)

    def _put_back(self, task: Task) -> None:
        """Its worker cannot: others need not wait until its lease runs out."""
        with writing(self._engine) as connection:
            shards.put_back(connection, task.key, task.owner)

    def announce(self) -> None:
        """Tell the queue of shards that can be taken and that it was not told of; first take back what nobody is at.

        Raises what the broker's library raises when it is down; they are announced again at the next call.
        """
        with writing(self._engine) as connection:
            if lapsed := shards.put_back_lapsed(connection):
                log("leases_ran_out", "warning", rows=lapsed)
            keys = shards.claim_announcements(connection, MOST_ANNOUNCED)
        if not keys:
            return
        try:
            self._announce([key._asdict() for key in keys])
        except Exception:
            with writing(self._engine) as connection:
                shards.forget_announcements(connection, keys)
            raise

    def look(self) -> None:
        """Take what has been lying ready for a while, as far as workers are free, each in a thread of its own."""
        self.show_standing()
        for key in self._left_lying(self._workers.free):
            threading.Thread(target=self._do_and_go_on, args=(key,), name="lying-shards", daemon=True).start()

    def _do_and_go_on(self, key: ShardKey) -> None:
        """Do a shard, then others that nobody takes, one after another."""
        self.do(key)
        while (more := self._left_lying(1)) and self._workers.free:
            self.do(more[0])

    def _left_lying(self, most: int) -> list[ShardKey]:
        if not most:
            return []
        with reading(self._engine) as connection:
            return shards.list_left_lying(connection, shards.now() - timedelta(seconds=LYING_SECONDS), most)

    def rest(self) -> None:
        """Stop workers that have had nothing to do for a minute."""
        self._workers.stop_idle()

    def stop(self) -> None:
        """Begin nothing more; workers leave what they are at between two replicates."""
        self._workers.stop()

    def show_standing(self) -> None:
        """Set the gauges to how shards under way stand; by whoever has no workers too, so that none goes unseen."""
        with reading(self._engine) as connection:
            counts = shards.count_by_state(connection)
            scenario_wait_seconds.set(shards.longest_wait_seconds(connection))
        for state in ShardState:
            scenario_shards_standing.labels(state).set(counts.get(state, 0))
        scenario_workers.set(self._workers.running)
