"""One way to call a neighbour: a deadline always, the request id carried on, errors as ours."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import grpc

from shared import logs, metrics
from shared.errors import from_call
from shared.grpc_terms import MESSAGE_SIZES, REQUEST_ID_KEY
from shared.identity.callers import Caller


class Interceptor(grpc.UnaryUnaryClientInterceptor):
    """Refuses a call without a deadline, says who calls, sends the request id, counts, and raises our errors."""

    def __init__(self, neighbour: str, caller: Caller | None) -> None:
        self._neighbour, self._caller = neighbour, caller

    def intercept_unary_unary(
        self,
        continuation: Callable[[grpc.ClientCallDetails, Any], Any],
        client_call_details: grpc.ClientCallDetails,
        request: Any,
    ) -> Any:
        if client_call_details.timeout is None:
            raise ValueError(f"{client_call_details.method}: every call has a deadline; pass timeout=seconds")
        carried = self._caller.metadata() if self._caller else []
        if request_id := logs.request_id.get():
            carried.append((REQUEST_ID_KEY, request_id))
        call = continuation(_carrying(client_call_details, carried), request)
        return _Answer(call, self._neighbour, client_call_details)


class _Answer:
    """The future of a call; `result()` waits, observes and translates. `.future()` calls stay parallel."""

    def __init__(self, call: Any, neighbour: str, details: grpc.ClientCallDetails) -> None:
        self._call, self._neighbour, self._began = call, neighbour, time.perf_counter()
        method = details.method.decode() if isinstance(details.method, bytes) else details.method
        _, self._service, self._method = method.split("/")

    def result(self, timeout: float | None = None) -> Any:
        try:
            answer = self._call.result(timeout)
        except grpc.RpcError:
            self._observe(self._call.code().name)
            raise from_call(self._call, self._neighbour) from None
        self._observe("OK")
        return answer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._call, name)

    def _observe(self, code: str) -> None:
        metrics.client_handled.labels(self._service, self._method, code).inc()
        metrics.client_seconds.labels(self._service, self._method).observe(time.perf_counter() - self._began)


class _CallDetails(grpc.ClientCallDetails):
    def __init__(self, like: grpc.ClientCallDetails, metadata: list[tuple[str, str | bytes]]) -> None:
        self.method, self.timeout, self.credentials = like.method, like.timeout, like.credentials
        self.wait_for_ready, self.compression, self.metadata = like.wait_for_ready, like.compression, tuple(metadata)


def _carrying(details: grpc.ClientCallDetails, carried: list[tuple[str, str]]) -> grpc.ClientCallDetails:
    return _CallDetails(details, [*(details.metadata or ()), *carried])


def connect(neighbour: str, address: str, caller: Caller | None = None) -> grpc.Channel:
    """A channel to `neighbour` (its service name, used in errors) at host:port. Connects when first used.

    `caller` says who calls; without one only what is open to all is answered.
    """
    options = [
        *MESSAGE_SIZES,
        ("grpc.initial_reconnect_backoff_ms", 100),
        ("grpc.max_reconnect_backoff_ms", 2000),
    ]
    return grpc.intercept_channel(grpc.insecure_channel(address, options=options), Interceptor(neighbour, caller))
