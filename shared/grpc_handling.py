"""What every RPC of a server is handled in: a caller, limits, a request id, a span, a count, a log line, a status."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from typing import Any, NoReturn, cast

import grpc
from prometheus_client import Counter

from shared import logs, metrics, tracing
from shared.database import is_away
from shared.errors import DatabaseDown, InboroughError, Internal, NotAllowed, NotSignedIn, TooMuch, to_status
from shared.grpc_terms import REQUEST_ID_KEY
from shared.identity import Identity, access, acting_as, spiffe
from shared.identity.callers import Metadata, by_certificate, by_token
from shared.identity.tokens import Verifier
from shared.limits.calls import CallLimits
from shared.limits.streams import FewStreams
from shared.references import new_request_id, reference

TRACED_IN_A_TRACE_ALONE = (*access.OPEN_TO_ALL, "inborough.events.v1.EventService")
"""Services that are asked by the clock, mostly for nothing new: such a call is no trace of its own."""


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
        self._known: dict[str, grpc.RpcMethodHandler[Any, Any]] = {}

    def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], grpc.RpcMethodHandler[Any, Any] | None],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> grpc.RpcMethodHandler[Any, Any] | None:
        path = handler_call_details.method
        known = self._known.get(path)
        if known is None and (handler := continuation(handler_call_details)) is not None:
            known = self._known[path] = self._watched(path, handler)
        return known

    def _watched(self, path: str, handler: grpc.RpcMethodHandler[Any, Any]) -> grpc.RpcMethodHandler[Any, Any]:
        """What answers a method, made at its first call and kept: there are only so many methods."""
        _, service, name = path.split("/")
        if service in access.OPEN_TO_ALL:
            return self._streams.around(handler) if handler.unary_unary is None else _entered(handler, path, _anybody)
        if handler.request_streaming:
            return _refusing_streams()
        allowed = self._allowed.get(service, {}).get(name, frozenset())
        costly = name in self._costly.get(service, ())

        @contextmanager
        def let_in(context: grpc.ServicerContext) -> Iterator[None]:
            caller = self._identify(context.invocation_metadata(), context)
            access.check(caller, name, allowed)
            with self._limits.counting(caller, name, costly), acting_as(caller):
                yield

        return _entered(handler, path, let_in)

    def _identify(self, metadata: Metadata | None, context: grpc.ServicerContext) -> Identity:
        if not self._trust_domain:
            return by_token(metadata, self._tokens)
        return by_certificate(metadata, self._tokens, spiffe.peer_of(_certified(context), self._trust_domain))


LetIn = Callable[[grpc.ServicerContext], AbstractContextManager[None]]


def _anybody(_: grpc.ServicerContext) -> AbstractContextManager[None]:
    return nullcontext()


def _entered(handler: grpc.RpcMethodHandler[Any, Any], path: str, let_in: LetIn) -> grpc.RpcMethodHandler[Any, Any]:
    """The handler, each call of which is observed and runs within `let_in`, until its last answer where it gives
    several.
    """
    method = _Method(path)
    inner: Any = handler.unary_unary
    inner_stream: Any = handler.unary_stream

    def handle(request: Any, context: grpc.ServicerContext) -> Any:
        with _Observed(method, context), let_in(context):
            return inner(request, context)

    def stream(request: Any, context: grpc.ServicerContext) -> Iterator[Any]:
        with _Observed(method, context), let_in(context):
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


class _Method:
    """One method of this server, and the metrics of its calls, looked up once."""

    def __init__(self, path: str) -> None:
        _, self.service, self.name = path.split("/")
        self.started = metrics.server_started.labels(self.service, self.name)
        self.seconds = metrics.server_seconds.labels(self.service, self.name)

    @cache  # noqa: B019 - there are as many as there are methods, and they live as long as the server
    def handled(self, code: str) -> Counter:
        """Calls that ended so."""
        return metrics.server_handled.labels(self.service, self.name, code)


class _Observed:
    """One call: its request id, span, counts, duration, log line, and the status for what it raises."""

    def __init__(self, method: _Method, context: grpc.ServicerContext) -> None:
        self._method, self._context = method, context

    def __enter__(self) -> None:
        method, metadata = self._method, self._context.invocation_metadata()
        self._token = logs.request_id.set(_request_id(metadata))
        self._span = _span(method.service, method.name, metadata)
        self._span.__enter__()
        self._began = time.perf_counter()
        method.started.inc()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        code = grpc.StatusCode.OK
        try:
            if isinstance(error, GeneratorExit) or (error is None and not self._context.is_active()):
                code = grpc.StatusCode.CANCELLED  # whoever asked has gone
            elif isinstance(error, Exception):
                problem = error if isinstance(error, InboroughError) else _withheld(error)
                code = problem.code
                self._refuse(problem)
        finally:
            self._end(code.name)

    def _refuse(self, problem: InboroughError) -> NoReturn:
        if isinstance(problem, NotAllowed | NotSignedIn | TooMuch):
            _log_refusal(self._method.service, self._method.name, problem, self._context)
        self._context.abort_with_status(to_status(problem))

    def _end(self, code: str) -> None:
        method, seconds = self._method, time.perf_counter() - self._began
        method.handled(code).inc()
        method.seconds.observe(seconds)
        about = {"grpc_service": method.service, "grpc_method": method.name, "grpc_code": code}
        logs.log("rpc_handled", seconds=round(seconds, 6), **about)
        self._span.say(rpc_code=code)
        self._span.__exit__(None, None, None)
        logs.request_id.reset(self._token)


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
