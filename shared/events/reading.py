"""Reading the logs of others on a hint or by the clock, in real threads, one reading of a source at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from prometheus_client import Counter, Gauge

from shared import logs, tracing
from shared.errors import InboroughError
from shared.event_log.consume import NOT_THE_EVENTS_FAULT, Consumer
from shared.event_log.cursors import LogBroken
from shared.identity import SERVICE, Identity, acting_as
from shared.references import new_request_id

events_taken = Counter("inborough_events_taken_total", "Events of other services taken.", ["service", "source"])
pulls_failed = Counter(
    "inborough_event_pulls_failed_total", "Readings of a log that failed.", ["service", "source", "error_type"]
)
read_at = Gauge(
    "inborough_event_log_read_timestamp_seconds",
    "All that happened before this instant was taken; the start, while nothing was read since.",
    ["service", "source"],
)


class Once:
    """Work that many ask for and one does: asked for while it runs, it runs once more, however often it was asked.

    `begin` never waits, and whoever gets True from it must `run`.
    """

    def __init__(self, work: Callable[[], None]) -> None:
        self._work, self._lock = work, threading.Lock()
        self._wanted = self._running = False

    def begin(self) -> bool:
        """Ask for the work. True: nobody is at it, so the caller has to run it."""
        with self._lock:
            self._wanted = True
            mine = not self._running
            self._running = True
        return mine

    def run(self) -> None:
        """Do the work until nobody asks for more. An error ends it, so that the next to ask begins anew."""
        try:
            while self._take_wish():
                self._work()
        except BaseException:
            with self._lock:
                self._running = False
            raise

    def _take_wish(self) -> bool:
        with self._lock:
            wanted, self._wanted = self._wanted, False
            self._running = wanted
        return wanted


class Readings:
    """What a part's events process does about others' logs. Nothing here raises: a failure is logged and counted."""

    def __init__(self, service: str, consumer: Consumer, after_pull: Callable[[str], None]) -> None:
        self._service, self._consumer = service, consumer
        self._read_up_to: dict[str, int] = {}
        self._hinted: dict[str, str] = {}
        self._pulls = {source: Once(partial(self._pull, source)) for source in consumer.sources}
        self._after = {source: Once(partial(after_pull, source)) for source in consumer.sources}
        for source in consumer.sources:
            read_at.labels(service, source).set_to_current_time()

    def hint(self, source: str, sequence: object, traceparent: object = "") -> Callable[[], None] | None:
        """What to run, in a real thread, on a hint that a log has events up to `sequence`; None: nothing.

        There is nothing to do when that much was read, or when a reading runs, which will look once more. The next
        reading refers to the span that the hint came from.
        """
        if isinstance(sequence, int) and sequence <= self._read_up_to.get(source, -1):
            return None
        if isinstance(traceparent, str) and traceparent:
            self._hinted[source] = traceparent
        return self._pulls[source].run if self._pulls[source].begin() else None

    def catch_up(self, source: str) -> None:
        """Read what is new in a log."""
        if self._pulls[source].begin():
            self._pulls[source].run()

    def retry(self) -> None:
        """Apply the dead letters that somebody marked."""
        if applied := self._consumer.retry_marked():
            logs.log("dead_letters_applied", rows=applied)

    def _pull(self, source: str) -> None:
        """Read; in a span where a traced hint asked for it, which refers to where that came from."""
        hinted = self._hinted.pop(source, "")
        if not hinted:
            self._read(source)
            return
        with tracing.span(f"read {source}", tracing.Kind.CONSUMER, link=hinted, source=source) as span:
            span.say(events=self._read(source))

    def _read(self, source: str) -> int:
        """How many events were taken."""
        began = time.time()
        try:
            taken = self._consumer.pull(source)
            self._read_up_to[source] = self._consumer.cursor(source)
        except Exception as error:
            pulls_failed.labels(self._service, source, type(error).__name__).inc()
            level = "error" if isinstance(error, LogBroken) else "warning"
            logs.log("events_not_pulled", level, neighbour=source, error_type=type(error).__name__)
            return 0
        read_at.labels(self._service, source).set(began)
        if taken:
            events_taken.labels(self._service, source).inc(taken)
            self._follow_up(source)
        return taken

    def _follow_up(self, source: str) -> None:
        """Do what comes after a reading, in a thread of its own: it may take minutes, and reading goes on meanwhile."""
        once = self._after[source]
        if once.begin():
            work = partial(self._follow, tracing.current(), source, once)
            threading.Thread(target=work, name=f"after_{source}", daemon=True).start()

    def _follow(self, traceparent: str, source: str, once: Once) -> None:
        """What comes after a reading, as part of the trace that the reading belongs to, if there is one."""
        follow = partial(run_as_service, self._service, "after_pull", once.run)
        if not traceparent:
            follow()
            return
        with tracing.span(f"after reading {source}", parent=traceparent, source=source):
            follow()


def run_as_service(service: str, name: str, work: Callable[[], None]) -> None:
    """Do work that no RPC asked for, as the service itself, under a request id of its own. It never raises."""
    with _as_itself(service):
        try:
            work()
        except Exception as error:
            level = "warning" if isinstance(error, (InboroughError, *NOT_THE_EVENTS_FAULT)) else "error"
            logs.log("timer_failed", level, timer=name, error_type=type(error).__name__)


@contextmanager
def _as_itself(service: str) -> Iterator[None]:
    with acting_as(Identity(f"service_{service}", frozenset({SERVICE}))), logs.in_request(new_request_id("own")):
        yield
