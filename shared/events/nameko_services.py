"""The Nameko services of a part: hearing hints, taking work from a queue, timers. All hand it to real threads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from shared import tracing
from shared.events.hints import EVENTS_RECORDED
from shared.events.reading import Readings, run_as_service
from shared.events.work_queue import WorkQueue

Work = Callable[[], None]


def hearing(service: str, readings: Readings, sources: Iterable[str]) -> type:
    """A handler for each source's hints.

    Its queues live as long as somebody listens: a hint that nobody hears is not kept, because whoever starts reads
    every log first of all.
    """
    from nameko.events import event_handler

    handle = partial(event_handler, event_type=EVENTS_RECORDED, reliable_delivery=False)
    members = {f"{source}_recorded": handle(source)(_on_hint(service, readings, source)) for source in sources}
    return _service(service, "Hints", members)


def working(service: str, queue: WorkQueue) -> type:
    """A handler for the messages of a queue, each acknowledged when its work is done."""
    from nameko.events import Queue
    from nameko.messaging import consume

    def take(self: Any, message: dict[str, Any]) -> None:
        _in_thread(run_as_service, service, queue.name, partial(queue.work, message))

    durable = Queue(queue.name, durable=True)
    return _service(service, "Work", {"take": consume(queue=durable)(take)})


def timed(service: str, timers: Mapping[str, tuple[float, Work]]) -> type:
    """A timer for each work: name to (seconds between, what). Each begins at once and never overlaps itself."""
    from nameko.timer import timer

    members = {
        name: timer(interval=seconds, eager=True)(_on_tick(service, name, work))
        for name, (seconds, work) in timers.items()
    }
    return _service(service, "Timers", members)


def _service(service: str, what: str, members: Mapping[str, Callable[..., None]]) -> type:
    for name, member in members.items():
        member.__name__ = name
    return type(f"{service.capitalize()}{what}", (), {"name": service, **members})


def _on_hint(service: str, readings: Readings, source: str) -> Callable[[Any, dict[str, Any]], None]:
    def hear(self: Any, hint: dict[str, Any]) -> None:
        work = readings.hint(source, hint.get("sequence"), hint.get(tracing.TRACEPARENT))
        if work is not None:
            _in_thread(run_as_service, service, f"{source}_recorded", work)

    return hear


def _on_tick(service: str, name: str, work: Work) -> Callable[[Any], None]:
    def tick(self: Any) -> None:
        _in_thread(run_as_service, service, name, work)

    return tick


def _in_thread(work: Callable[..., None], *arguments: Any) -> None:
    from eventlet import tpool

    tpool.execute(work, *arguments)


def print_no_tracebacks() -> None:
    """Eventlet's: a green thread that fails takes its Nameko service with it, and that error we log ourselves."""
    from eventlet.debug import hub_exceptions

    hub_exceptions(False)
