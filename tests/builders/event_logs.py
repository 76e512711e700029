"""Services' logs of a test's own, and a reader that writes down each event it applies, once or as often as it does."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Column, Connection, Engine, Integer, MetaData, String, Table, select

from inborough.events.v1 import events_pb2
from shared.database import open_database, reading, writing
from shared.errors import NeighbourDown
from shared.event_log import record_event, tables
from shared.event_log.servicer import EventServicer
from tests.builders.identity import as_somebody

NOT_ASKED_BY_RPC: object = None
METADATA = MetaData()
tables.add_to(METADATA)
APPLIED = Table(
    "applied",
    METADATA,
    Column("row", Integer, primary_key=True),
    Column("source", String(20)),
    Column("sequence", Integer),
    Column("name", String(60)),
)
"""No key keeps an event from being in it twice: that is the reader's own business."""


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    """A database with a log's tables and `applied`."""
    engine = open_database(url)
    METADATA.create_all(engine)
    try:
        yield engine
    finally:
        engine.dispose()


def record(engine: Engine, count: int = 1, name: str = "case_viewed") -> None:
    """Events in a log, each in a transaction of its own."""
    for _ in range(count):
        with as_somebody(), writing(engine) as connection:
            record_event(connection, name, case_ids=["case_0123456789abcdef"], decision_id="decision_1")


@dataclass
class Source:
    """A service's log as a Consumer asks for it; `down` makes it a neighbour that does not answer."""

    engine: Engine
    down: bool = False
    asked: int = 0

    def __call__(self, request: events_pb2.ListEventsRequest) -> events_pb2.ListEventsResponse:
        self.asked += 1
        if self.down:
            raise NeighbourDown("source")
        return EventServicer(self.engine).ListEvents(request, NOT_ASKED_BY_RPC)  # type: ignore[arg-type]


@dataclass
class Applier:
    """Writes down each event, after `trouble`, which may raise. `attempts` counts by sequence number."""

    trouble: Callable[[Connection, events_pb2.Event], None] = lambda *_: None
    attempts: Counter[int] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, connection: Connection, source: str, event: events_pb2.Event) -> None:
        with self._lock:
            self.attempts[event.sequence] += 1
        connection.execute(APPLIED.insert().values(source=source, sequence=event.sequence, name=event.name))
        self.trouble(connection, event)


def list_applied(engine: Engine, source: str = "caseload") -> list[int]:
    """Sequence numbers of the events that took effect, in the order in which they did."""
    query = select(APPLIED.c.sequence).where(APPLIED.c.source == source).order_by(APPLIED.c.row)
    with reading(engine) as connection:
        return [int(sequence) for sequence in connection.execute(query).scalars()]
