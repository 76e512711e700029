"""Calls to the services: a deadline on each, a spinner when one takes over a second, cancelled by Ctrl-C."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import cached_property
from typing import Protocol, Self, TypeVar

import grpc
from pydantic import Field, field_validator
from pydantic_settings import SettingsConfigDict

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
from services.cli import terminal
from services.cli.acting import roles_within
from services.cli.failures import CannotGoOn, answer_lost
from shared import logs
from shared.errors import Internal, NeighbourDown
from shared.grpc_client import connect
from shared.identity import PEOPLES_ROLES, callers
from shared.ids import new_id
from shared.references import new_request_id
from shared.settings import ServiceSettings

CALL_SECONDS = 5.0
CHANGE_SECONDS = 30.0
PLAN_SECONDS = 300.0
IMPORT_SECONDS = 300.0
VERIFY_SECONDS = 300.0
RUNS_SECONDS = 1800.0
QUIET_SECONDS = 1.0

RequestT = TypeVar("RequestT")
AnswerT = TypeVar("AnswerT")


class Change(Protocol):
    """A request that changes something: once, however often it is asked under the same id."""

    request_id: str


ChangeT = TypeVar("ChangeT", bound=Change)


class CommandSettings(ServiceSettings):
    """Where the services are: the same variables that the services read."""

    model_config = SettingsConfigDict(env_prefix="INBOROUGH_CLI_", frozen=True, extra="ignore")

    user: str = Field(
        "user_local", pattern="^user_[a-z0-9_]{1,60}$", description="Who runs the command, as records will name them."
    )
    roles: str = Field(" ".join(PEOPLES_ROLES), description="What they are: roles separated by spaces.")

    @field_validator("roles")
    @classmethod
    def _only_roles_of_people(cls, roles: str) -> str:
        if not roles.split() or set(roles.split()) - set(PEOPLES_ROLES):
            raise ValueError(f"roles are {', '.join(PEOPLES_ROLES)}, separated by spaces")
        return roles


class Services:
    """The services, each connected to when first asked. Close it by using it in a `with`."""

    def __init__(self) -> None:
        self._channels: dict[str, grpc.Channel] = {}
        self._settings = CommandSettings()
        self._open = ExitStack()

    def __enter__(self) -> Self:
        logs.request_id.set(new_request_id("cli"))
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    @cached_property
    def caseload(self) -> CaseloadServiceStub:
        """Cases and decisions due."""
        return CaseloadServiceStub(self.channel("caseload"))

    @cached_property
    def provision(self) -> ProvisionServiceStub:
        """Settings and places."""
        return ProvisionServiceStub(self.channel("provision"))

    @cached_property
    def cost(self) -> CostServiceStub:
        """Rate cards."""
        return CostServiceStub(self.channel("cost"))

    @cached_property
    def transport(self) -> TransportServiceStub:
        """Fleets, bell times and runs."""
        return TransportServiceStub(self.channel("cost"))

    @cached_property
    def placement(self) -> PlacementServiceStub:
        """Recommendations and plans."""
        return PlacementServiceStub(self.channel("placement"))

    @cached_property
    def decisions(self) -> DecisionServiceStub:
        """What panels decided."""
        return DecisionServiceStub(self.channel("placement"))

    @cached_property
    def panels(self) -> PanelServiceStub:
        """Panels and their agendas."""
        return PanelServiceStub(self.channel("placement"))

    @cached_property
    def consultations(self) -> ConsultationServiceStub:
        """Settings consulted, and what they replied."""
        return ConsultationServiceStub(self.channel("placement"))

    @cached_property
    def scenarios(self) -> ScenarioServiceStub:
        """Scenarios of sufficiency planning."""
        return ScenarioServiceStub(self.channel("placement"))

    @cached_property
    def travel(self) -> TravelServiceStub:
        """How children get to school."""
        return TravelServiceStub(self.channel("placement"))

    @cached_property
    def monitoring(self) -> MonitoringServiceStub:
        """Measures by quarter."""
        return MonitoringServiceStub(self.channel("placement"))

    @cached_property
    def journal(self) -> JournalServiceStub:
        """Who saw, ranked, decided and changed what."""
        return JournalServiceStub(self.channel("journal"))

    def events(self, service: str) -> EventServiceStub:
        """The event log of a service."""
        return EventServiceStub(self.channel(service))

    def keeping(self, service: str) -> KeepingServiceStub:
        """What a service keeps for how long."""
        return KeepingServiceStub(self.channel(service))

    @cached_property
    def roles(self) -> list[str]:
        """What whoever runs the command acts as. Raises CannotGoOn."""
        try:
            return roles_within(self._settings.roles.split())
        except ValueError as error:
            raise CannotGoOn(f"You cannot act as that: {error}.", "Choose one of them after --as.") from None

    @cached_property
    def _caller(self) -> callers.Person:
        """Who runs the command, vouched for by this front door's key."""
        return callers.person(self._settings, self._settings.user, self.roles)

    def channel(self, service: str) -> grpc.Channel:
        """The channel to a service, closed with this object, which cancels what still runs."""
        if service not in self._channels:
            self._channels[service] = connect(service, self._settings.address(service), self._caller)
            self._open.callback(self._channels[service].close)
        return self._channels[service]


