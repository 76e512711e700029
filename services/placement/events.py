"""The events process of placement: `python -m services.placement.events`.

It goes on with decisions that a crash or a neighbour left half-done, and lets decisions expire with their offers. When
anything is new in the logs of the services that placement gathers from, it asks placement to make its standing plan
ready, so that the panel's next question finds it warm. No answer depends on that.

It simulates scenarios too, in worker processes that run while there is work: any number of such processes, on any
machine, share the shards.
"""

from __future__ import annotations

if __name__ == "__main__":
    import shared.events.patched  # noqa: F401

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Engine

from inborough.events.v1 import events_pb2_grpc
from inborough.placement.v1 import placement_pb2, placement_pb2_grpc
from services.placement.gather import Neighbours
from services.placement.settings import EventsSettings, Settings
from services.placement.steps import resume_half_done
from services.placement.steps.hearing import hear
from services.placement.steps.scenarios.bench import QUEUE, Bench
from services.placement.steps.standing import show_standing
from shared import logs
from shared.database import open_database
from shared.errors import InboroughError
from shared.event_log.consume import Ask, Consumer
from shared.events.process import Part, run
from shared.events.work_queue import WorkQueue, publish_work
from shared.grpc_client import connect
from shared.identity import callers
from shared.worker_processes import WorkerProcesses

SOURCES = ("caseload", "provision", "cost")
ASK_SECONDS = 10.0
REFRESH_SECONDS = 120.0
RESUME_SECONDS = 2.0
ANNOUNCE_SECONDS = 1.0
LOOK_SECONDS = 3.0
REST_SECONDS = 10.0
IN_HAND = 2
"""Messages for each worker: the next shard is there when one is done."""
Timers = Mapping[str, tuple[float, Callable[[], None]]]


@dataclass(frozen=True)
class Own:
    """What the steps of a decision work with in this process."""

    engine: Engine
    neighbours: Neighbours


def build() -> Part:
    """Placement's part, on its own database."""
    settings, events = Settings(), EventsSettings()
    caller = callers.service(settings, "placement")
    engine = open_database(settings.database("placement"))
    placement = placement_pb2_grpc.PlacementServiceStub(connect("placement", settings.placement_address, caller))

    def refresh(source: str) -> None:
        """Ask placement to make the standing plan ready. A failure is logged: the next question makes it anew."""
        try:
            request = placement_pb2.RefreshStandingPlanRequest()
            placement.RefreshStandingPlan.future(request, timeout=REFRESH_SECONDS).result()
            logs.log("standing_plan_refreshed", neighbour=source)
        except InboroughError as error:
            logs.log("standing_plan_not_refreshed", "warning", neighbour=source, error_type=type(error).__name__)

    sources = {name: _log_of(name, settings.address(name), caller) for name in SOURCES}
    own = Own(engine, Neighbours(settings))

    def resume() -> None:
        """Go on with decisions that were interrupted, then show how all stand."""
        resume_half_done(own)
        show_standing(own)

    bench = _bench(engine, settings, events)
    timers: Timers = {"resume": (RESUME_SECONDS, resume), **_simulating(bench, events)}
    return Part(
        "placement",
        events,
        Consumer(engine, sources, hear),
        after_pull=refresh,
        timers=timers,
        queue=WorkQueue(QUEUE, bench.take_message, IN_HAND * events.workers) if events.workers else None,
        stop=bench.stop,
    )


def _bench(engine: Engine, settings: Settings, events: EventsSettings) -> Bench:
    arguments = settings.database("placement"), events.scenario_lease_seconds
    workers = WorkerProcesses(events.workers, "services.placement.steps.scenarios.worker:start_worker", *arguments)
    return Bench(engine, workers, partial(publish_work, events, QUEUE))


def _simulating(bench: Bench, events: EventsSettings) -> Timers:
    """What is done for scenarios by the clock: announcing by everybody, the rest by whoever has workers."""
    announcing: Timers = {"announce_shards": (ANNOUNCE_SECONDS, bench.announce)}
    if not events.workers:
        return {**announcing, "show_shards": (LOOK_SECONDS, bench.show_standing)}
    return {**announcing, "look_for_shards": (LOOK_SECONDS, bench.look), "rest": (REST_SECONDS, bench.rest)}


def _log_of(name: str, address: str, caller: callers.Caller) -> Ask:
    stub = events_pb2_grpc.EventServiceStub(connect(name, address, caller))
    return lambda request: stub.ListEvents.future(request, timeout=ASK_SECONDS).result()


if __name__ == "__main__":
    logs.configure("placement-events")
    part = build()
    run([part], part.settings.metrics_port)
