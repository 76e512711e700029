"""The events process of the journal: `python -m services.journal.events`.

It reads the logs of all services, the journal's own among them, and adds each event to the chain of its service, in the
transaction that says that it was read. Nothing else writes entries.
"""

from __future__ import annotations

if __name__ == "__main__":
    import shared.events.patched  # noqa: F401

from sqlalchemy import Connection, Engine

from inborough.events.v1 import events_pb2, events_pb2_grpc
from services.journal import gauges, operations, wire
from services.journal.domain.chain import Sealer
from services.journal.domain.entries import SOURCES
from services.journal.settings import EventsSettings, Settings
from shared import logs
from shared.database import open_database
from shared.event_log.consume import Apply, Ask, Consumer
from shared.events.process import Part, run
from shared.grpc_client import connect
from shared.identity import callers

ASK_SECONDS = 10.0
COUNT_SECONDS = 30.0


def build() -> Part:
    """The journal's part, on its own database."""
    settings = Settings()
    return reading_into(open_database(settings.database("journal")), settings)


def reading_into(engine: Engine, settings: Settings) -> Part:
    """A part that reads the logs at the settings' addresses into a journal's database."""
    caller = callers.service(settings, "journal")
    sealer = Sealer(settings.key.get_secret_value().encode())

    def log_of(source: str) -> Ask:
        """Asks for a log as long as the chain that its events would be added to ends as the journal sealed it."""
        stub = events_pb2_grpc.EventServiceStub(connect(source, settings.address(source), caller))

        def ask(request: events_pb2.ListEventsRequest) -> events_pb2.ListEventsResponse:
            operations.need_own_head(engine, sealer, source)
            answer: events_pb2.ListEventsResponse = stub.ListEvents.future(request, timeout=ASK_SECONDS).result()
            return answer

        return ask

    consumer = Consumer(engine, {source: log_of(source) for source in SOURCES}, keeping(sealer))
    timers = {"count_entries": (COUNT_SECONDS, lambda: gauges.refresh(engine))}
    return Part("journal", EventsSettings(), consumer, after_pull=lambda _: gauges.refresh(engine), timers=timers)


def keeping(sealer: Sealer) -> Apply:
    """Adds each event to the journal, sealed."""

    def keep(connection: Connection, source: str, event: events_pb2.Event) -> None:
        operations.keep_event(connection, sealer, source, wire.happening_from_wire(event))

    return keep


if __name__ == "__main__":
    logs.configure("journal-events")
    part = build()
    run([part], part.settings.metrics_port)