def ask(
    method: grpc.UnaryUnaryMultiCallable[RequestT, AnswerT],
    request: RequestT,
    doing: str,
    seconds: float = CALL_SECONDS,
) -> AnswerT:
    """The answer to one call. Raises shared.errors; `doing` is shown when it takes over a second."""
    return started(method, request, doing, seconds)()


def ask_once(
    method: grpc.UnaryUnaryMultiCallable[ChangeT, AnswerT],
    request: ChangeT,
    doing: str,
    again: Sequence[str] = (),
    seconds: float = CHANGE_SECONDS,
) -> AnswerT:
    """The answer to a call that changes something, under the request's id or a new one.

    Raises shared.errors, or when the answer is lost CannotGoOn that says how to repeat it safely: with the same id and
    the options in `again`, which make it the same request.
    """
    request.request_id = request.request_id or new_id("req")
    options = " ".join((f"--request-id {request.request_id}", *again))
    try:
        return ask(method, request, doing, seconds)
    except (NeighbourDown, Internal) as error:
        if "trouble" in error.facts:  # the call was never made: certificates do not agree
            raise
        raise answer_lost(error, options) from None
    except KeyboardInterrupt:
        terminal.say(f"It may have been recorded all the same. To be sure, run it again with {options}")
        raise


def started(
    method: grpc.UnaryUnaryMultiCallable[RequestT, AnswerT],
    request: RequestT,
    doing: str,
    seconds: float = CALL_SECONDS,
) -> Callable[[], AnswerT]:
    """Start a call and go on; the result waits for its answer. So that two calls take the time of one."""
    call = method.future(request, timeout=seconds)

    def wait() -> AnswerT:
        try:
            return _patiently(call, doing)
        except KeyboardInterrupt:
            call.cancel()
            terminal.say("Stopped. Nothing that was under way is half-done.")
            raise

    return wait


def follow(
    method: grpc.UnaryStreamMultiCallable[RequestT, AnswerT], request: RequestT, seconds: float
) -> Iterator[AnswerT]:
    """The answers to a call that gives several, as they come. Ctrl-C ends the work. Raises shared.errors."""
    call = method(request, timeout=seconds)
    try:
        yield from call
    except KeyboardInterrupt:
        terminal.say("Stopped. Nothing that was under way is kept.")
        raise
    finally:
        call.cancel()


def _patiently(call: grpc.Future[AnswerT], doing: str) -> AnswerT:
    try:
        return call.result(timeout=QUIET_SECONDS)
    except grpc.FutureTimeoutError:
        with terminal.busy(doing):
            return call.result()
