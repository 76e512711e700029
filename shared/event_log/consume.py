"""Read another service's log and apply each of its events exactly once.

Each event is applied in one transaction with the cursor that says so: whatever dies in between, the event is applied
or it is not, never twice. The cursor moves only from the event before, so that two readers of one log never both apply
one.

An event that cannot be applied is tried a few times with growing waits, then set aside as a dead letter, and the cursor
moves on. A neighbour or a database that does not answer is no fault of the event: reading stops and goes on later.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import DBAPIError

from inborough.events.v1 import events_pb2
from shared import logs
from shared.database import insert_or_ignore, reading, writing
from shared.days import now_utc
from shared.errors import ChangedMeanwhile, InboroughError, NeighbourDown, TooMuch
from shared.event_log.tables import cursors, dead_letters
from shared.failpoints import failpoint
from shared.ids import content_id

BATCH = 500
Apply = Callable[[Connection, str, events_pb2.Event], None]
"""Applies one event of a source within the transaction given. It raises when it cannot."""
Ask = Callable[[events_pb2.ListEventsRequest], events_pb2.ListEventsResponse]
"""Asks one source for its events; raises NeighbourDown when it does not answer."""
NOT_THE_EVENTS_FAULT = (NeighbourDown, ChangedMeanwhile, TooMuch, DBAPIError)


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


class LogWentBack(Exception):
    """A source's log ends before what was read of it: its database was put back to an earlier state."""


class _Overtaken(Exception):
    """Another reader has applied this event meanwhile."""


class Consumer:
    """Reads the logs of `sources` into one database. Safe for several threads and several processes."""

    def __init__(
        self, engine: Engine, sources: Mapping[str, Ask], apply: Apply, patience: Patience | None = None
    ) -> None:
        self._engine, self._sources, self._apply = engine, sources, apply
        self._patience = patience or Patience()
        self._locks = {source: threading.Lock() for source in sources}

    @property
    def sources(self) -> tuple[str, ...]:
        """The services whose logs are read."""
        return tuple(self._sources)

    def cursor(self, source: str) -> int:
        """Sequence number of the last event applied or set aside."""
        with reading(self._engine) as connection:
            return _cursor(connection, source)

    def pull(self, source: str) -> int:
        """Apply all that is new in a source's log; how many events were taken. Raises NeighbourDown, LogWentBack."""
        taken = 0
        with self._locks[source]:
            while True:
                after = self.cursor(source)
                answer = self._sources[source](events_pb2.ListEventsRequest(after_sequence=after, most=BATCH))
                if answer.last_sequence < after:
                    raise LogWentBack(f"The log of {source} ends at {answer.last_sequence}; {after} were read before.")
                for event in answer.events:
                    self._take(source, event)
                taken += len(answer.events)
                if len(answer.events) < BATCH:
                    return taken

    def retry_marked(self) -> int:
        """Apply dead letters that are marked to be tried again; how many were applied. Raises NeighbourDown."""
        with reading(self._engine) as connection:
            marked = connection.execute(select(dead_letters).where(dead_letters.c.retrying)).all()
        applied = 0
        for letter in sorted(marked, key=lambda row: (row.source, row.sequence)):
            request = events_pb2.ListEventsRequest(after_sequence=letter.sequence - 1, most=1)
            (event,) = self._sources[letter.source](request).events
            applied += self._try_again(letter.source, event, letter.dead_letter_id, letter.attempts)
        return applied

    def _take(self, source: str, event: events_pb2.Event) -> None:
        """Apply one event, or set it aside when its attempts are used up."""
        for attempt in range(1, self._patience.attempts + 1):
            try:
                self._apply_once(source, event)
                return
            except _Overtaken:
                return
            except NOT_THE_EVENTS_FAULT:
                raise
            except Exception as error:
                log_failure(source, event, attempt, error)
                if attempt == self._patience.attempts:
                    self._set_aside(source, event, attempt, error)
                else:
                    time.sleep(self._patience.wait_after(attempt))

    def _apply_once(self, source: str, event: events_pb2.Event) -> None:
        with writing(self._engine) as connection:
            _move_cursor(connection, source, event.sequence)
            self._apply(connection, source, event)
            if __debug__:
                failpoint("consumer.apply.before_commit")
        if __debug__:
            failpoint("consumer.apply.after_commit")

    def _set_aside(self, source: str, event: events_pb2.Event, attempts: int, error: Exception) -> None:
        letter = {
            "dead_letter_id": content_id("dead", source, str(event.sequence)),
            "source": source,
            "sequence": event.sequence,
            "name": event.name,
            "attempts": attempts,
            "error_type": type(error).__name__[:80],
            "failed_at_utc": now_utc(),
            "retrying": False,
        }
        try:
            with writing(self._engine) as connection:
                _move_cursor(connection, source, event.sequence)
                connection.execute(insert_or_ignore(connection, dead_letters), letter)
        except _Overtaken:
            return

    def _try_again(self, source: str, event: events_pb2.Event, letter_id: str, attempts: int) -> bool:
        its_row = dead_letters.c.dead_letter_id == letter_id
        try:
            with writing(self._engine) as connection:
                if not connection.execute(dead_letters.delete().where(its_row, dead_letters.c.retrying)).rowcount:
                    return False  # another process has applied it
                self._apply(connection, source, event)
            return True
        except NOT_THE_EVENTS_FAULT:
            raise
        except Exception as error:
            log_failure(source, event, attempts + 1, error)
            failed = {"attempts": attempts + 1, "error_type": type(error).__name__[:80], "failed_at_utc": now_utc()}
            with writing(self._engine) as connection:
                connection.execute(dead_letters.update().where(its_row).values(retrying=False, **failed))
            return False


def log_failure(source: str, event: events_pb2.Event, attempt: int, error: Exception) -> None:
    """Log that an event could not be applied; the error's text, which may be personal, is withheld."""
    code = error.code.name if isinstance(error, InboroughError) else ""
    logs.log(
        "event_not_applied",
        "warning",
        neighbour=source,
        sequence=event.sequence,
        attempt=attempt,
        error_type=type(error).__name__,
        grpc_code=code,
    )


def _cursor(connection: Connection, source: str) -> int:
    found = connection.execute(select(cursors.c.sequence).where(cursors.c.source == source)).scalar()
    return int(found or 0)


def _move_cursor(connection: Connection, source: str, sequence: int) -> None:
    """From the event before to this one. Raises _Overtaken when the cursor is elsewhere."""
    if sequence == 1:
        row = {"source": source, "sequence": 0, "applied_at_utc": None}
        connection.execute(insert_or_ignore(connection, cursors), row)
    moved = (
        cursors.update()
        .where(cursors.c.source == source, cursors.c.sequence == sequence - 1)
        .values(sequence=sequence, applied_at_utc=now_utc())
    )
    if not connection.execute(moved).rowcount:
        raise _Overtaken
