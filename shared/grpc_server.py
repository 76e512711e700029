"""One way to run a gRPC server: errors, metrics, logs, health, reflection and a clean stop in every service."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, NoReturn, cast

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection
from prometheus_client.registry import Collector
from sqlalchemy import Engine

from shared import logs, metrics, others_logs, tracing
from shared.database import announce_events, is_away
from shared.errors import DatabaseDown, InboroughError, Internal, NotAllowed, NotSignedIn, TooMuch, to_status
from shared.event_log.retention import Forgetting
from shared.events.hints import Hints
from shared.grpc_terms import REQUEST_ID_KEY
from shared.identity import Identity, access, acting_as, spiffe
from shared.identity.callers import Metadata, by_certificate, by_token, verifier
from shared.identity.set_up import SetUpWrong
from shared.identity.tokens import Verifier
from shared.identity.transport import Tls, transport_of
from shared.limits.calls import CallLimits
from shared.limits.connections import server_options
from shared.limits.streams import FewStreams
from shared.references import new_request_id, reference
from shared.settings import ServiceSettings
from shared.watching import watch

TRACED_IN_A_TRACE_ALONE = (*access.OPEN_TO_ALL, "inborough.events.v1.EventService")
"""Services that are asked by the clock, mostly for nothing new: such a call is no trace of its own."""


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


class Interceptor(grpc.ServerInterceptor):
    """Gives every RPC a caller, a request id, a span, a count, a duration, a log line, a status for what it raises.

    Whoever has none of the roles that `allowed` has for a method is refused, and a method that it lacks answers nobody;
    nor does one that is asked in a stream, but for those open to all. With a `trust_domain` callers are known by
    certificate first. Nobody is answered beyond `limits`; `costly` are the methods, by service, that have narrow ones.
    """

    def __init__(
        self,
        tokens: Verifier,
        allowed: Mapping[str, access.Access],
        costly: Mapping[str, frozenset[str]],
        limits: CallLimits,
        trust_domain: str = "",
    ) -> None:
        self._tokens, self._allowed, self._trust_domain = tokens, allowed, trust_domain
        self._costly, self._limits, self._streams = costly, limits, FewStreams()

    def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], grpc.RpcMethodHandler[Any, Any] | None],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> grpc.RpcMethodHandler[Any, Any] | None:
        handler = continuation(handler_call_details)
        if handler is None:
            return None
        _, service, method = handler_call_details.method.split("/")
        open_to_all = service in access.OPEN_TO_ALL
        if open_to_all and handler.unary_unary is None:
            return self._streams.around(handler)
        if handler.request_streaming:
            return _refusing_streams()
        metadata = handler_call_details.invocation_metadata
        request_id = _request_id(metadata)
        allowed = self._allowed.get(service, {}).get(method, frozenset())
        costly = method in self._costly.get(service, ())

        @contextmanager
        def let_in(context: grpc.ServicerContext) -> Iterator[None]:
            token = logs.request_id.set(request_id)
            try:
                with _span(service, method, metadata) as span, _observed(service, method, context, span):
                    if open_to_all:
                        yield
                        return
                    caller = self._identify(metadata, context)
                    access.check(caller, method, allowed)
                    with self._limits.counting(caller, method, costly), acting_as(caller):
                        yield
            finally:
                logs.request_id.reset(token)

        return _entered(handler, let_in)

    def _identify(self, metadata: Metadata | None, context: grpc.ServicerContext) -> Identity:
        if not self._trust_domain:
            return by_token(metadata, self._tokens)
        return by_certificate(metadata, self._tokens, spiffe.peer_of(_certified(context), self._trust_domain))


def _entered(
    handler: grpc.RpcMethodHandler[Any, Any], let_in: Callable[[grpc.ServicerContext], AbstractContextManager[None]]
) -> grpc.RpcMethodHandler[Any, Any]:
    """The handler, each call of which runs within `let_in`, until its last answer where it gives several."""
    inner: Any = handler.unary_unary
    inner_stream: Any = handler.unary_stream

    def handle(request: Any, context: grpc.ServicerContext) -> Any:
        with let_in(context):
            return inner(request, context)

    def stream(request: Any, context: grpc.ServicerContext) -> Iterator[Any]:
        with let_in(context):
            yield from inner_stream(request, context)

    reading, writing = handler.request_deserializer, handler.response_serializer
    if inner is None:
        return grpc.unary_stream_rpc_method_handler(stream, request_deserializer=reading, response_serializer=writing)
    return grpc.unary_unary_rpc_method_handler(handle, request_deserializer=reading, response_serializer=writing)


def _refusing_streams() -> grpc.RpcMethodHandler[Any, Any]:
    """Ours are asked once each; a stream of questions would go past the checks, so none is let through."""

    def refuse(_: Any, context: grpc.ServicerContext) -> NoReturn:
        problem = NotAllowed("No call that asks in a stream is answered.", reason="streaming")
        context.abort_with_status(to_status(problem))

    return grpc.stream_stream_rpc_method_handler(refuse)


def _request_id(metadata: Sequence[tuple[str, str | bytes]] | None) -> str:
    """The caller's request id when it is sound, else a new one."""
    given = next((str(value) for key, value in metadata or () if key == REQUEST_ID_KEY), "")
    sound = 0 < len(given) <= 64 and given.replace("-", "").replace("_", "").isalnum()
    return given if sound else new_request_id("call")


