"""A Nameko process that reads one log as ours do: `python -m tests.builders.log_reader`.

Environment: INBOROUGH_TEST_READER_DATABASE_URL; INBOROUGH_TEST_READER_SOURCE, the caseload log's host:port;
INBOROUGH_TEST_READER_POISON_EVERY, which events it cannot apply (0: none); INBOROUGH_TEST_READER_CATCH_UP_SECONDS.
"""

from __future__ import annotations

if __name__ == "__main__":
    import shared.events.patched  # noqa: F401

from pydantic_settings import SettingsConfigDict
from sqlalchemy import Connection

from inborough.events.v1 import events_pb2, events_pb2_grpc
from shared import grpc_client, logs
from shared.event_log.consume import Ask, Consumer
from shared.events import process
from shared.identity import callers
from shared.settings import ServiceSettings
from tests.builders.event_logs import Applier, opened
from tests.builders.identity import caller

ASK_SECONDS = 10.0


class Settings(ServiceSettings):
    """INBOROUGH_TEST_READER_…"""

    model_config = SettingsConfigDict(env_prefix="INBOROUGH_TEST_READER_", frozen=True, extra="ignore")

    source: str = ""
    poison_every: int = 0
    catch_up_seconds: float = process.CATCH_UP_SECONDS


class Poison(Exception):
    """An event that this reader cannot apply."""


def asking(settings: Settings) -> Ask:
    """As placement where it holds a certificate; in the clear as a caller of every role."""
    who = callers.service(settings, "placement") if settings.tls else caller()
    stub = events_pb2_grpc.EventServiceStub(grpc_client.connect("caseload", settings.source, who))
    return lambda request: stub.ListEvents.future(request, timeout=ASK_SECONDS).result()


def choking(every: int) -> Applier:
    """Applies what is not poison."""

    def choke(_: Connection, event: events_pb2.Event) -> None:
        if every and event.sequence % every == 0:
            raise Poison

    return Applier(choke)


if __name__ == "__main__":
    settings = Settings()
    logs.configure("placement-events")
    process.CATCH_UP_SECONDS = settings.catch_up_seconds
    with opened(settings.database("reader")) as engine:
        consumer = Consumer(engine, {"caseload": asking(settings)}, choking(settings.poison_every))
        process.run([process.Part("placement", settings, consumer)], settings.metrics_port)
