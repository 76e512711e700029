"""The events process of placement: `python -m services.placement.events`.

It hears that a neighbour's facts changed and asks placement to make the standing plan ready, so that the panel's next
question finds it warm. Nothing right depends on it. eventlet must be set up before anything else is imported.
"""

# ruff: noqa: E402
from __future__ import annotations

import eventlet

eventlet.monkey_patch(thread=False)

from typing import Any

from eventlet import tpool
from nameko.events import event_handler
from nameko.runners import ServiceRunner

from inborough.placement.v1 import placement_pb2, placement_pb2_grpc
from services.placement.settings import EventsSettings
from shared import logs
from shared.errors import InboroughError
from shared.events import FACTS_CHANGED, nameko_config
from shared.grpc_client import connect
from shared.metrics import serve_metrics

REFRESH_SECONDS = 120.0


class PlacementEvents:
    """Hears hints from the services that placement gathers from."""

    name = "placement"

    @event_handler("caseload", FACTS_CHANGED)  # type: ignore[untyped-decorator]
    def caseload_changed(self, hint: dict[str, Any]) -> None:
        """Cases, preferences or decisions due changed."""
        refresh("caseload", hint)

    @event_handler("provision", FACTS_CHANGED)  # type: ignore[untyped-decorator]
    def provision_changed(self, hint: dict[str, Any]) -> None:
        """Settings or place pools changed."""
        refresh("provision", hint)

    @event_handler("cost", FACTS_CHANGED)  # type: ignore[untyped-decorator]
    def cost_changed(self, hint: dict[str, Any]) -> None:
        """A rate card came into force."""
        refresh("cost", hint)


def refresh(neighbour: str, hint: dict[str, Any]) -> None:
    """Ask placement to make the standing plan ready. A failure is logged: the next question makes it anew."""
    try:
        tpool.execute(_ask_placement)
        logs.log("standing_plan_refreshed", neighbour=neighbour, revision=str(hint.get("revision", ""))[:40])
    except InboroughError as error:
        logs.log("standing_plan_not_refreshed", "warning", neighbour=neighbour, error_type=type(error).__name__)


def _ask_placement() -> None:
    with connect("placement", EventsSettings().placement_address) as channel:
        stub = placement_pb2_grpc.PlacementServiceStub(channel)
        stub.RefreshStandingPlan.future(placement_pb2.RefreshStandingPlanRequest(), timeout=REFRESH_SECONDS).result()


def main() -> None:
    """Hear hints until SIGTERM or Ctrl-C."""
    settings = EventsSettings()
    logs.configure("placement-events", settings.log_level)
    serve_metrics(settings.host, settings.metrics_port)
    runner = ServiceRunner(nameko_config(settings))
    runner.add_service(PlacementEvents)
    runner.start()
    logs.log("service_started", metrics_port=settings.metrics_port)
    try:
        runner.wait()
    except KeyboardInterrupt:
        runner.stop()


if __name__ == "__main__":
    main()
