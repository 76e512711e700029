"""The life of a Nameko process: `python -m services.<name>.events`, or several services' parts in one.

`python -m shared.events.process placement provision journal` runs the parts of those services together, as the embedded
system does. Either way eventlet is set up before anything else is imported, and whatever a handler does (a gRPC call, a
transaction) runs in a thread of its own, because a gRPC call or a database driver would stop every green thread.
"""

from __future__ import annotations

import sys

if __name__ == "__main__":
    import shared.events.patched  # noqa: F401

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from prometheus_client import Counter, Gauge

from shared import logs
from shared.errors import InboroughError
from shared.event_log.consume import Consumer, LogWentBack
from shared.events.hints import EVENTS_RECORDED, nameko_config
from shared.metrics import serve_metrics
from shared.settings import ServiceSettings

CATCH_UP_SECONDS = 5.0
RETRY_SECONDS = 1.0

events_taken = Counter("inborough_events_taken_total", "Events of other services taken.", ["service", "source"])
pulls_failed = Counter("inborough_event_pulls_failed_total", "Readings of a log that failed.", ["service", "source"])
cursor_at = Gauge("inborough_event_cursor", "Sequence of the last event taken.", ["service", "source"])


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
        What to do once events of a source were taken; given the source.
    timers
        What else to do by itself: name to (seconds between, what).
    """

    service: str
    settings: ServiceSettings
    consumer: Consumer | None = None
    after_pull: Callable[[str], None] = lambda _: None
    timers: Mapping[str, tuple[float, Callable[[], None]]] = field(default_factory=dict)


def run(parts: Sequence[Part], metrics_port: int) -> None:
    """Hear hints until SIGTERM or Ctrl-C."""
    from nameko.runners import ServiceRunner

    first = parts[0].settings
    serve_metrics(first.host, metrics_port)
    runner = ServiceRunner(nameko_config(first))
    for part in parts:
        runner.add_service(nameko_service(part))
    runner.start()
    logs.log("service_started", metrics_port=metrics_port)
    try:
        runner.wait()
    except KeyboardInterrupt:
        runner.stop()
    logs.log("service_stopped")


def nameko_service(part: Part) -> type:
    """The Nameko service of a part: a handler for each source's hints, a timer that catches up, and its own timers."""
    from nameko.events import event_handler
    from nameko.timer import timer

    members: dict[str, Any] = {"name": part.service}
    for source in part.consumer.sources if part.consumer else ():
        members[f"{source}_recorded"] = event_handler(source, EVENTS_RECORDED)(_on_hint(part, source))
    if part.consumer:
        members["catch_up"] = timer(interval=CATCH_UP_SECONDS, eager=True)(_in_thread(lambda: catch_up(part)))
        members["retry"] = timer(interval=RETRY_SECONDS)(_in_thread(lambda: retry(part)))
    for name, (seconds, work) in part.timers.items():
        members[name] = timer(interval=seconds, eager=True)(_in_thread(_guarded(name, work)))
    for name, member in members.items():
        if callable(member):
            member.__name__ = name
    return type(f"{part.service.capitalize()}Events", (), members)


def pull(part: Part, source: str) -> None:
    """Take what is new in a source's log. A failure is logged and counted: the next hint or timer tries again."""
    assert part.consumer is not None
    try:
        taken = part.consumer.pull(source)
        cursor_at.labels(part.service, source).set(part.consumer.cursor(source))
        if taken:
            events_taken.labels(part.service, source).inc(taken)
            part.after_pull(source)
    except Exception as error:
        pulls_failed.labels(part.service, source).inc()
        level = "error" if isinstance(error, LogWentBack) else "warning"
        logs.log("events_not_pulled", level, neighbour=source, error_type=type(error).__name__)


def catch_up(part: Part) -> None:
    """Take what is new everywhere."""
    assert part.consumer is not None
    for source in part.consumer.sources:
        pull(part, source)


def retry(part: Part) -> None:
    """Apply the dead letters that somebody marked."""
    assert part.consumer is not None
    try:
        if applied := part.consumer.retry_marked():
            logs.log("dead_letters_applied", rows=applied)
    except Exception as error:
        logs.log("dead_letters_not_applied", "warning", error_type=type(error).__name__)


def _on_hint(part: Part, source: str) -> Callable[[Any, dict[str, Any]], None]:
    def hear(self: Any, hint: dict[str, Any]) -> None:
        from eventlet import tpool

        tpool.execute(_pull_when_new, part, source, hint.get("sequence"))

    return hear


def _pull_when_new(part: Part, source: str, sequence: object) -> None:
    """A hint of what was taken already, such as one that waited while this process was down, costs one look."""
    assert part.consumer is not None
    if not isinstance(sequence, int) or sequence > part.consumer.cursor(source):
        pull(part, source)


def _in_thread(work: Callable[[], None]) -> Callable[[Any], None]:
    def tick(self: Any) -> None:
        from eventlet import tpool

        tpool.execute(work)

    return tick


def _guarded(name: str, work: Callable[[], None]) -> Callable[[], None]:
    def guarded() -> None:
        try:
            work()
        except InboroughError as error:
            logs.log("timer_failed", "warning", timer=name, error_type=type(error).__name__)
        except Exception as error:
            logs.log("timer_failed", "error", timer=name, error_type=type(error).__name__)

    return guarded


def main(names: Sequence[str]) -> None:
    """Run the events parts of these services in one process."""
    logs.configure("events")
    parts = [importlib.import_module(f"services.{name}.events").build() for name in names]
    run(parts, parts[0].settings.metrics_port)


if __name__ == "__main__":
    main(sys.argv[1:])
