"""Read another service's log and apply each of its events exactly once.

Each event is applied in one transaction with the cursor that says so: whatever dies in between, the event is applied
or it is not, never twice. The cursor moves only from the event before, so that two readers of one log never both apply
one.

An event that cannot be applied is tried a few times with growing waits, then set aside as a dead letter, and the cursor
moves on. A neighbour or a database that does not answer is no fault of the event: reading stops and goes on later.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Engine, Row
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from inborough.events.v1 import events_pb2
from shared import logs, tracing
from shared.database import reading, writing
from shared.errors import NeighbourDown, NotSignedIn
from shared.event_log import letters
from shared.event_log.cursors import (
    LogBroken,
    LogWentBack,
    Overtaken,
    Place,
    find_place,
    move_cursor,
    new_events,
    next_request,
)
from shared.failpoints import failpoint

BATCH = 500
Apply = Callable[[Connection, str, events_pb2.Event], None]
"""Applies one event of a source within the transaction given. It raises when it cannot."""
Ask = Callable[[events_pb2.ListEventsRequest], events_pb2.ListEventsResponse]
"""Asks one source for its events; raises NeighbourDown when it does not answer."""
NOT_THE_EVENTS_FAULT = (NeighbourDown, NotSignedIn, OperationalError, InterfaceError, NoConnectionFree)
"""What says that something is down. Not so a broken constraint or a value too long: those the event brings itself."""


@dataclass(frozen=True)
class Patience:
    """How often an event is tried before it is set aside, and how long between.

    `attempts` is 1 or more; waits are `first_wait_seconds`, then `growth` times as long each, at most
    `longest_wait_seconds`.
    """

    attempts: int = 4
    first_wait_seconds: float = 0.05
    growth: float = 4.0
    longest_wait_seconds: float = 5.0

    def __post_init__(self) -> None:
        if self.attempts < 1 or self.first_wait_seconds < 0 or self.growth < 1:
            raise ValueError("Expected attempts >= 1, first_wait_seconds >= 0 and growth >= 1.")

    def wait_after(self, attempt: int) -> float:
        """Seconds to wait after the attempt of this number, from 1."""
        return float(min(self.longest_wait_seconds, self.first_wait_seconds * self.growth ** (attempt - 1)))


class Consumer:
    """Reads the logs of `sources` into one database. Safe for several threads and several processes."""

    def __init__(
        self, engine: Engine, sources: Mapping[str, Ask], apply: Apply, patience: Patience | None = None
    ) -> None:
        self._engine, self._sources, self._apply = engine, sources, apply
        self._patience = patience or Patience()
        self._locks = {source: threading.Lock() for source in sources}
        self._stopping = threading.Event()

    @property
    def sources(self) -> tuple[str, ...]:
        """The services whose logs are read."""
        return tuple(self._sources)

    def cursor(self, source: str) -> int:
        """Sequence number of the last event applied or set aside."""
        return self._place(source).sequence

    def stop(self) -> None:
        """Finish the event in hand and take no more; what is left is read at the next start."""
        self._stopping.set()

    def pull(self, source: str) -> int:
        """Take all that is new in a source's log: how many events were applied or set aside here.

        Raises NeighbourDown, LogWentBack, LogHasGap, and what the database raises when it does not answer.
        """
        taken = 0
        with self._locks[source]:
            while not self._stopping.is_set():
                place = self._place(source)
                found = new_events(source, place, self._sources[source](next_request(place, BATCH)))
                taken += sum(self._take(source, event) for event in found)
                if len(found) < BATCH:
                    break
        return taken

    def retry_marked(self) -> int:
        """Apply dead letters that are marked to be tried again; how many were applied.

        A source that does not answer holds up its own letters only; its error is raised at the end.
        """
        with reading(self._engine) as connection:
            marked = letters.list_marked(connection)
        applied, held_up = 0, None
        for source, of_source in groupby(marked, key=lambda letter: str(letter.source)):
            try:
                for letter in of_source:
                    applied += self._try_again(letter, self._event_of(source, letter.sequence))
            except (*NOT_THE_EVENTS_FAULT, LogBroken) as error:
                held_up = error
        if held_up is not None:
            raise held_up
        return applied

    def _place(self, source: str) -> Place:
        with reading(self._engine) as connection:
            return find_place(connection, source)

    def _take(self, source: str, event: events_pb2.Event) -> bool:
        """Apply one event, or set it aside when its attempts are used up; False when it was left to others or later."""
        for attempt in range(1, self._patience.attempts + 1):
            if self._stopping.is_set():
                return False
            try:
                self._apply_once(source, event)
                return True
            except Overtaken:
                return False
            except NOT_THE_EVENTS_FAULT:
                raise
            except Exception as error:
                letters.log_failure(source, event, attempt, error)
                if attempt == self._patience.attempts:
                    return self._set_aside(source, event, attempt, error)
                self._stopping.wait(self._patience.wait_after(attempt))
        return False

    def _apply_once(self, source: str, event: events_pb2.Event) -> None:
        with logs.in_request(event.request_id), _span(source, event), writing(self._engine) as connection:
            move_cursor(connection, source, event)
            self._apply(connection, source, event)
            if __debug__:
                failpoint("consumer.apply.before_commit")
        if __debug__:
            failpoint("consumer.apply.after_commit")

    def _set_aside(self, source: str, event: events_pb2.Event, attempts: int, error: Exception) -> bool:
        try:
            with writing(self._engine) as connection:
                move_cursor(connection, source, event)
                letters.set_aside(connection, source, event, attempts, error)
        except Overtaken:
            return False
        return True

    def _event_of(self, source: str, sequence: int) -> events_pb2.Event:
        """An event that was set aside, asked for again. Raises NeighbourDown, LogWentBack."""
        if source not in self._sources:
            raise LogBroken(f"The log of {source} is no longer read here.")
        answer = self._sources[source](events_pb2.ListEventsRequest(after_sequence=sequence - 1, most=1))
        if not answer.events:
            raise LogWentBack(f"The log of {source} ends before {sequence}, which was read before.")
        return answer.events[0]

    def _try_again(self, letter: Row[Any], event: events_pb2.Event) -> bool:
        try:
            with logs.in_request(event.request_id), writing(self._engine) as connection:
                if not letters.take_marked(connection, letter.dead_letter_id):
                    return False
                self._apply(connection, letter.source, event)
            return True
        except NOT_THE_EVENTS_FAULT:
            raise
        except Exception as error:
            letters.log_failure(letter.source, event, letter.attempts + 1, error)
            with writing(self._engine) as connection:
                letters.put_back(connection, letter.dead_letter_id, letter.attempts + 1, error)
            return False


def _span(source: str, event: events_pb2.Event) -> tracing.Span:
    """What is done about one event: part of the reading that a hint asked for, else the first of a trace of its own."""
    return tracing.span(f"apply {event.name}", source=source, event=event.name, sequence=event.sequence)
