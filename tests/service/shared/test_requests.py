"""Request ids: the same request is answered once, whoever sends it however often, and never for another."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Connection, Engine

from inborough.caseload.v1 import caseload_pb2
from shared.database import reading, writing
from shared.days import now_utc
from shared.errors import AlreadyExists, InvalidInput
from shared.event_log import tables
from shared.event_log.requests import answer_once, find_answer, purge
from tests.builders.event_logs import APPLIED, list_applied, opened
from tests.builders.identity import as_somebody

REQUEST = caseload_pb2.RecordGroundRequest(request_id="req_0123456789abcdef", case_id="case_1")
OTHER_BODY = caseload_pb2.RecordGroundRequest(request_id="req_0123456789abcdef", case_id="case_2")
OTHER_METHOD = caseload_pb2.RecordPlacementRequest(request_id="req_0123456789abcdef", case_id="case_1")
Answer = caseload_pb2.GetCaseResponse
"""Any message serves as an answer here."""


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with opened(database_url) as found:
        yield found


class Operation:
    """Has an effect, and an answer that differs each time it is run."""

    def __init__(self) -> None:
        self.runs = 0
        self._lock = threading.Lock()

    def __call__(self, connection: Connection) -> caseload_pb2.GetCaseResponse:
        with self._lock:
            self.runs += 1
            run = self.runs
        connection.execute(APPLIED.insert().values(source="caseload", sequence=run, name="effect"))
        return Answer(case=caseload_pb2.Case(case_id=f"case_{run}"))


def test_sixteen_copies_at_once_have_one_effect_and_the_same_answer(engine: Engine) -> None:
    operation, together = Operation(), threading.Barrier(16)

    def send(_: int) -> bytes:
        together.wait()
        with as_somebody():
            return answer_once(engine, REQUEST, Answer, operation).SerializeToString()

    with ThreadPoolExecutor(16) as pool:
        answers = set(pool.map(send, range(16)))
    assert len(answers) == 1
    assert list_applied(engine) == [1]


def test_a_copy_that_comes_later_has_the_same_answer_and_no_effect(engine: Engine) -> None:
    operation = Operation()
    with as_somebody():
        first = answer_once(engine, REQUEST, Answer, operation)
        assert answer_once(engine, REQUEST, Answer, operation) == first
    assert operation.runs == 1


@pytest.mark.parametrize("other", [OTHER_BODY, OTHER_METHOD], ids=["another body", "another method"])
def test_the_same_id_for_another_request_is_refused(
    engine: Engine, other: caseload_pb2.RecordGroundRequest | caseload_pb2.RecordPlacementRequest
) -> None:
    operation = Operation()
    with as_somebody():
        answer_once(engine, REQUEST, Answer, operation)
        with pytest.raises(AlreadyExists, match="used for another request"):
            answer_once(engine, other, Answer, operation)
        with reading(engine) as connection, pytest.raises(AlreadyExists):
            find_answer(connection, other, Answer)
    assert operation.runs == 1


def test_the_same_request_of_somebody_else_is_refused(engine: Engine) -> None:
    with as_somebody(user_id="user_one"):
        answer_once(engine, REQUEST, Answer, Operation())
    with as_somebody(user_id="user_two"), pytest.raises(AlreadyExists):
        answer_once(engine, REQUEST, Answer, Operation())


def test_of_two_bodies_under_one_id_at_once_one_is_done_and_one_refused(engine: Engine) -> None:
    operation, together = Operation(), threading.Barrier(8)

    def send(number: int) -> bool:
        together.wait()
        try:
            with as_somebody():
                answer_once(engine, REQUEST if number % 2 else OTHER_BODY, Answer, operation)
        except AlreadyExists:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        answered = list(pool.map(send, range(8)))
    assert sum(answered) == 4
    assert list_applied(engine) == [1]


def test_a_request_that_failed_may_be_sent_again(engine: Engine) -> None:
    def fail(connection: Connection) -> caseload_pb2.GetCaseResponse:
        connection.execute(APPLIED.insert().values(source="caseload", sequence=9, name="half"))
        raise ZeroDivisionError

    with as_somebody():
        with pytest.raises(ZeroDivisionError):
            answer_once(engine, REQUEST, Answer, fail)
        answer_once(engine, REQUEST, Answer, Operation())
    assert list_applied(engine) == [1]


def test_a_copy_that_waited_for_one_that_fails_does_the_work_itself(engine: Engine) -> None:
    under_way, go_on = threading.Event(), threading.Event()

    def fail(_: Connection) -> caseload_pb2.GetCaseResponse:
        under_way.set()
        go_on.wait(10)
        raise ZeroDivisionError

    def send_failing() -> None:
        with as_somebody(), pytest.raises(ZeroDivisionError):
            answer_once(engine, REQUEST, Answer, fail)

    def send() -> caseload_pb2.GetCaseResponse:
        with as_somebody():
            return answer_once(engine, REQUEST, Answer, Operation())

    with ThreadPoolExecutor(2) as pool:
        failing = pool.submit(send_failing)
        under_way.wait(10)
        waiting = pool.submit(send)
        go_on.set()
        failing.result()
        assert waiting.result().case.case_id == "case_1"


def test_the_answer_given_before_is_found_without_running_anything(engine: Engine) -> None:
    with as_somebody():
        with reading(engine) as connection:
            assert find_answer(connection, REQUEST, Answer) is None
        first = answer_once(engine, REQUEST, Answer, Operation())
        with reading(engine) as connection:
            assert find_answer(connection, REQUEST, Answer) == first


@pytest.mark.parametrize("given", ["", "req_", "req_0123456789abcde", "req_0123456789ABCDEF", "Ann Other of Widnes"])
def test_an_id_of_another_form_is_refused_and_not_repeated(engine: Engine, given: str) -> None:
    with as_somebody(), pytest.raises(InvalidInput, match="must be req_ and sixteen") as refused:
        answer_once(engine, caseload_pb2.RecordGroundRequest(request_id=given), Answer, Operation())
    assert "Ann" not in str(refused.value)


def test_requests_are_forgotten_once_they_are_older_than_told(engine: Engine) -> None:
    newer = caseload_pb2.RecordGroundRequest(request_id="req_fedcba9876543210")
    with as_somebody():
        answer_once(engine, REQUEST, Answer, Operation())
        answer_once(engine, newer, Answer, Operation())
    its_row = tables.requests.c.request_id == REQUEST.request_id
    with writing(engine) as connection:
        old = now_utc() - timedelta(days=90, hours=1)
        connection.execute(tables.requests.update().where(its_row).values(answered_at_utc=old))
    assert purge(engine, keep_days=90) == 1
    with as_somebody(), reading(engine) as connection:
        assert find_answer(connection, REQUEST, Answer) is None
        assert find_answer(connection, newer, Answer) is not None
