"""One way to call a neighbour: a deadline always, the request id and the trace carried on, errors as ours."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import grpc

from shared import logs, metrics, tracing
from shared.errors import InboroughError, NeighbourDown, from_call
from shared.grpc_terms import MESSAGE_SIZES, REQUEST_ID_KEY
from shared.identity.callers import Caller, Service
from shared.identity.diagnosis import find_trouble
from shared.identity.transport import Plain, Transport


@dataclass(frozen=True)
class Neighbour:
    """Whom a channel goes to: the name used in errors, host:port, and how calls travel there.

    What is wrong with certificates is `logged` by services; a person at a front door is told.
    """

    name: str
    address: str
    transport: Transport
    logged: bool

    def error_of(self, call: grpc.Call) -> InboroughError:
        """The error behind a failed call; when certificates are why nobody answered, it says which."""
        error = from_call(call, self.name)
        silent = isinstance(error, NeighbourDown) and error.facts == {"neighbour": self.name}
        if not silent or call.code() is not grpc.StatusCode.UNAVAILABLE:
            return error
        trouble = find_trouble(self.transport, self.name, self.address)
        if trouble is None:
            return error
        if self.logged:
            logs.log("neighbour_not_trusted", "warning", neighbour=self.name, reason=trouble.code)
        return NeighbourDown(self.name, trouble.advice, trouble=trouble.code)


class Interceptor(grpc.UnaryUnaryClientInterceptor, grpc.UnaryStreamClientInterceptor):
    """Refuses a call without a deadline, says who calls in which request and trace, counts, and raises our errors."""

    def __init__(self, neighbour: Neighbour, caller: Caller | None) -> None:
        self._neighbour, self._caller = neighbour, caller

    def intercept_unary_unary(
        self,
        continuation: Callable[[grpc.ClientCallDetails, Any], Any],
        client_call_details: grpc.ClientCallDetails,
        request: Any,
    ) -> Any:
        span = _span(client_call_details)
        call = continuation(self._ours(client_call_details, span), request)
        return _Answer(_ending(call, span), self._neighbour, client_call_details)

    def intercept_unary_stream(
        self,
        continuation: Callable[[grpc.ClientCallDetails, Any], Any],
        client_call_details: grpc.ClientCallDetails,
        request: Any,
    ) -> Any:
        span = _span(client_call_details)
        call = continuation(self._ours(client_call_details, span), request)
        return _Answers(_ending(call, span), self._neighbour, client_call_details)

    def _ours(self, details: grpc.ClientCallDetails, span: tracing.Span) -> grpc.ClientCallDetails:
        if details.timeout is None:
            raise ValueError(f"{details.method}: every call has a deadline; pass timeout=seconds")
        carried = self._caller.metadata() if self._caller else []
        if request_id := logs.request_id.get():
            carried.append((REQUEST_ID_KEY, request_id))
        if span.traceparent:
            carried.append((tracing.TRACEPARENT, span.traceparent))
        return _carrying(details, carried)


def _span(details: grpc.ClientCallDetails) -> tracing.Span:
    """A span for the call, where it is part of a trace: calls made by the clock begin none."""
    if not tracing.current():
        return tracing.NOTHING
    method = _name_of(details).strip("/")
    return tracing.span(method, tracing.Kind.CLIENT, rpc_system="grpc", rpc_method=method)


def _ending(call: Any, span: tracing.Span) -> Any:
    """The call, which ends the span when it is over, whether or not anybody reads its answer."""

    def end(ended: Any) -> None:
        span.say(rpc_code=ended.code().name)
        span.end()

    if span is not tracing.NOTHING:
        call.add_done_callback(end)
    return call


def _name_of(details: grpc.ClientCallDetails) -> str:
    """/service/method."""
    return details.method.decode() if isinstance(details.method, bytes) else details.method


class _Observed:
    """A call, whose outcome is to be observed once and whose error is to be told as ours."""

    def __init__(self, call: Any, neighbour: Neighbour, details: grpc.ClientCallDetails) -> None:
        self._call, self._neighbour, self._began = call, neighbour, time.perf_counter()
        _, self._service, self._method = _name_of(details).split("/")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._call, name)

    def _failed(self) -> InboroughError:
        self._observe(self._call.code().name)
        return self._neighbour.error_of(self._call)

    def _observe(self, code: str) -> None:
        metrics.client_handled.labels(self._service, self._method, code).inc()
        metrics.client_seconds.labels(self._service, self._method).observe(time.perf_counter() - self._began)


class _Answer(_Observed):
    """The future of a call; `result()` waits, observes and translates. `.future()` calls stay parallel."""

    def result(self, timeout: float | None = None) -> Any:
        try:
            answer = self._call.result(timeout)
        except grpc.RpcError:
            raise self._failed() from None
        self._observe("OK")
        return answer


class _Answers(_Observed):
    """The answers of a call that gives several, one after another; `cancel()` ends the call."""

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Any:
        try:
            return next(self._call)
        except StopIteration:
            self._observe("OK")
            raise
        except grpc.RpcError:
            raise self._failed() from None


class _CallDetails(grpc.ClientCallDetails):
    def __init__(self, like: grpc.ClientCallDetails, metadata: list[tuple[str, str | bytes]]) -> None:
        self.method, self.timeout, self.credentials = like.method, like.timeout, like.credentials
        self.wait_for_ready, self.compression, self.metadata = like.wait_for_ready, like.compression, tuple(metadata)


def _carrying(details: grpc.ClientCallDetails, carried: list[tuple[str, str]]) -> grpc.ClientCallDetails:
    return _CallDetails(details, [*(details.metadata or ()), *carried])


def connect(
    neighbour: str, address: str, caller: Caller | None = None, transport: Transport | None = None
) -> grpc.Channel:
    """A channel to `neighbour` (its service name, used in errors) at host:port. Connects when first used.

    `caller` says who calls and how; without one only what is open to all is answered, over `transport` (None: in the
    clear). Raises shared.identity.set_up.SetUpWrong when there is no certificate to call with.
    """
    options = [
        *MESSAGE_SIZES,
        ("grpc.initial_reconnect_backoff_ms", 100),
        ("grpc.max_reconnect_backoff_ms", 2000),
    ]
    way = caller.transport if caller else transport or Plain()
    channel = way.channel(neighbour, address, options)
    return grpc.intercept_channel(
        channel, Interceptor(Neighbour(neighbour, address, way, isinstance(caller, Service)), caller)
    )
