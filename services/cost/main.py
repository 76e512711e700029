"""The cost service's process: `python -m services.cost.main`."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from inborough.cost.v1 import cost_pb2, cost_pb2_grpc
from services.cost.api import CostServicer
from services.cost.quotes.quote import Assumptions
from services.cost.settings import Settings
from services.cost.transport.travel import StraightLine
from shared import logs
from shared.database import migrate, open_database
from shared.event_log import servicer as event_log
from shared.grpc_server import Handled, run_until_stopped

FULL_NAME = cost_pb2.DESCRIPTOR.services_by_name["CostService"].full_name
MIGRATIONS = Path(__file__).parent / "storage" / "migrations"


def build(settings: Settings) -> list[Handled]:
    """The servicers with its database open and, when the settings say so, brought up to date."""
    engine = open_database(settings.database("cost"))
    if settings.migrate:
        migrate(engine, MIGRATIONS)
    travel = StraightLine(settings.detour_percent, settings.speed_kmh, settings.fixed_minutes)
    servicer = CostServicer(engine, Assumptions(travel, settings.post_16_travel_paid))
    register = partial(cost_pb2_grpc.add_CostServiceServicer_to_server, servicer)
    return [Handled(FULL_NAME, register, close=engine.dispose), event_log.handled(engine)]


def main() -> None:
    """Serve until told to stop."""
    settings = Settings()
    logs.configure("cost", settings.log_level)
    run_until_stopped("cost", settings, build(settings))


if __name__ == "__main__":
    main()
