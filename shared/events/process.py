"""The life of a Nameko process: `python -m services.<name>.events`, or several services' parts in one.

`python -m shared.events.process placement provision journal` runs the parts of those services together, as the embedded
system does. Either way eventlet is set up before anything else is imported, and whatever a handler does (a gRPC call, a
transaction) runs in a thread of its own, because a gRPC call or a database driver would stop every green thread.

Timers, hints and queues of work run apart. Timers use no broker: they read every log every few seconds, whatever the
broker does. Who hears hints, or takes work, waits for a broker that is down, and is set up anew when it fails in a way
that Nameko does not survive.
"""

from __future__ import annotations

import sys

if __name__ == "__main__":
    import shared.events.patched  # noqa: F401

import importlib
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from shared import logs, others_logs, tracing
from shared.event_log.consume import Consumer
from shared.events import nameko_services
from shared.events.hints import failure, forget_bindings, nameko_config
from shared.events.reading import Readings
from shared.events.work_queue import WorkQueue
from shared.metrics import serve_metrics
from shared.settings import ServiceSettings
from shared.watching import watch

CATCH_UP_SECONDS = 5.0
RETRY_SECONDS = 2.0
LOOK_SECONDS = 0.1
HEAR_AGAIN_SECONDS = 2.0
STOP_WORK_SECONDS = 4.0
STOP_HINTS_SECONDS = 2.0


@dataclass(frozen=True)
class Part:
    """What one service does in its events process.

    Parameters
    ----------
    service
        Its name. It is also the Nameko service's.
    settings
        Its settings: broker, var folder, metrics port.
    consumer
        Reads other services' logs on a hint, and by itself every few seconds. None: it reads none.
    after_pull
        What to do once events of a source were taken; given the source. It runs in a thread of its own and may take
        long: what is taken meanwhile makes it run once more.
    timers
        What else to do by itself: name to (seconds between, what).
    queue
        Work to take from the broker, shared with other processes; None: none.
    stop
        Called when the process ends, before what is in hand is waited for.
    """

    service: str
    settings: ServiceSettings
    consumer: Consumer | None = None
    after_pull: Callable[[str], None] = lambda _: None
    timers: Mapping[str, tuple[float, Callable[[], None]]] = field(default_factory=dict)
    queue: WorkQueue | None = None
    stop: Callable[[], None] = lambda: None


def run(parts: Sequence[Part], metrics_port: int) -> None:
    """Hear hints and keep the timers going until SIGTERM or Ctrl-C. What is in hand then is finished."""
    import eventlet
    from eventlet import tpool

    signals: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _: signals.append(received))
    nameko_services.print_no_tracebacks()
    others_logs.take_over_threads()
    logs.configure(logs.service(), parts[0].settings.log_level)
    tracing.begin(logs.service())
    metrics_server = serve_metrics(parts[0].settings.host, metrics_port)
    watch("-".join([*(part.service for part in parts), "events"]), parts[0].settings)
    lives = [_Life(part) for part in parts]
    tpool.set_num_threads(sum(life.threads for life in lives))
    for life in lives:
        life.start()
    logs.log("service_started", metrics_port=metrics_server.server_port)
    while not signals:
        eventlet.sleep(LOOK_SECONDS)
    _stop(lives)


class _Life:
    """One part running: its timers, the hearing of hints when it reads others' logs, and its queue when it has one."""

    def __init__(self, part: Part) -> None:
        self._part = part
        self._readings = Readings(part.service, part.consumer, part.after_pull) if part.consumer else None
        self._timers: Any = None
        self._over_broker: dict[str, Any] = {}

    @property
    def _sources(self) -> Sequence[str]:
        return self._part.consumer.sources if self._part.consumer else ()

    @property
    def threads(self) -> int:
        """Real threads that it may need at once: each timer, each source's hints and each message in hand."""
        return len(self._work()) + len(self._sources) + (self._part.queue.most_at_once if self._part.queue else 0)

    def _work(self) -> Mapping[str, tuple[float, Callable[[], None]]]:
        if self._readings is None:
            return self._part.timers
        catching_up = {
            f"catch_up_{source}": (CATCH_UP_SECONDS, partial(self._readings.catch_up, source))
            for source in self._sources
        }
        return {**catching_up, "retry": (RETRY_SECONDS, self._readings.retry), **self._part.timers}

    def start(self) -> None:
        """Start the timers, and hear hints as soon as the broker is there."""
        import eventlet

        timers = self._work()
        timed = nameko_services.timed(self._part.service, timers)
        self._timers = _runner(timed, {"max_workers": len(timers) + 1})
        self._timers.start()
        if self._readings is not None:
            hints = nameko_services.hearing(self._part.service, self._readings, self._sources)
            eventlet.spawn(self._keep_on, "hints", hints, {})
        if self._part.queue is not None:
            work = nameko_services.working(self._part.service, self._part.queue)
            eventlet.spawn(self._keep_on, "work", work, {"max_workers": self._part.queue.most_at_once})

    def _keep_on(self, what: str, service: type, more: Mapping[str, Any]) -> None:
        """Run a Nameko service that needs the broker, and set it up anew whenever that fails."""
        import eventlet

        while True:
            try:
                forget_bindings()
                runner = _runner(service, {**nameko_config(self._part.settings), **more})
                runner.start()
                self._over_broker[what] = runner
                logs.log(f"{what}_awaited", neighbour=self._part.service)
                runner.wait()
                return
            except Exception as error:
                self._over_broker.pop(what, None)
                logs.log(f"{what}_not_heard", "warning", **failure(error, self._part.settings))
                eventlet.sleep(HEAR_AGAIN_SECONDS)

    def stop_work(self) -> None:
        """Begin nothing new, and wait for what is in hand."""
        if self._part.consumer is not None:
            self._part.consumer.stop()
        self._part.stop()
        self._timers.stop()

    def stop_hearing(self) -> None:
        """Leave the broker, if it was ever reached. It may wait for one that is down."""
        for runner in list(self._over_broker.values()):
            runner.stop()


def _runner(service: type, config: Mapping[str, Any]) -> Any:
    from nameko.runners import ServiceRunner

    runner = ServiceRunner(dict(config))
    runner.add_service(service)
    return runner


def _stop(lives: Sequence[_Life]) -> None:
    """Stop all at once, each for a bounded time; what does not end by then is cut off: all of it can be."""
    finished = _within(STOP_WORK_SECONDS, [life.stop_work for life in lives])
    _within(STOP_HINTS_SECONDS, [life.stop_hearing for life in lives])
    tracing.end()
    logs.log("service_stopped", "info" if finished else "warning")
    sys.stdout.flush()
    os._exit(0)  # a thread in the middle of a long call would hold up an ordinary exit


def _within(seconds: float, stops: Sequence[Callable[[], None]]) -> bool:
    """Do all at once; False when they are not done in time."""
    import eventlet

    pool = eventlet.GreenPool(len(stops))
    for stop in stops:
        pool.spawn_n(stop)
    with eventlet.Timeout(seconds, False):
        pool.waitall()
        return True
    return False


def main(names: Sequence[str]) -> None:
    """Run the events parts of these services in one process."""
    logs.configure("events")
    parts = [importlib.import_module(f"services.{name}.events").build() for name in names]
    run(parts, parts[0].settings.metrics_port)


if __name__ == "__main__":
    main(sys.argv[1:])
