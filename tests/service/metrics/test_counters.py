"""What processes count as they go: workers that they lost, and how far behind they are in reading logs."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from prometheus_client import REGISTRY

from inborough.events.v1 import events_pb2
from shared.errors import NeighbourDown
from shared.event_log.consume import Ask, Consumer
from shared.event_log.cursors import LogWentBack
from shared.events.reading import Readings
from shared.worker_processes import WorkerDied, WorkerProcesses
from tests.builders.databases import empty_database
from tests.builders.event_logs import Applier, opened

MODULE = {"module": "tests.builders.worker_tasks"}


def _value(name: str, labels: dict[str, str]) -> float | None:
    return REGISTRY.get_sample_value(f"inborough_{name}", labels)


def test_a_worker_that_died_at_a_task_is_counted_and_one_that_was_stopped_is_not() -> None:
    workers = WorkerProcesses(1, "tests.builders.worker_tasks:start", "hello")
    before = _value("workers_died_total", MODULE)
    assert before is not None  # shown before the first dies, so that the first is an increase
    with pytest.raises(WorkerDied):
        workers.run(("die", ""))
    workers.run(("greet", "Ada"))
    workers.stop()
    with pytest.raises(WorkerDied):
        workers.run(("greet", "Bob"))
    assert _value("workers_died_total", MODULE) == before + 1


def test_a_log_that_is_not_read_to_its_end_is_late_and_says_why(tmp_path: Path) -> None:
    source: dict[str, Exception | None] = {"trouble": NeighbourDown("cost")}
    late, failed = {"service": "watched", "source": "cost"}, "event_pulls_failed_total"

    def ask(_: events_pb2.ListEventsRequest) -> events_pb2.ListEventsResponse:
        if source["trouble"]:
            raise source["trouble"]
        return events_pb2.ListEventsResponse()

    asks: dict[str, Ask] = {"cost": ask}
    with empty_database("sqlite", tmp_path) as url, opened(url) as engine:
        began = time.time()
        readings = Readings("watched", Consumer(engine, asks, Applier(lambda *_: None)), lambda _: None)
        started = _value("event_log_read_timestamp_seconds", late)
        assert started is not None
        assert began <= started <= time.time()
        for trouble in (NeighbourDown("cost"), LogWentBack("older")):
            source["trouble"] = trouble
            readings.catch_up("cost")
            assert _value(failed, {**late, "error_type": type(trouble).__name__}) == 1
        assert _value("event_log_read_timestamp_seconds", late) == started
        source["trouble"] = None
        readings.catch_up("cost")
        assert (_value("event_log_read_timestamp_seconds", late) or 0) > started
