"""Ask a server whether it serves: `python -m shared.healthcheck 127.0.0.1:50051 [caseload]`. The exit status answers.

What a container's health check runs, so that images need no other tool. Under TLS (INBOROUGH_TLS) it shows the
certificate of the process in whose container it runs, and the name says whose certificate the server must hold; without
a name, that one's.
"""

from __future__ import annotations

import sys
from typing import Any

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from shared.identity.certificates import read_held
from shared.identity.diagnosis import find_trouble
from shared.identity.set_up import SetUpWrong
from shared.identity.transport import transport_of
from shared.settings import ServiceSettings

SECONDS = 3.0


def is_serving(address: str, service: str = "") -> bool:
    """Whether the server at host:port says SERVING within 3 seconds. Why not goes to standard error."""
    try:
        return _ask(address, service)
    except SetUpWrong as error:
        print(error, file=sys.stderr)
        return False


def _ask(address: str, service: str) -> bool:
    settings = ServiceSettings()
    transport, name = transport_of(settings), service or _own_name(settings)
    with transport.channel(name, address, []) as channel:
        stub: Any = health_pb2_grpc.HealthStub(channel)
        try:
            answer = stub.Check(health_pb2.HealthCheckRequest(), timeout=SECONDS)
        except grpc.RpcError:
            trouble = find_trouble(transport, name, address)
            print(trouble.advice if trouble else f"{address} does not answer.", file=sys.stderr)
            return False
    return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)


def _own_name(settings: ServiceSettings) -> str:
    """The service whose certificate this process holds; in the clear the name does not matter."""
    name = read_held(settings.tls).name if settings.tls else None
    return name.name if name else "asked"


if __name__ == "__main__":
    sys.exit(not is_serving(*sys.argv[1:3]))
