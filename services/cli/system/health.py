"""Whether each service answers (gRPC health v1)."""

from __future__ import annotations

import time
from dataclasses import dataclass

from grpc_health.v1 import health_pb2, health_pb2_grpc

from services.cli.calls import CommandSettings, Services
from shared.errors import InboroughError

SERVICES = ("caseload", "provision", "cost", "placement", "journal")
CHECK_SECONDS = 2.0


@dataclass(frozen=True)
class ServiceHealth:
    """What one service said. `state` is "serving", "not serving" or "does not answer".

    `trouble` says what to do when certificates are why it does not answer, else "".
    """

    service: str
    address: str
    state: str
    milliseconds: float
    trouble: str = ""

    @property
    def serving(self) -> bool:
        """Whether the service takes calls."""
        return self.state == "serving"


def check_services(seconds: float = CHECK_SECONDS) -> list[ServiceHealth]:
    """The health of every service, in a fixed order; each is given `seconds` to answer."""
    with Services() as services:
        return [_check(services, service, seconds) for service in SERVICES]


def _check(services: Services, service: str, seconds: float) -> ServiceHealth:
    address = CommandSettings().address(service)
    began = time.perf_counter()
    try:
        check = health_pb2_grpc.HealthStub(services.channel(service)).Check  # type: ignore[attr-defined]
        answer = check(health_pb2.HealthCheckRequest(), timeout=seconds)
    except InboroughError as error:
        trouble = error.message if "trouble" in error.facts else ""
        return ServiceHealth(service, address, "does not answer", 0.0, trouble)
    serving = answer.status == health_pb2.HealthCheckResponse.SERVING
    return ServiceHealth(
        service, address, "serving" if serving else "not serving", (time.perf_counter() - began) * 1000
    )
