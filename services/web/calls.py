"""Calls to the services for the person signed in: a deadline on each, errors as ours, one channel a service."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import grpc

from inborough.caseload.v1.caseload_pb2_grpc import CaseloadServiceStub
from inborough.cost.v1.cost_pb2_grpc import CostServiceStub
from inborough.cost.v1.transport_pb2_grpc import TransportServiceStub
from inborough.events.v1.events_pb2_grpc import EventServiceStub
from inborough.journal.v1.journal_pb2_grpc import JournalServiceStub
from inborough.keeping.v1.keeping_pb2_grpc import KeepingServiceStub
from inborough.placement.v1.consultations_pb2_grpc import ConsultationServiceStub
from inborough.placement.v1.decisions_pb2_grpc import DecisionServiceStub
from inborough.placement.v1.monitoring_pb2_grpc import MonitoringServiceStub
from inborough.placement.v1.panels_pb2_grpc import PanelServiceStub
from inborough.placement.v1.placement_pb2_grpc import PlacementServiceStub
from inborough.placement.v1.scenarios_pb2_grpc import ScenarioServiceStub
from inborough.placement.v1.travel_pb2_grpc import TravelServiceStub
from inborough.provision.v1.provision_pb2_grpc import ProvisionServiceStub
from shared import logs, metrics, tracing
from shared.errors import InboroughError, NeighbourDown, from_call
from shared.grpc_terms import MESSAGE_SIZES, REQUEST_ID_KEY
from shared.identity.callers import Person, person
from shared.identity.certificates import stamp
from shared.identity.diagnosis import find_trouble
from shared.identity.transport import Tls, transport_of
from shared.settings import ServiceSettings

if TYPE_CHECKING:  # known to type checkers alone
    from inborough.caseload.v1.caseload_pb2_grpc import CaseloadServiceAsyncStub
    from inborough.cost.v1.cost_pb2_grpc import CostServiceAsyncStub
    from inborough.cost.v1.transport_pb2_grpc import TransportServiceAsyncStub
    from inborough.events.v1.events_pb2_grpc import EventServiceAsyncStub
    from inborough.journal.v1.journal_pb2_grpc import JournalServiceAsyncStub
    from inborough.keeping.v1.keeping_pb2_grpc import KeepingServiceAsyncStub
    from inborough.placement.v1.consultations_pb2_grpc import ConsultationServiceAsyncStub
    from inborough.placement.v1.decisions_pb2_grpc import DecisionServiceAsyncStub
    from inborough.placement.v1.monitoring_pb2_grpc import MonitoringServiceAsyncStub
    from inborough.placement.v1.panels_pb2_grpc import PanelServiceAsyncStub
    from inborough.placement.v1.placement_pb2_grpc import PlacementServiceAsyncStub
    from inborough.placement.v1.scenarios_pb2_grpc import ScenarioServiceAsyncStub
    from inborough.placement.v1.travel_pb2_grpc import TravelServiceAsyncStub
    from inborough.provision.v1.provision_pb2_grpc import ProvisionServiceAsyncStub

READ_SECONDS = 5.0
CHANGE_SECONDS = 30.0
MOST_PEOPLE = 512
OPTIONS = (
    *MESSAGE_SIZES,
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 2000),
)
_caller: ContextVar[Person | None] = ContextVar("caller", default=None)


@contextmanager
def calling_as(caller: Person) -> Iterator[None]:
    """Calls within are this person's."""
    token = _caller.set(caller)
    try:
        yield
    finally:
        _caller.reset(token)


class Calling:
    """A channel as stubs use it: each call has a deadline and a person, says who calls, is counted, raises our errors.

    No interceptor of grpc.aio: one that raises anything but its own error leaves an exception behind that nobody takes.
    """

    def __init__(
        self, channel: grpc.aio.Channel, error_of: Callable[[grpc.aio.AioRpcError], Awaitable[InboroughError]]
    ) -> None:
        self._channel, self._error_of = channel, error_of

    def unary_unary(self, method: str, *details: Any, **named: Any) -> Callable[..., Awaitable[Any]]:
        """One method, as the generated stubs ask for it."""
        called = self._channel.unary_unary(method, *details, **named)

        async def call(request: Any, timeout: float | None = None) -> Any:
            span = _span(method)
            carried = _carried(method, timeout, span)
            began, code = time.perf_counter(), "OK"
            try:
                return await called(request, timeout=timeout, metadata=carried)
            except grpc.aio.AioRpcError as error:
                code = error.code().name
                raise await self._error_of(error) from None
            finally:
                _count(method, code, began, span)

        return call

    def unary_stream(self, method: str, *details: Any, **named: Any) -> Callable[..., AsyncIterator[Any]]:
        """One method that gives several answers. The call ends when they are no longer read."""
        called = self._channel.unary_stream(method, *details, **named)

        async def call(request: Any, timeout: float | None = None) -> AsyncIterator[Any]:
            span = _span(method)
            answers = called(request, timeout=timeout, metadata=_carried(method, timeout, span))
            began, code = time.perf_counter(), "CANCELLED"
            try:
                async for answer in answers:
                    yield answer
                code = "OK"
            except grpc.aio.AioRpcError as error:
                code = error.code().name
                raise await self._error_of(error) from None
            finally:
                answers.cancel()
                _count(method, code, began, span)

        return call


