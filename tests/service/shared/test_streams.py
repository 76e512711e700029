"""Calls that give several answers: checked, observed and translated like all others, and ended by whoever asks."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import grpc
import pytest
from prometheus_client import REGISTRY

from inborough.common.v1.common_pb2 import Date
from shared import identity, logs
from shared.errors import InboroughError, NotAllowed, NotFound, NotSignedIn
from shared.grpc_client import connect
from shared.grpc_server import Handled, start_server
from shared.settings import ServiceSettings
from tests.builders.identity import caller
from tests.builders.running import wait_until
from tests.service.shared.echo import NAME

Behaviour = Callable[[Date, grpc.ServicerContext], Iterator[Date]]


def years(request: Date, context: grpc.ServicerContext) -> Iterator[Date]:
    """As many years as asked for."""
    return (Date(year=year) for year in range(1, request.year + 1))


@contextmanager
def serving(behaviour: Behaviour, role: str = "planner") -> Iterator[Any]:
    """`Ask` of a service that streams and answers planners, as somebody with a role, or nobody, calls it."""

    def register(server: grpc.Server) -> None:
        handler = grpc.unary_stream_rpc_method_handler(
            behaviour, request_deserializer=Date.FromString, response_serializer=Date.SerializeToString
        )
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(NAME, {"Ask": handler}),))

    running = start_server(ServiceSettings(), [Handled(NAME, register, access={"Ask": frozenset({"planner"})})])
    with connect("echo", running.address, caller(role) if role else None) as channel:
        yield channel.unary_stream(
            f"/{NAME}/Ask", request_serializer=Date.SerializeToString, response_deserializer=Date.FromString
        )
    running.stop(grace_seconds=0)


def counted(name: str, code: str) -> float:
    labels = {"grpc_service": NAME, "grpc_method": "Ask", "grpc_code": code}
    return REGISTRY.get_sample_value(name, labels) or 0


def test_all_answers_come_in_order() -> None:
    with serving(years) as ask:
        assert [answer.year for answer in ask(Date(year=3), timeout=5)] == [1, 2, 3]


def test_a_role_that_may_not_call_is_refused_before_any_answer() -> None:
    with serving(years, "auditor") as ask, pytest.raises(NotAllowed, match="Ask is for planner"):
        next(ask(Date(year=3), timeout=5))


def test_nobody_is_answered() -> None:
    with serving(years, role="") as ask, pytest.raises(NotSignedIn, match="carried no identity"):
        next(ask(Date(year=3), timeout=5))


def test_caller_and_request_id_are_those_of_the_call_from_first_answer_to_last() -> None:
    heard: list[tuple[str, str]] = []

    def listen(request: Date, context: grpc.ServicerContext) -> Iterator[Date]:
        for year in (1, 2):
            heard.append((identity.current().subject, logs.request_id.get()))
            yield Date(year=year)

    token = logs.request_id.set("req_9f2c-1")
    with serving(listen) as ask:
        assert len(list(ask(Date(), timeout=5))) == 2
    logs.request_id.reset(token)
    assert heard == [("user_planner", "req_9f2c-1")] * 2


def test_an_error_after_the_first_answer_is_ours_and_both_sides_count_it() -> None:
    def fail(request: Date, context: grpc.ServicerContext) -> Iterator[Date]:
        yield Date(year=1)
        raise NotFound("year", 2)

    names = ("grpc_server_handled_total", "grpc_client_handled_total")
    before = [counted(name, "NOT_FOUND") for name in names]
    with serving(fail) as ask:
        answers = ask(Date(), timeout=5)
        assert next(answers).year == 1
        with pytest.raises(NotFound, match="There is no year 2"):
            next(answers)
    assert [counted(name, "NOT_FOUND") for name in names] == [count + 1 for count in before]


def test_what_else_is_raised_is_withheld() -> None:
    def fail(request: Date, context: grpc.ServicerContext) -> Iterator[Date]:
        yield Date(year=1)
        raise LookupError("a name")

    with serving(fail) as ask, pytest.raises(InboroughError, match="Quote reference") as caught:
        list(ask(Date(), timeout=5))
    assert "a name" not in str(caught.value)


def test_ending_the_call_ends_the_answering_and_is_counted_as_cancelled() -> None:
    ended, before = threading.Event(), counted("grpc_server_handled_total", "CANCELLED")

    def go_on(request: Date, context: grpc.ServicerContext) -> Iterator[Date]:
        gone = threading.Event()
        context.add_callback(gone.set)
        try:
            while not gone.wait(0.01):
                yield Date(year=1)
        finally:
            ended.set()

    with serving(go_on) as ask:
        answers = ask(Date(), timeout=30)
        next(answers)
        answers.cancel()
        assert ended.wait(10)
        wait_until(lambda: counted("grpc_server_handled_total", "CANCELLED") > before, "counted", 10)


def test_a_call_without_a_deadline_is_refused_before_it_is_sent() -> None:
    with serving(years) as ask, pytest.raises(ValueError, match="every call has a deadline"):
        list(ask(Date(year=1)))
