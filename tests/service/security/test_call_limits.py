"""One person at full speed, or with calls that last, keeps nobody else from being answered."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import grpc
import pytest
from google.rpc import error_details_pb2
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from grpc_status import rpc_status

from inborough.common.v1.common_pb2 import Date
from shared.errors import InboroughError, NotFound, TooMuch
from shared.grpc_server import Handled, start_server
from shared.identity import ROLES
from shared.identity.callers import AUTHORIZATION
from shared.limits import connections
from shared.settings import ServiceSettings
from tests.builders.identity import caller, connect
from tests.service.shared.echo import NAME, Behaviour, handled, method

ADA, BOB = "user_ada", "user_bob"


@pytest.fixture(autouse=True)
def _mid_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """No window slides while a test counts."""
    monkeypatch.setattr("limits.storage.memory.time", SimpleNamespace(time=lambda: 1_800_000_030.0))


def answer(request: Date, context: grpc.ServicerContext) -> Date:
    return request


@contextmanager
def limited(behaviour: Behaviour = answer, costly: bool = False, **settings: Any) -> Iterator[str]:
    """The address of a service with these limits."""
    plain = handled(behaviour, roles=" ".join(ROLES))
    told = Handled(plain.full_name, plain.register, access=plain.access, costly=frozenset({"Ask"} if costly else ()))
    running = start_server(ServiceSettings(**settings), [told])
    yield running.address
    running.stop(grace_seconds=0)


def asking(address: str, user_id: str) -> Any:
    return method(connect("echo", address, "planner", user_id=user_id))


def refusals(ask: Any, calls: int) -> list[TooMuch]:
    """What becomes of calls at full speed that are not answered."""
    found = []
    for _ in range(calls):
        try:
            ask(Date(year=2024), timeout=5)
        except TooMuch as error:
            found.append(error)
    return found


@pytest.mark.parametrize("costly", [False, True], ids=["calls", "long calls"])
def test_a_person_is_answered_up_to_their_rate_and_told_when_to_try_again(costly: bool) -> None:
    rates: dict[str, Any] = {"calls_a_minute": 0, "costly_calls_a_minute": 5} if costly else {"calls_a_minute": 5}
    with limited(costly=costly, **rates) as address:
        ask = asking(address, ADA)
        assert refusals(ask, 5) == []
        (refused,) = refusals(ask, 1)
    assert 1 <= int(refused.facts["retry_in_seconds"]) <= 60
    assert refused.message.startswith("Ask was asked for too often: 5 such calls a minute are answered to one person.")
    assert "Try again in" in refused.message


def test_another_clients_library_is_told_in_the_standard_way() -> None:
    with limited(calls_a_minute=1) as address, grpc.insecure_channel(address) as channel:
        (_, token), *_ = caller("planner", user_id=ADA).metadata()
        ask = method(channel)
        ask(Date(), timeout=5, metadata=((AUTHORIZATION, token),))
        with pytest.raises(grpc.RpcError) as refused:
            ask(Date(), timeout=5, metadata=((AUTHORIZATION, token),))
    status = rpc_status.from_call(refused.value)  # type: ignore[arg-type]
    assert status is not None
    retry = error_details_pb2.RetryInfo()
    assert any(detail.Unpack(retry) for detail in status.details)
    assert 1 <= retry.retry_delay.seconds <= 60


def test_one_caller_at_full_speed_is_held_back_while_another_is_answered() -> None:
    with limited(calls_a_minute=100) as address, ThreadPoolExecutor(5) as people:
        flood = [people.submit(refusals, asking(address, ADA), 100) for _ in range(4)]
        assert refusals(asking(address, BOB), 40) == []
        assert sum(len(each.result()) for each in flood) == 300


def test_services_are_not_held_back() -> None:
    with limited(calls_a_minute=1, costly_calls_a_minute=1, costly=True) as address:
        assert refusals(method(connect("echo", address, "service", user_id="service_placement")), 20) == []


@contextmanager
def under_way(address: str, began: threading.Semaphore, may_end: threading.Event, calls: int) -> Iterator[None]:
    """Ada's calls, which run until they may end."""
    running = [asking(address, ADA).future(Date(), timeout=10) for _ in range(calls)]
    assert all(began.acquire(timeout=5) for _ in running)
    try:
        yield
    finally:
        may_end.set()
        for each in running:
            each.result()


@pytest.mark.parametrize("costly", [False, True], ids=["calls", "long calls"])
def test_a_persons_calls_that_last_leave_room_for_another(costly: bool) -> None:
    began, may_end = threading.Semaphore(0), threading.Event()

    def ask(request: Date, context: grpc.ServicerContext) -> Date:
        if not request.year:
            began.release()
            may_end.wait(5)
        return request

    most = {"costly_calls_at_once": 2} if costly else {"calls_at_once": 2}
    with limited(ask, costly, **most) as address, under_way(address, began, may_end, calls=2):
        (refused,) = refusals(asking(address, ADA), 1)
        assert refused.facts["reason"] == "at_once"
        assert "Wait until one has ended" in refused.message
        assert refusals(asking(address, BOB), 3) == []
    with limited(ask, costly, **most) as address:
        assert refusals(asking(address, ADA), 3) == [], "what has ended counts no more"


def test_long_calls_of_all_people_leave_two_threads() -> None:
    began, may_end = threading.Semaphore(0), threading.Event()

    def ask(request: Date, context: grpc.ServicerContext) -> Date:
        began.release()
        may_end.wait(5)
        return request

    with limited(ask, costly=True, threads=4) as address, under_way(address, began, may_end, calls=2):
        (refused,) = refusals(asking(address, BOB), 1)
    assert "as many long calls as may run at once are running" in refused.message


