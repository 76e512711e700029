"""The events process's hands in a test: its own engine and channels, and its reading of provision's log."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Engine

from inborough.events.v1 import events_pb2_grpc
from services.placement.gather import Neighbours
from services.placement.steps import resume_half_done
from services.placement.steps.hearing import hear
from shared.database import open_database
from shared.event_log.consume import Consumer
from shared.settings import ServiceSettings
from tests.builders.deciding import SECONDS
from tests.builders.identity import connect


@dataclass(frozen=True)
class EventsHands:
    """What placement's events process works with."""

    engine: Engine
    neighbours: Neighbours
    consumer: Consumer

    def resume(self) -> int:
        """Go on with everything that is half-done, however short a time it has waited."""
        return resume_half_done(self, wait_seconds=-1)

    def read_provision(self) -> int:
        """Take what is new in provision's log."""
        return self.consumer.pull("provision")


@contextmanager
def events_hands(database_url: str, addresses: dict[str, str]) -> Iterator[EventsHands]:
    """On placement's database, beside these neighbours."""
    engine = open_database(database_url)
    names = {f"INBOROUGH_{name.upper()}": value for name, value in addresses.items()}
    neighbours = Neighbours(ServiceSettings(**names))  # type: ignore[arg-type]
    with connect("provision", addresses["provision_address"]) as channel:
        log = events_pb2_grpc.EventServiceStub(channel)
        consumer = Consumer(engine, {"provision": lambda request: log.ListEvents(request, timeout=SECONDS)}, hear)
        try:
            yield EventsHands(engine, neighbours, consumer)
        finally:
            neighbours.close()
            engine.dispose()
