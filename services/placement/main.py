"""Composition root of the placement service: `python -m services.placement.main`."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from inborough.placement.v1 import placement_pb2_grpc
from services.placement.api import PlacementServicer
from services.placement.gather import Neighbours
from services.placement.operations import Context
from services.placement.settings import Settings
from services.placement.solver import Solver
from shared import logs
from shared.database import migrate, open_database
from shared.event_log import servicer as event_log
from shared.grpc_server import Handled, run_until_stopped

MIGRATIONS = Path(__file__).parent / "storage" / "migrations"
WIRE_NAME = "inborough.placement.v1.PlacementService"


def build(settings: Settings) -> list[Handled]:
    """The services, ready to be registered on a server. Opens its database and brings it up to date."""
    engine = open_database(settings.database("placement"))
    if settings.migrate:
        migrate(engine, MIGRATIONS)
    solver = Solver()
    solver.warm()
    context = Context(engine, Neighbours(settings), solver)
    servicer = PlacementServicer(context)
    register = placement_pb2_grpc.add_PlacementServiceServicer_to_server
    return [Handled(WIRE_NAME, partial(register, servicer), context.close), event_log.handled(engine)]


def main() -> None:
    """Serve until SIGTERM or Ctrl-C."""
    settings = Settings()
    logs.configure("placement", settings.log_level)
    run_until_stopped("placement", settings, build(settings))


if __name__ == "__main__":
    main()