def _carried(method: str, timeout: float | None, span: tracing.Span) -> tuple[tuple[str, str], ...]:
    """What goes with a call: who calls, and for which request. Raises ValueError for a call that may not be made."""
    caller = _caller.get()
    if timeout is None or caller is None:
        raise ValueError(f"{method.strip('/')}: every call has a deadline and a person behind it")
    traced = ((tracing.TRACEPARENT, span.traceparent),) if span.traceparent else ()
    return (*caller.metadata(), (REQUEST_ID_KEY, logs.request_id.get()), *traced)


def _span(method: str) -> tracing.Span:
    """A span for a call, where it is part of a trace."""
    if not tracing.current():
        return tracing.NOTHING
    name = method.strip("/")
    return tracing.span(name, tracing.Kind.CLIENT, rpc_system="grpc", rpc_method=name)


def _count(method: str, code: str, began: float, span: tracing.Span) -> None:
    span.say(rpc_code=code)
    span.end()
    _, service, name = method.split("/")
    metrics.client_handled.labels(service, name, code).inc()
    metrics.client_seconds.labels(service, name).observe(time.perf_counter() - began)


class Services:
    """The services, each connected to when first asked, and anew when certificates change. For one event loop."""

    def __init__(self, settings: ServiceSettings) -> None:
        self._settings, self._transport = settings, transport_of(settings)
        self._open: dict[str, tuple[object, grpc.aio.Channel]] = {}
        self._before: list[grpc.aio.Channel] = []
        self._people: dict[tuple[str, tuple[str, ...]], Person] = {}

    def vouch_for(self, user_id: str, roles: tuple[str, ...]) -> Person:
        """Somebody signed in, as this front door's key says. Raises shared.identity.set_up.SetUpWrong."""
        if len(self._people) > MOST_PEOPLE:
            self._people.clear()
        key = user_id, roles
        if key not in self._people:
            self._people[key] = person(self._settings, user_id, roles)
        return self._people[key]

    @property
    def caseload(self) -> CaseloadServiceAsyncStub:
        """Cases and decisions due."""
        return CaseloadServiceStub(self._channel("caseload"))

    @property
    def provision(self) -> ProvisionServiceAsyncStub:
        """Settings and places."""
        return ProvisionServiceStub(self._channel("provision"))

    @property
    def placement(self) -> PlacementServiceAsyncStub:
        """Recommendations and policies."""
        return PlacementServiceStub(self._channel("placement"))

    @property
    def decisions(self) -> DecisionServiceAsyncStub:
        """What panels decided."""
        return DecisionServiceStub(self._channel("placement"))

    @property
    def panels(self) -> PanelServiceAsyncStub:
        """Panels and their agendas."""
        return PanelServiceStub(self._channel("placement"))

    @property
    def consultations(self) -> ConsultationServiceAsyncStub:
        """Settings consulted, and what they replied."""
        return ConsultationServiceStub(self._channel("placement"))

    @property
    def journal(self) -> JournalServiceAsyncStub:
        """Who saw, ranked, decided and changed what."""
        return JournalServiceStub(self._channel("journal"))

    @property
    def cost(self) -> CostServiceAsyncStub:
        """Rate cards."""
        return CostServiceStub(self._channel("cost"))

    @property
    def transport(self) -> TransportServiceAsyncStub:
        """Fleets, bell times and runs."""
        return TransportServiceStub(self._channel("cost"))

    @property
    def scenarios(self) -> ScenarioServiceAsyncStub:
        """Scenarios of sufficiency planning."""
        return ScenarioServiceStub(self._channel("placement"))

    @property
    def travel(self) -> TravelServiceAsyncStub:
        """How children get to school."""
        return TravelServiceStub(self._channel("placement"))

    @property
    def monitoring(self) -> MonitoringServiceAsyncStub:
        """Measures by quarter."""
        return MonitoringServiceStub(self._channel("placement"))

    def events(self, service: str) -> EventServiceAsyncStub:
        """The event log of a service."""
        return EventServiceStub(self._channel(service))

    def keeping(self, service: str) -> KeepingServiceAsyncStub:
        """What a service keeps for how long."""
        return KeepingServiceStub(self._channel(service))

    def channel(self, service: str) -> grpc.aio.Channel:
        """The channel to a service, for what is no service of ours, such as its health."""
        return self._channel(service)

    async def close(self) -> None:
        """Close every channel; calls that still run are cancelled."""
        channels = [*self._before, *(channel for _, channel in self._open.values())]
        await asyncio.gather(*(channel.close() for channel in channels))

    def _channel(self, service: str) -> grpc.aio.Channel:
        calling = Calling(self._opened(service), partial(self._error_of, service))
        return cast(grpc.aio.Channel, calling)

    def _opened(self, service: str) -> grpc.aio.Channel:
        now = stamp(self._transport.folder) if isinstance(self._transport, Tls) else ()
        known = self._open.get(service)
        if known is not None and known[0] == now:
            return known[1]
        if known is not None:
            self._before.append(known[1])  # calls under way end there
        channel = self._transport.aio_channel(service, self._settings.address(service), OPTIONS)
        self._open[service] = now, channel
        return channel

    async def _error_of(self, service: str, error: grpc.aio.AioRpcError) -> InboroughError:
        """The error behind a failed call; when certificates are why nobody answered, it says which."""
        found = from_call(cast(grpc.Call, error), service)
        silent = isinstance(found, NeighbourDown) and found.facts == {"neighbour": service}
        if not silent or error.code() is not grpc.StatusCode.UNAVAILABLE:
            return found
        trouble = await asyncio.to_thread(find_trouble, self._transport, service, self._settings.address(service))
        if trouble is None:
            return found
        logs.log("neighbour_not_trusted", "warning", neighbour=service, reason=trouble.code)
        return NeighbourDown(service, trouble.advice, trouble=trouble.code)
