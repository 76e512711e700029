"""The caseload service's process: `python -m services.caseload.main`."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from inborough.caseload.v1 import caseload_pb2_grpc
from services.caseload.api import FULL_NAME, CaseloadServicer
from services.caseload.domain.pseudonyms import Pseudonyms
from services.caseload.gauges import GAUGES
from services.caseload.settings import DEMONSTRATION_KEY, Settings
from services.caseload.storage.keeping import KEEPER
from shared import logs
from shared.database import migrate, open_database
from shared.event_log import servicer as event_log
from shared.grpc_server import Handled, run_until_stopped
from shared.keeping import servicer as keeping
from shared.pages import PageTokens

MIGRATIONS = Path(__file__).parent / "storage" / "migrations"


def build(settings: Settings) -> list[Handled]:
    """The servicers on its database, brought up to date when the settings say so."""
    engine = open_database(settings.database("caseload"))
    if settings.migrate:
        migrate(engine, MIGRATIONS)
    GAUGES.watch(engine)
    key = settings.pseudonym_key.get_secret_value()
    if key == DEMONSTRATION_KEY:
        logs.log("demonstration_key_used", "warning")
    servicer = CaseloadServicer(engine, Pseudonyms(key.encode()), PageTokens(key.encode()))
    register = partial(caseload_pb2_grpc.add_CaseloadServiceServicer_to_server, servicer)
    return [
        Handled(FULL_NAME, register, close=partial(GAUGES.forget, engine)),
        event_log.handled(engine),
        keeping.handled(engine, KEEPER),
    ]


def main() -> None:
    """Serve until stopped."""
    logs.configure("caseload")
    settings = Settings()
    logs.configure("caseload", settings.log_level)
    run_until_stopped("caseload", settings, build(settings))


if __name__ == "__main__":
    main()
