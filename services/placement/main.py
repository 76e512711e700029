"""Composition root of the placement service: `python -m services.placement.main`."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from inborough.placement.v1 import (
    consultations_pb2_grpc,
    decisions_pb2_grpc,
    monitoring_pb2_grpc,
    panels_pb2_grpc,
    placement_pb2_grpc,
    scenarios_pb2_grpc,
    travel_pb2_grpc,
)
from services.placement.api import (
    ConsultationServicer,
    DecisionServicer,
    MonitoringServicer,
    PanelServicer,
    PlacementServicer,
    ScenarioServicer,
    TravelServicer,
)
from services.placement.domain.pseudonyms import Pseudonyms
from services.placement.gather import Neighbours
from services.placement.metrics import observe_consultations
from services.placement.operations import Context
from services.placement.operations.consultations import count_awaiting_replies
from services.placement.school_days import reply_clock
from services.placement.settings import DEMONSTRATION_KEY, Settings
from services.placement.solver import Solver
from services.placement.storage.keeping import KEEPER
from shared import logs
from shared.database import migrate, open_database
from shared.event_log import servicer as event_log
from shared.grpc_server import Handled, run_until_stopped
from shared.keeping import servicer as keeping

MIGRATIONS = Path(__file__).parent / "storage" / "migrations"
PACKAGE = "inborough.placement.v1"


def build(settings: Settings) -> list[Handled]:
    """The services, ready to be registered on a server. Opens its database and brings it up to date."""
    engine = open_database(settings.database("placement"))
    if settings.migrate:
        migrate(engine, MIGRATIONS)
    solver = Solver()
    solver.warm()
    clock = reply_clock(settings.reply_rule, settings.school_closures)
    context = Context(engine, Neighbours(settings), solver, _pseudonyms(settings), clock)
    observe_consultations(count_awaiting_replies(context))
    advice = partial(placement_pb2_grpc.add_PlacementServiceServicer_to_server, PlacementServicer(context))
    consulting = partial(
        consultations_pb2_grpc.add_ConsultationServiceServicer_to_server, ConsultationServicer(context)
    )
    deciding = partial(decisions_pb2_grpc.add_DecisionServiceServicer_to_server, DecisionServicer(context))
    panels = partial(panels_pb2_grpc.add_PanelServiceServicer_to_server, PanelServicer(context))
    simulating = partial(scenarios_pb2_grpc.add_ScenarioServiceServicer_to_server, ScenarioServicer(context))
    monitoring = partial(monitoring_pb2_grpc.add_MonitoringServiceServicer_to_server, MonitoringServicer(context))
    travelling = partial(travel_pb2_grpc.add_TravelServiceServicer_to_server, TravelServicer(context))
    return [
        Handled(f"{PACKAGE}.PlacementService", advice, context.close),
        Handled(f"{PACKAGE}.ConsultationService", consulting),
        Handled(f"{PACKAGE}.DecisionService", deciding),
        Handled(f"{PACKAGE}.PanelService", panels),
        Handled(f"{PACKAGE}.ScenarioService", simulating),
        Handled(f"{PACKAGE}.MonitoringService", monitoring),
        Handled(f"{PACKAGE}.TravelService", travelling),
        event_log.handled(engine),
        keeping.handled(engine, KEEPER),
    ]


def _pseudonyms(settings: Settings) -> Pseudonyms:
    key = settings.pseudonym_key.get_secret_value()
    if key == DEMONSTRATION_KEY:
        logs.log("demonstration_key_used", "warning")
    return Pseudonyms(key.encode())


def main() -> None:
    """Serve until SIGTERM or Ctrl-C."""
    logs.configure("placement")
    settings = Settings()
    logs.configure("placement", settings.log_level)
    run_until_stopped("placement", settings, build(settings))


if __name__ == "__main__":
    main()
