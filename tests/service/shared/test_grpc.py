"""One way to serve and to call: deadlines, request ids, counts, health, reflection, ports and a clean stop."""

from __future__ import annotations

import threading
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from prometheus_client import REGISTRY

from inborough.common.v1.common_pb2 import Date
from shared import logs
from shared.errors import NotFound
from shared.grpc_server import start_server
from shared.settings import ServiceSettings
from tests.service.shared.echo import NAME, handled, serving

SERVING, NOT_SERVING = health_pb2.HealthCheckResponse.SERVING, health_pb2.HealthCheckResponse.NOT_SERVING


def answer(request: Date, context: grpc.ServicerContext) -> Date:
    return request


def test_an_answer_comes_back() -> None:
    with serving(answer) as echo:
        assert echo.ask(Date(year=2024), timeout=5) == Date(year=2024)


@pytest.mark.parametrize("in_future", [False, True], ids=["waiting", "in parallel"])
def test_a_call_without_a_deadline_is_refused_before_it_is_sent(in_future: bool) -> None:
    with serving(answer) as echo, pytest.raises(ValueError, match="EchoService/Ask: every call has a deadline"):
        echo.ask.future(Date()).result() if in_future else echo.ask(Date())


def test_calls_begun_together_run_together() -> None:
    both = threading.Barrier(2, timeout=5)

    def ask(request: Date, context: grpc.ServicerContext) -> Date:
        both.wait()
        return request

    with serving(ask) as echo:
        calls = [echo.ask.future(Date(year=year), timeout=5) for year in (1, 2)]
        assert [call.result().year for call in calls] == [1, 2]


def heard_request_id(sent: str) -> str:
    """The request id that a service works under when its caller works under `sent`."""
    heard = []

    def ask(request: Date, context: grpc.ServicerContext) -> Date:
        heard.append(logs.request_id.get())
        return request

    token = logs.request_id.set(sent)
    try:
        with serving(ask) as echo:
            echo.ask(Date(), timeout=5)
    finally:
        logs.request_id.reset(token)
    return heard[0]


def test_the_request_id_is_carried_to_the_neighbour() -> None:
    assert heard_request_id("req_9f2c-1") == "req_9f2c-1"


@pytest.mark.parametrize("sent", ["", "x" * 65, "Canary Child", '{"a":1}'])
def test_a_request_without_a_sound_id_is_given_one(sent: str) -> None:
    heard = heard_request_id(sent)
    assert heard != sent
    assert heard.startswith("call_")


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, {"grpc_service": NAME, "grpc_method": "Ask", **labels}) or 0


def test_calls_are_counted_and_timed_on_both_sides_by_outcome() -> None:
    def ask(request: Date, context: grpc.ServicerContext) -> Date:
        if not request.year:
            raise NotFound("year", 0)
        return request

    names = ("grpc_server_handled_total", "grpc_client_handled_total")
    before = {(name, code): counted(name, grpc_code=code) for name in names for code in ("OK", "NOT_FOUND")}
    timed = counted("grpc_server_handling_seconds_count")
    with serving(ask) as echo:
        echo.ask(Date(year=2024), timeout=5)
        with pytest.raises(NotFound):
            echo.ask(Date(), timeout=5)
    assert {key: counted(key[0], grpc_code=key[1]) - then for key, then in before.items()} == dict.fromkeys(before, 1)
    assert counted("grpc_server_handling_seconds_count") == timed + 2


@pytest.mark.parametrize("name", ["", NAME])
def test_health_says_serving_for_the_process_and_for_each_service(name: str) -> None:
    with serving(answer) as echo:
        stub: Any = health_pb2_grpc.HealthStub(echo.channel)
        assert stub.Check(health_pb2.HealthCheckRequest(service=name), timeout=5).status == SERVING


def test_reflection_lists_the_services() -> None:
    with serving(answer) as echo:
        ask = reflection_pb2.ServerReflectionRequest(list_services="")
        stub: Any = reflection_pb2_grpc.ServerReflectionStub(echo.channel)
        (reply,) = stub.ServerReflectionInfo(iter([ask]), timeout=5)
    assert {service.name for service in reply.list_services_response.service} == {
        NAME,
        "grpc.health.v1.Health",
        "grpc.reflection.v1alpha.ServerReflection",
    }


def test_two_servers_never_share_a_port() -> None:
    with serving(answer) as echo:
        port = int(echo.running.address.rpartition(":")[2])
        with pytest.raises(RuntimeError, match="Failed to bind"):
            start_server(ServiceSettings(port=port), [handled(answer)])


def test_stopping_lets_running_calls_finish_then_closes_what_the_service_holds() -> None:
    began, may_end, closed = threading.Event(), threading.Event(), threading.Event()

    def ask(request: Date, context: grpc.ServicerContext) -> Date:
        began.set()
        may_end.wait(5)
        assert not closed.is_set()
        return request

    with serving(ask) as echo:
        echo.running.servicers = [handled(ask, closed.set)]
        call = echo.ask.future(Date(year=2024), timeout=5)
        assert began.wait(5)
        stopping = threading.Thread(target=echo.running.stop)
        stopping.start()
        may_end.set()
        assert call.result().year == 2024
        stopping.join(5)
    assert closed.is_set()
