"""One way to run a gRPC server: errors, metrics, logs, health, reflection and a clean stop in every service."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection
from prometheus_client.registry import Collector
from sqlalchemy import Engine

from shared import logs, metrics, others_logs, tracing
from shared.database import announce_events
from shared.event_log.retention import Forgetting
from shared.events.hints import Hints
from shared.grpc_handling import Interceptor
from shared.identity import access, spiffe
from shared.identity.callers import verifier
from shared.identity.set_up import SetUpWrong
from shared.identity.transport import Tls, transport_of
from shared.limits.calls import CallLimits
from shared.limits.connections import server_options
from shared.settings import ServiceSettings
from shared.watching import watch

SWITCH_SECONDS = 0.0005
"""For how long a thread at long work keeps Python's lock from one that has a short answer to give: a tenth of Python's
own, because an answer takes the lock a dozen times."""


@dataclass(frozen=True)
class Handled:
    """A servicer: its wire name (such as inborough.cost.v1.CostService), how to register it, what to close after it.

    `log` is the database whose event log other services are hinted at, if they should be. `access` says which roles may
    call which method, `costly` which methods keep the process busy for long; None: as the protos say. `gauges` are
    shown at `/metrics` beside what every process shows.
    """

    full_name: str
    register: Callable[[grpc.Server], None]
    close: Callable[[], None] = lambda: None
    log: Engine | None = None
    access: access.Access | None = None
    costly: frozenset[str] | None = None
    gauges: Sequence[Collector] = ()


@dataclass
class RunningServer:
    """A started server. `address` is host:port, with the port that was really taken."""

    server: grpc.Server
    health: health.HealthServicer
    address: str
    servicers: Sequence[Handled]

    def stop(self, grace_seconds: float = 5) -> None:
        """Say NOT_SERVING, let running RPCs finish, stop, and close what the servicers hold."""
        self.health.enter_graceful_shutdown()
        self.server.stop(grace_seconds).wait()
        for servicer in self.servicers:
            servicer.close()


def start_server(settings: ServiceSettings, servicers: Sequence[Handled]) -> RunningServer:
    """Start serving.

    Raises RuntimeError when the port is taken (two servers never share one), and shared.identity.set_up.SetUpWrong when
    keys or certificates are missing, or when it would listen beyond this machine in the clear.
    """
    transport = transport_of(settings)
    options = [("grpc.so_reuseport", 0), *server_options(settings)]
    allowed = {s.full_name: access.access_of(s.full_name) if s.access is None else s.access for s in servicers}
    costly = {s.full_name: access.costly_of(s.full_name) if s.costly is None else s.costly for s in servicers}
    trust_domain = settings.trust_domain if isinstance(transport, Tls) else ""
    interceptor = Interceptor(verifier(settings), allowed, costly, CallLimits(settings), trust_domain)
    server = grpc.server(
        ThreadPoolExecutor(settings.threads),
        interceptors=[interceptor],
        options=options,
        maximum_concurrent_rpcs=settings.waiting_calls,
    )
    checks = health.HealthServicer()
    health_pb2_grpc.add_HealthServicer_to_server(checks, server)
    for servicer in servicers:
        servicer.register(server)
        checks.set(servicer.full_name, health_pb2.HealthCheckResponse.SERVING)
    checks.set("", health_pb2.HealthCheckResponse.SERVING)
    names = [s.full_name for s in servicers]
    reflection.enable_server_reflection([*names, health.SERVICE_NAME, reflection.SERVICE_NAME], server)
    port = transport.listen(server, settings.host, settings.port)
    server.start()
    return RunningServer(server, checks, f"{settings.host}:{port}", servicers)


def run_until_stopped(service: str, settings: ServiceSettings, servicers: Sequence[Handled]) -> None:
    """The life of a service process: metrics, server, then wait for SIGTERM or Ctrl-C and stop cleanly."""
    stopping = threading.Event()
    sys.setswitchinterval(SWITCH_SECONDS)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    others_logs.take_over_threads()
    metrics_server = metrics.serve_metrics(settings.host, settings.metrics_port)
    hints = Hints(service, settings)
    kept = [servicer.log for servicer in servicers if servicer.log is not None]
    watch(service, settings, kept, [gauge for servicer in servicers for gauge in servicer.gauges])
    for log in kept:
        announce_events(log, hints.events_recorded)
    running = _start_or_say_why(service, settings, servicers)
    forgetting = Forgetting(kept, settings.request_days).start()
    logs.log("service_started", address=running.address, metrics_port=metrics_server.server_port)
    stopping.wait()
    running.stop()
    forgetting.close()
    hints.close()
    tracing.end()
    logs.log("service_stopped")


def _start_or_say_why(service: str, settings: ServiceSettings, servicers: Sequence[Handled]) -> RunningServer:
    try:
        transport = transport_of(settings)
        if isinstance(transport, Tls):
            transport.need_name(spiffe.SERVICE, service)
        tracing.begin(service)
        return start_server(settings, servicers)
    except SetUpWrong as error:
        logs.log("service_not_started", "error", reason=str(error))
        raise SystemExit(f"{service} does not start. {error}") from None
