"""Composition root of the provision service: `python -m services.provision.main`."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from inborough.provision.v1 import provision_pb2, provision_pb2_grpc
from services.provision.api import ProvisionServicer
from services.provision.gather import CaseloadReader
from services.provision.kept_answers import Kept
from services.provision.operations.settings import show_settings_on_file
from services.provision.settings import Settings
from services.provision.storage.keeping import KEEPER
from shared import logs
from shared.database import migrate, open_database
from shared.event_log import servicer as event_log
from shared.grpc_client import connect
from shared.grpc_server import Handled, run_until_stopped
from shared.identity import callers
from shared.keeping import servicer as keeping

MIGRATIONS = Path(__file__).parent / "storage" / "migrations"
FULL_NAME = provision_pb2.DESCRIPTOR.services_by_name["ProvisionService"].full_name


def build(settings: Settings) -> list[Handled]:
    """The servicers on its database, migrated when the settings say so; caseload is called when first needed."""
    engine = open_database(settings.database("provision"))
    if settings.migrate:
        migrate(engine, MIGRATIONS)
    show_settings_on_file(engine)
    channel = connect("caseload", settings.caseload_address, callers.service(settings, "provision"))
    servicer = ProvisionServicer(
        engine=engine,
        caseload=CaseloadReader(channel, settings.caseload_seconds),
        kept=Kept(),
        authority=settings.authority,
        la_code=settings.authority_la_code,
        offer_days=settings.offer_days,
    )

    def close() -> None:
        channel.close()
        engine.dispose()

    register = partial(provision_pb2_grpc.add_ProvisionServiceServicer_to_server, servicer)
    return [Handled(FULL_NAME, register, close=close), event_log.handled(engine), keeping.handled(engine, KEEPER)]


def main() -> None:
    """Serve until SIGTERM or Ctrl-C."""
    logs.configure("provision")
    settings = Settings()
    logs.configure("provision", settings.log_level)
    run_until_stopped("provision", settings, build(settings))


if __name__ == "__main__":
    main()