def _span(service: str, method: str, metadata: Metadata | None) -> tracing.Span:
    """A span of the caller's trace, or the first of one where the caller has none."""
    if not tracing.is_on():
        return tracing.NOTHING
    parent = next((str(value) for key, value in metadata or () if key == tracing.TRACEPARENT), "")
    if not parent and service in TRACED_IN_A_TRACE_ALONE:
        return tracing.NOTHING
    full = f"{service}/{method}"
    return tracing.span(full, tracing.Kind.SERVER, parent=parent, rpc_system="grpc", rpc_method=full)


@contextmanager
def _observed(service: str, method: str, context: grpc.ServicerContext, span: tracing.Span) -> Iterator[None]:
    began = time.perf_counter()
    metrics.server_started.labels(service, method).inc()
    code = grpc.StatusCode.OK
    try:
        yield
        if not context.is_active():  # whoever asked has gone
            code = grpc.StatusCode.CANCELLED
    except GeneratorExit:
        code = grpc.StatusCode.CANCELLED
        raise
    except InboroughError as error:
        code = error.code
        if isinstance(error, NotAllowed | NotSignedIn | TooMuch):
            _log_refusal(service, method, error, context)
        context.abort_with_status(to_status(error))
    except Exception as error:
        withheld = _withheld(error)
        code = withheld.code
        context.abort_with_status(to_status(withheld))
    finally:
        seconds = time.perf_counter() - began
        span.say(rpc_code=code.name)
        metrics.server_handled.labels(service, method, code.name).inc()
        metrics.server_seconds.labels(service, method).observe(seconds)
        logs.log(
            "rpc_handled", grpc_service=service, grpc_method=method, grpc_code=code.name, seconds=round(seconds, 6)
        )


def _certified(context: grpc.ServicerContext) -> Mapping[str, Sequence[bytes]]:
    """What gRPC found in the certificate at the other end: several values of each, where its type stubs know one."""
    return cast(Mapping[str, Sequence[bytes]], context.auth_context())


def _log_refusal(service: str, method: str, error: InboroughError, context: grpc.ServicerContext) -> None:
    """Why somebody was refused, and which certificate called; never who the person is."""
    peer = " ".join(spiffe.names_of(_certified(context)))
    reason = error.facts.get("reason", "not_allowed")
    logs.log("caller_refused", "warning", grpc_service=service, grpc_method=method, peer=peer, reason=reason)


def _withheld(error: Exception) -> InboroughError:
    """Withhold the text, which may be personal; log where it happened, under the reference of the whole request."""
    kind, places = type(error).__name__, logs.places(error)
    logs.log("rpc_failed", "error", reference=reference(), error_type=kind, location=places)
    return DatabaseDown(logs.service()) if is_away(error) else Internal(reference())


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
