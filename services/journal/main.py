"""The journal's gRPC process: `python -m services.journal.main`."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from sqlalchemy import Engine

from inborough.journal.v1 import journal_pb2_grpc
from services.journal.api import FULL_NAME, JournalServicer
from services.journal.domain.chain import Sealer
from services.journal.gather import Logs
from services.journal.gauges import VerifiedGauges
from services.journal.keeping import keeper
from services.journal.operations import list_heads_not_ours
from services.journal.settings import DEMONSTRATION_KEY, Settings
from shared import logs
from shared.database import migrate, open_database
from shared.event_log import servicer as event_log
from shared.grpc_server import Handled, run_until_stopped
from shared.keeping import servicer as keeping
from shared.pages import PageTokens

MIGRATIONS = Path(__file__).parent / "storage" / "migrations"


def build(settings: Settings) -> list[Handled]:
    """The servicers on its database, brought up to date when the settings say so."""
    engine = open_database(settings.database("journal"))
    if settings.migrate:
        migrate(engine, MIGRATIONS)
    key = settings.key.get_secret_value()
    sealer = Sealer(key.encode())
    _warn(engine, sealer, key)
    servicer = JournalServicer(engine, sealer, PageTokens(key.encode()))
    event_logs = Logs(settings)

    def close() -> None:
        event_logs.close()
        engine.dispose()

    register = partial(journal_pb2_grpc.add_JournalServiceServicer_to_server, servicer)
    return [
        Handled(FULL_NAME, register, close=close, gauges=[VerifiedGauges(engine)]),
        event_log.handled(engine),
        keeping.handled(engine, keeper(sealer, event_logs)),
    ]


def _warn(engine: Engine, sealer: Sealer, key: str) -> None:
    if key == DEMONSTRATION_KEY:
        logs.log("demonstration_key_used", "warning")
    for source in list_heads_not_ours(engine, sealer):
        logs.log("journal_not_sealed_with_this_key", "error", neighbour=source)


def main() -> None:
    """Serve until stopped."""
    logs.configure("journal")
    settings = Settings()
    logs.configure("journal", settings.log_level)
    run_until_stopped("journal", settings, build(settings))


if __name__ == "__main__":
    main()
