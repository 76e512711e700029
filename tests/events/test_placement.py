"""Placement's events process: what happens in other services makes the standing plan ready."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent import futures
from pathlib import Path

import grpc
import pytest

from services.placement.main import MIGRATIONS
from shared.database import migrate, open_database
from shared.event_log import servicer
from shared.grpc_server import start_server
from shared.settings import ServiceSettings
from tests.builders.event_logs import opened, record
from tests.builders.running import running_process

pytestmark = pytest.mark.timeout(300)


class Asked(grpc.GenericRpcHandler):
    """Stands in for services that have nothing new: remembers what it was asked, and answers with an empty message."""

    def __init__(self) -> None:
        self.methods: list[str] = []

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler[bytes, bytes]:
        def answer(request: bytes, context: grpc.ServicerContext) -> bytes:
            self.methods.append(handler_call_details.method.rsplit("/", 1)[1])
            return b""

        return grpc.unary_unary_rpc_method_handler(answer)


@pytest.fixture
def others() -> Iterator[tuple[Asked, str]]:
    """Placement's own server, provision and cost."""
    asked = Asked()
    server = grpc.server(futures.ThreadPoolExecutor(4))
    server.add_generic_rpc_handlers((asked,))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield asked, f"127.0.0.1:{port}"
    server.stop(0)


@pytest.fixture
def caseload(tmp_path: Path) -> Iterator[str]:
    """A caseload whose log has one event."""
    with opened(f"sqlite:///{tmp_path / 'caseload.db'}") as engine:
        record(engine, name="cases_changed")
        running = start_server(ServiceSettings(), [servicer.handled(engine)])
        yield running.address
        running.stop(0)


def test_a_change_of_facts_makes_the_standing_plan_ready(
    others: tuple[Asked, str], caseload: str, tmp_path: Path
) -> None:
    asked, address = others
    database = open_database(f"sqlite:///{tmp_path / 'placement.db'}")
    migrate(database, MIGRATIONS)
    database.dispose()
    environment = {
        "INBOROUGH_VAR": str(tmp_path),
        "INBOROUGH_PLACEMENT_ADDRESS": address,
        "INBOROUGH_PROVISION_ADDRESS": address,
        "INBOROUGH_COST_ADDRESS": address,
        "INBOROUGH_CASELOAD_ADDRESS": caseload,
        "INBOROUGH_PLACEMENT_EVENTS_METRICS_PORT": "0",
    }
    with running_process(["services.placement.events"], environment, tmp_path / "events.log") as events:
        assert events.wait_for("standing_plan_refreshed")["neighbour"] == "caseload"
        assert events.stop() == 0
    assert "RefreshStandingPlan" in asked.methods
