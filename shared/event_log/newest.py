"""The newest events of some names in an own log, found without reading the log again each time."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, select

from shared.days import in_utc
from shared.event_log.tables import events

Facts = Mapping[str, str]


@dataclass(frozen=True)
class Happened:
    """When an event happened, and what it told."""

    at: datetime
    facts: Facts


class Newest:
    """By name, the newest event that is `wanted` and whose facts `count`. Safe to use from several threads.

    The first reading goes through the log once; each later one through what was added since.
    """

    def __init__(self, wanted: ColumnElement[bool], counts: Callable[[Facts], bool] = lambda _: True) -> None:
        self._wanted, self._counts = wanted, counts
        self._lock = threading.Lock()
        self._read_up_to = 0
        self._found: dict[str, Happened] = {}

    def read(self, connection: Connection) -> Mapping[str, Happened]:
        """What is known now."""
        with self._lock:
            last = int(connection.scalar(select(func.max(events.c.sequence))) or 0)
            new = events.c.sequence.between(self._read_up_to + 1, last)
            query = select(events.c.name, events.c.occurred_at_utc, events.c.facts).where(new, self._wanted)
            for name, at, facts in connection.execute(query.order_by(events.c.sequence)):
                if self._counts(told := json.loads(facts)):
                    self._found[name] = Happened(in_utc(at), told)
            self._read_up_to = last
            return dict(self._found)
