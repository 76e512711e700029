"""Calls to the services: a deadline on each, a spinner when one takes over a second, cancelled by Ctrl-C."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from functools import cached_property
from typing import Self, TypeVar

import grpc
from pydantic import Field
from pydantic_settings import SettingsConfigDict

from inborough.caseload.v1.caseload_pb2_grpc import CaseloadServiceStub
from inborough.cost.v1.cost_pb2_grpc import CostServiceStub
from inborough.placement.v1.placement_pb2_grpc import PlacementServiceStub
from inborough.provision.v1.provision_pb2_grpc import ProvisionServiceStub
from services.cli import terminal
from shared import logs
from shared.grpc_client import connect
from shared.identity import PEOPLES_ROLES, callers
from shared.ids import new_id
from shared.settings import ServiceSettings

CALL_SECONDS = 5.0
PLAN_SECONDS = 300.0
IMPORT_SECONDS = 300.0
QUIET_SECONDS = 1.0

RequestT = TypeVar("RequestT")
AnswerT = TypeVar("AnswerT")


class CommandSettings(ServiceSettings):
    """Where the services are: the same variables that the services read."""

    model_config = SettingsConfigDict(env_prefix="INBOROUGH_CLI_", frozen=True, extra="ignore")

    user: str = Field(
        "user_local", pattern="^user_[a-z0-9_]{1,60}$", description="Who runs the command, as records will name them."
    )
    roles: str = Field(" ".join(PEOPLES_ROLES), description="What they are: roles separated by spaces.")


class Services:
    """The four services, each connected to when first asked. Close it by using it in a `with`."""

    def __init__(self) -> None:
        self._settings = CommandSettings()
        self._open = ExitStack()

    def __enter__(self) -> Self:
        logs.request_id.set(new_id("cli"))
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
    def placement(self) -> PlacementServiceStub:
        """Recommendations and plans."""
        return PlacementServiceStub(self.channel("placement"))

    @cached_property
    def _caller(self) -> callers.Person:
        """Who runs the command, vouched for by this front door's key."""
        return callers.person(self._settings, self._settings.user, self._settings.roles.split())

    def channel(self, service: str) -> grpc.Channel:
        """A channel that is closed with this object, which cancels what still runs."""
        channel = connect(service, self._settings.address(service), self._caller)
        self._open.callback(channel.close)
        return channel


def ask(
    method: grpc.UnaryUnaryMultiCallable[RequestT, AnswerT],
    request: RequestT,
    doing: str,
    seconds: float = CALL_SECONDS,
) -> AnswerT:
    """The answer to one call. Raises shared.errors; `doing` is shown when it takes over a second."""
    return started(method, request, doing, seconds)()


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


def _patiently(call: grpc.Future[AnswerT], doing: str) -> AnswerT:
    try:
        return call.result(timeout=QUIET_SECONDS)
    except grpc.FutureTimeoutError:
        with terminal.busy(doing):
            return call.result()
