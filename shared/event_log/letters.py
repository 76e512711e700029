"""Dead letters: events of other services that could not be applied, set aside until somebody has them tried again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from inborough.events.v1 import events_pb2
from shared import logs
from shared.database import insert_or_ignore
from shared.days import now_utc
from shared.errors import InboroughError
from shared.event_log.tables import dead_letters
from shared.ids import content_id

LONGEST_TYPE = 80


def set_aside(connection: Connection, source: str, event: events_pb2.Event, attempts: int, error: Exception) -> None:
    """Keep that an event could not be applied; the error's text, which may be personal, is withheld."""
    letter = {
        "dead_letter_id": content_id("dead", source, str(event.sequence)),
        "source": source,
        "sequence": event.sequence,
        "name": event.name,
        "retrying": False,
        **_failure(attempts, error),
    }
    connection.execute(insert_or_ignore(connection, dead_letters), letter)


def list_marked(connection: Connection) -> Sequence[Row[Any]]:
    """The letters that somebody marked to be tried again, in the order of their logs."""
    marked = select(dead_letters).where(dead_letters.c.retrying)
    return connection.execute(marked.order_by(dead_letters.c.source, dead_letters.c.sequence)).all()


def take_marked(connection: Connection, dead_letter_id: str) -> bool:
    """Remove a marked letter, in the transaction that applies its event; False when another process has done so."""
    its_row = dead_letters.c.dead_letter_id == dead_letter_id
    return bool(connection.execute(dead_letters.delete().where(its_row, dead_letters.c.retrying)).rowcount)


def put_back(connection: Connection, dead_letter_id: str, attempts: int, error: Exception) -> None:
    """A letter that failed again: no longer marked, with its new count and error."""
    its_row = dead_letters.c.dead_letter_id == dead_letter_id
    connection.execute(dead_letters.update().where(its_row).values(retrying=False, **_failure(attempts, error)))


def log_failure(source: str, event: events_pb2.Event, attempt: int, error: Exception) -> None:
    """Log that an event could not be applied, without the error's text."""
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


def _failure(attempts: int, error: Exception) -> dict[str, Any]:
    return {"attempts": attempts, "error_type": type(error).__name__[:LONGEST_TYPE], "failed_at_utc": now_utc()}
