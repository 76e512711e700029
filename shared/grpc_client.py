"""One way to call a neighbour: a deadline always, the request id and the trace carried on, errors as ours."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Self

import grpc

from shared import logs, metrics, tracing
from shared.errors import InboroughError, NeighbourDown, from_call
from shared.grpc_channel import ReloadingChannel
from shared.grpc_terms import MESSAGE_SIZES, REQUEST_ID_KEY
from shared.identity.callers import Caller, Metadata, Service
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


class _Calling:
    """One method of a neighbour. Refuses a call without a deadline, says who calls in which request and trace, counts,
    and raises our errors.

    gRPC's own interceptors would do the same, at a quarter of what a short call costs.
    """

    def __init__(self, make: Callable[[], Any], method: str, neighbour: Neighbour, caller: Caller | None) -> None:
        self._make, self._neighbour, self._caller = make, neighbour, caller
        _, self._service, self._method = method.split("/")
        self._seconds = metrics.client_seconds.labels(self._service, self._method)
        self._answered = metrics.client_handled.labels(self._service, self._method, "OK")

    def _begin(self, timeout: float | None, metadata: Metadata | None) -> tuple[tracing.Span, Metadata]:
        """A span, and what the call carries."""
        if timeout is None:
            raise ValueError(f"/{self._service}/{self._method}: every call has a deadline; pass timeout=seconds")
        span = self._span()
        carried = [*(metadata or ()), *(self._caller.metadata() if self._caller else ())]
        if request_id := logs.request_id.get():
            carried.append((REQUEST_ID_KEY, request_id))
        if span.traceparent:
            carried.append((tracing.TRACEPARENT, span.traceparent))
        return span, tuple(carried)

    def _span(self) -> tracing.Span:
        """A span for the call, where it is part of a trace: calls made by the clock begin none."""
        if not tracing.current():
            return tracing.NOTHING
        full = f"{self._service}/{self._method}"
        return tracing.span(full, tracing.Kind.CLIENT, rpc_system="grpc", rpc_method=full)

    def answered(self, began: float) -> None:
        """A call that began then had its answer."""
        self._answered.inc()
        self._seconds.observe(time.perf_counter() - began)

    def failed(self, call: Any, began: float) -> InboroughError:
        """A call that began then had none; the error to raise."""
        metrics.client_handled.labels(self._service, self._method, call.code().name).inc()
        self._seconds.observe(time.perf_counter() - began)
        return self._neighbour.error_of(call)


class _Unary(_Calling):
    """A method that gives one answer. `.future()` calls stay parallel."""

    def __call__(self, request: Any, timeout: float | None = None, metadata: Metadata | None = None) -> Any:
        began = time.perf_counter()
        span, carried = self._begin(timeout, metadata)
        code = "CANCELLED"
        try:
            answer = self._make()(request, timeout=timeout, metadata=carried)
            code = "OK"
        except grpc.RpcError as error:
            code = error.code().name
            raise self.failed(error, began) from None
        finally:
            span.say(rpc_code=code)
            span.end()
        self.answered(began)
        return answer

    def future(self, request: Any, timeout: float | None = None, metadata: Metadata | None = None) -> Any:
        began = time.perf_counter()
        span, carried = self._begin(timeout, metadata)
        call = self._make().future(request, timeout=timeout, metadata=carried)
        return _Answer(_ending(call, span), self, began)


class _Streaming(_Calling):
    """A method that gives several answers, one after another."""

    def __call__(self, request: Any, timeout: float | None = None, metadata: Metadata | None = None) -> Any:
        began = time.perf_counter()
        span, carried = self._begin(timeout, metadata)
        call = self._make()(request, timeout=timeout, metadata=carried)
        return _Answers(_ending(call, span), self, began)


def _ending(call: Any, span: tracing.Span) -> Any:
    """The call, which ends the span when it is over, whether or not anybody reads its answer."""

    def end(ended: Any) -> None:
        span.say(rpc_code=ended.code().name)
        span.end()

    if span is not tracing.NOTHING:
        call.add_done_callback(end)
    return call


class _Observed:
    """A call, whose outcome is to be observed once and whose error is to be told as ours."""

    def __init__(self, call: Any, method: _Calling, began: float) -> None:
        self._call, self._method, self._began = call, method, began

    def __getattr__(self, name: str) -> Any:
        return getattr(self._call, name)


class _Answer(_Observed):
    """The future of a call; `result()` waits, observes and translates."""

    def result(self, timeout: float | None = None) -> Any:
        try:
            answer = self._call.result(timeout)
        except grpc.RpcError:
            raise self._method.failed(self._call, self._began) from None
        self._method.answered(self._began)
        return answer


class _Answers(_Observed):
    """The answers of a call that gives several, one after another; `cancel()` ends the call."""

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Any:
        try:
            return next(self._call)
        except StopIteration:
            self._method.answered(self._began)
            raise
        except grpc.RpcError:
            raise self._method.failed(self._call, self._began) from None


class _Channel(grpc.Channel):
    """A channel whose methods that are asked once, as all of ours are, are called by `_Calling`."""

    def __init__(self, channel: grpc.Channel, neighbour: Neighbour, caller: Caller | None) -> None:
        self._channel, self._neighbour, self._caller = channel, neighbour, caller

    def unary_unary(self, method: str, *details: Any, **named: Any) -> Any:
        make = self._making(partial(self._channel.unary_unary, method, *details, **named))
        return _Unary(make, method, self._neighbour, self._caller)

    def unary_stream(self, method: str, *details: Any, **named: Any) -> Any:
        make = self._making(partial(self._channel.unary_stream, method, *details, **named))
        return _Streaming(make, method, self._neighbour, self._caller)

    def _making(self, make: Callable[[], Any]) -> Callable[[], Any]:
        """What calls the method: made once, or for each call where the channel beneath may be another by then."""
        if isinstance(self._channel, ReloadingChannel):
            return make
        made = make()
        return lambda: made

    def stream_unary(self, *details: Any, **named: Any) -> Any:
        return self._channel.stream_unary(*details, **named)

    def stream_stream(self, *details: Any, **named: Any) -> Any:
        return self._channel.stream_stream(*details, **named)

    def subscribe(self, callback: Any, try_to_connect: bool | None = False) -> None:
        self._channel.subscribe(callback, try_to_connect=try_to_connect or False)

    def unsubscribe(self, callback: Any) -> None:
        self._channel.unsubscribe(callback)

    def close(self) -> None:
        self._channel.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


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
    return _Channel(channel, Neighbour(neighbour, address, way, isinstance(caller, Service)), caller)