MIB = 1024 * 1024
NO_DATE = b"\0"


@pytest.mark.parametrize(("size", "taken"), [(MIB, True), (MIB + 1, False)])
def test_a_message_is_taken_up_to_its_size_and_refused_beyond_it(size: int, taken: bool) -> None:
    with limited(message_mib=1) as address, grpc.insecure_channel(address) as channel:
        send = channel.unary_unary(f"/{NAME}/Ask", request_serializer=bytes, response_deserializer=bytes)
        with pytest.raises(grpc.RpcError) as refused:
            send(NO_DATE * size, timeout=5)
    wanted = grpc.StatusCode.RESOURCE_EXHAUSTED
    assert (refused.value.code() == wanted) == (not taken), refused.value.details()


def test_too_large_a_message_is_said_in_words_that_help() -> None:
    with limited(message_mib=1) as address:
        send = connect("echo", address).unary_unary(
            f"/{NAME}/Ask", request_serializer=bytes, response_deserializer=bytes
        )
        with pytest.raises(TooMuch, match="Ask for less, or send it in parts"):
            send(NO_DATE * (MIB + 1), timeout=5)


def test_a_message_that_unpacks_to_more_than_it_says_is_not_unpacked() -> None:
    with (
        limited() as address,
        grpc.insecure_channel(address, compression=grpc.Compression.Gzip) as channel,
        pytest.raises(grpc.RpcError) as refused,
    ):
        method(channel)(Date(year=2024), timeout=5)
    assert refused.value.code() == grpc.StatusCode.UNIMPLEMENTED


def outcome(call: Any) -> grpc.StatusCode:
    """The status that a call ends with."""
    try:
        call()
    except grpc.RpcError as error:
        return error.code()
    return grpc.StatusCode.OK


@pytest.mark.parametrize(
    ("bytes_sent", "code"), [(12_000, grpc.StatusCode.OK), (20_000, grpc.StatusCode.RESOURCE_EXHAUSTED)]
)
def test_metadata_is_taken_up_to_its_size(bytes_sent: int, code: grpc.StatusCode) -> None:
    with limited() as address, grpc.insecure_channel(address) as channel:
        (_, token), *_ = caller("planner", user_id=ADA).metadata()
        sent = ((AUTHORIZATION, token), ("x-more", "m" * bytes_sent))
        assert outcome(lambda: method(channel)(Date(), timeout=5, metadata=sent)) == code


def test_more_calls_than_may_wait_are_refused_at_once() -> None:
    began, may_end = threading.Semaphore(0), threading.Event()

    def ask(request: Date, context: grpc.ServicerContext) -> Date:
        began.release()
        may_end.wait(5)
        return request

    with limited(ask, waiting_calls=2) as address, under_way(address, began, may_end, calls=2):
        with pytest.raises(TooMuch, match=r"as many calls waiting as it takes\. Try again") as refused:
            asking(address, BOB)(Date(), timeout=5)
        assert refused.value.facts["retry_in_seconds"]


def test_a_connection_has_so_many_calls_at_once_and_others_wait_outside() -> None:
    began, may_end = threading.Semaphore(0), threading.Event()

    def ask(request: Date, context: grpc.ServicerContext) -> Date:
        began.release()
        may_end.wait(5)
        return request

    with limited(ask, connection_calls=1) as address:
        same = asking(address, ADA)
        calls = [same.future(Date(), timeout=10) for _ in range(2)]
        assert began.acquire(timeout=5)
        assert not began.acquire(timeout=0.1)
        may_end.set()
        assert [each.result() for each in calls] == [Date(), Date()]


def test_an_error_keeps_when_to_retry_on_its_way() -> None:
    def ask(request: Date, context: grpc.ServicerContext) -> Date:
        raise TooMuch("Too often.", retry_in_seconds="7")

    with limited(ask) as address, pytest.raises(InboroughError) as refused:
        asking(address, ADA)(Date(), timeout=5)
    assert refused.value.facts["retry_in_seconds"] == "7"


def test_a_connection_ends_after_its_age_and_calls_go_on_over_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "MINUTE", 100)
    peers = set()

    def ask(request: Date, context: grpc.ServicerContext) -> Date:
        peers.add(context.peer())
        return request

    with limited(ask, calls_a_minute=0, connection_minutes=1) as address:
        same = asking(address, ADA)
        until = time.monotonic() + 5
        while len(peers) < 2 and time.monotonic() < until:
            same(Date(), timeout=5)
    assert len(peers) == 2


def test_an_error_does_not_grow_with_the_request_that_it_refuses() -> None:
    assert NotFound("case", "9" * 1_000_000).message == "There is no case by the name or id given."
    assert NotFound("case", "9" * 80).message == f"There is no case {'9' * 80}."


def test_questions_of_reflection_that_never_end_leave_threads_for_others() -> None:
    may_end = threading.Event()

    def questions() -> Iterator[reflection_pb2.ServerReflectionRequest]:
        yield reflection_pb2.ServerReflectionRequest(list_services="")
        may_end.wait(10)

    with limited(threads=4) as address, grpc.insecure_channel(address) as channel:
        stub: Any = reflection_pb2_grpc.ServerReflectionStub(channel)
        streams = [stub.ServerReflectionInfo(questions(), timeout=10) for _ in range(6)]
        assert next(streams[0]).list_services_response.service
        assert refusals(asking(address, BOB), 3) == []
        may_end.set()
        codes = [each.code() for each in streams]
    assert codes.count(grpc.StatusCode.RESOURCE_EXHAUSTED) == 4
