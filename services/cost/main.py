"""The cost service's process: `python -m services.cost.main`."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from sqlalchemy import Engine

from inborough.cost.v1 import cost_pb2, cost_pb2_grpc, transport_pb2, transport_pb2_grpc
from services.cost.api import CostServicer, TransportServicer
from services.cost.carrying.solver import RunSolver
from services.cost.carrying.terms import Habits
from services.cost.gather import Neighbours
from services.cost.operations.ready_runs import find_ready_runs
from services.cost.operations.runs_office import RunsOffice
from services.cost.quotes.quote import Assumptions
from services.cost.settings import Settings
from services.cost.shelf import Shelf
from services.cost.storage.keeping import KEEPER
from services.cost.travel import Travels, build_travels
from shared import logs
from shared.database import migrate, open_database
from shared.event_log import servicer as event_log
from shared.grpc_server import Handled, run_until_stopped
from shared.keeping import servicer as keeping

COST = cost_pb2.DESCRIPTOR.services_by_name["CostService"].full_name
TRANSPORT = transport_pb2.DESCRIPTOR.services_by_name["TransportService"].full_name
MIGRATIONS = Path(__file__).parent / "storage" / "migrations"


def build(settings: Settings) -> list[Handled]:
    """The servicers with its database open and, when the settings say so, brought up to date."""
    engine = open_database(settings.database("cost"))
    if settings.migrate:
        migrate(engine, MIGRATIONS)
    travels, neighbours = build_travels(engine, settings), Neighbours(settings)
    office = _runs_office(engine, settings, travels)
    shelf = Shelf(partial(find_ready_runs, office))
    cost = CostServicer(engine, Assumptions(travels.journeys, settings.post_16_travel_paid), shelf)
    transport = TransportServicer(neighbours, office)

    def close() -> None:
        office.solver.close()
        travels.close()
        neighbours.close()
        engine.dispose()

    return [
        Handled(COST, partial(cost_pb2_grpc.add_CostServiceServicer_to_server, cost), close=close),
        Handled(TRANSPORT, partial(transport_pb2_grpc.add_TransportServiceServicer_to_server, transport)),
        event_log.handled(engine),
        keeping.handled(engine, KEEPER),
    ]


def _runs_office(engine: Engine, settings: Settings, travels: Travels) -> RunsOffice:
    habits = Habits(settings.usual_bell_minutes, settings.boarding_minutes, settings.set_down_early_minutes)
    solver = RunSolver(settings.run_processes)
    return RunsOffice(engine, travels.journeys, travels.legs, settings.post_16_travel_paid, habits, solver)


def main() -> None:
    """Serve until told to stop."""
    logs.configure("cost")
    settings = Settings()
    logs.configure("cost", settings.log_level)
    run_until_stopped("cost", settings, build(settings))


if __name__ == "__main__":
    main()
