"""How far another service's log was read, and whether that log still goes on from there.

The last event read is remembered by its id too, and asked for again with what is new. So a log that was put back to an
earlier state is noticed even once it has grown past the number read: its events of the same numbers are others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from inborough.events.v1 import events_pb2
from shared.database import insert_or_ignore
from shared.days import now_utc
from shared.event_log.tables import cursors


@dataclass(frozen=True)
class Place:
    """The last event of a log that was applied or set aside; sequence 0 and no id before the first."""

    sequence: int = 0
    event_id: str = ""


class LogBroken(Exception):
    """A source's log does not go on from where it was read. Nothing of it is applied until somebody has looked."""


class LogWentBack(LogBroken):
    """A source's log no longer has what was read of it: its database was put back to an earlier state."""


class LogHasGap(LogBroken):
    """A source's log lacks an event, or gives events out of order."""


class Overtaken(Exception):
    """Another reader has taken this event meanwhile."""


def find_place(connection: Connection, source: str) -> Place:
    """How far a source's log was read."""
    row = connection.execute(select(cursors).where(cursors.c.source == source)).first()
    return Place(row.sequence, row.event_id) if row else Place()


def next_request(place: Place, most: int) -> events_pb2.ListEventsRequest:
    """Asks for the last event read and at most `most` after it."""
    known = min(place.sequence, 1)
    return events_pb2.ListEventsRequest(after_sequence=place.sequence - known, most=most + known)


def new_events(source: str, place: Place, answer: events_pb2.ListEventsResponse) -> Sequence[events_pb2.Event]:
    """What is new in the answer to `next_request`, in order. Raises LogWentBack, LogHasGap."""
    known = min(place.sequence, 1)
    if known and (not answer.events or answer.events[0].event_id != place.event_id):
        raise LogWentBack(
            f"The log of {source} ends at {answer.last_sequence} or has another event at {place.sequence}, up to which "
            f"it was read. Put the databases of all services back to one and the same moment."
        )
    first = place.sequence - known + 1
    if any(event.sequence != first + at for at, event in enumerate(answer.events)):
        raise LogHasGap(f"The log of {source} has a gap or is out of order after {place.sequence}.")
    return answer.events[known:]


def move_cursor(connection: Connection, source: str, event: events_pb2.Event) -> None:
    """From the event before to this one. Raises Overtaken when the cursor is elsewhere."""
    if event.sequence == 1:
        row = {"source": source, "sequence": 0, "event_id": "", "applied_at_utc": None}
        connection.execute(insert_or_ignore(connection, cursors), row)
    moved = (
        cursors.update()
        .where(cursors.c.source == source, cursors.c.sequence == event.sequence - 1)
        .values(sequence=event.sequence, event_id=event.event_id, applied_at_utc=now_utc())
    )
    if not connection.execute(moved).rowcount:
        raise Overtaken
