"""Logs of services, and journals that were written from them as the events process writes them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from inborough.events.v1 import events_pb2
from services.journal.domain.chain import Sealer
from services.journal.events import keeping
from services.journal.main import MIGRATIONS
from shared.database import migrate, open_database
from shared.days import in_rfc3339
from shared.event_log.consume import Consumer

KEY = b"a key of the tests alone"
SEALER = Sealer(KEY)
BEGAN = datetime(2024, 2, 1, 9, tzinfo=UTC)


def case_id(number: int) -> str:
    """The id of a case."""
    return f"case_{number:016x}"


@dataclass
class Log:
    """A service's log, which a Consumer may ask as if over the wire."""

    source: str
    events: list[events_pb2.Event] = field(default_factory=list)

    def add(self, name: str = "case_viewed", case_ids: Sequence[str] = (), **fields: Any) -> events_pb2.Event:
        """One more event, a minute after the one before unless told otherwise."""
        number = len(self.events) + 1
        usual: dict[str, Any] = {
            "event_id": f"event_{number:016x}",
            "occurred_time": in_rfc3339(BEGAN + timedelta(minutes=number)),
            "actor": "user_chair",
            "roles": ["panel_chair"],
            "request_id": f"request-{number}",
        }
        self.events.append(events_pb2.Event(sequence=number, name=name, case_ids=case_ids, **usual | fields))
        return self.events[-1]

    def ask(self, request: events_pb2.ListEventsRequest) -> events_pb2.ListEventsResponse:
        """As EventService.ListEvents."""
        after = request.after_sequence
        return events_pb2.ListEventsResponse(
            events=self.events[after : after + request.most], last_sequence=len(self.events)
        )


def any_log(source: str, events: int, rng: random.Random) -> Log:
    """A log of so many events: views, imports of several cases, and changes about none."""
    log = Log(source)
    for _ in range(events):
        cases = [case_id(number) for number in rng.sample(range(99), rng.choice([0, 1, 1, 1, 4]))]
        log.add(
            rng.choice(["case_viewed", "cases_changed", "decision_recorded"]),
            cases,
            actor=rng.choice(["user_chair", "user_member", "service_placement"]),
            on_behalf_of=rng.choice(["", "user_chair"]),
            facts={"import_id": f"imp_{rng.randrange(10**9)}", "day": "2024-02-01"},
        )
    return log


def open_journal(database_url: str) -> Engine:
    """The journal's database, brought up to date."""
    engine = open_database(database_url)
    migrate(engine, MIGRATIONS)
    return engine


def keep(engine: Engine, *logs: Log, sealer: Sealer = SEALER) -> None:
    """Read logs into the journal as its events process does."""
    consumer = Consumer(engine, {log.source: log.ask for log in logs}, keeping(sealer))
    for log in logs:
        consumer.pull(log.source)
