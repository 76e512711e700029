"""Erasing within one service: what goes, what is remembered, and what comes late."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Connection, Engine, func, select

from shared.database import reading, writing
from shared.days import now_utc
from shared.errors import InvalidInput
from shared.event_log.tables import events, requests
from shared.keeping.erasing import LOOK_AGAIN, ErasingLate, erase_again, erase_case, list_erased
from shared.keeping.keeper import Erased, Keeper, by_age
from shared.keeping.tables import METADATA, erased_cases
from tests.builders.event_logs import APPLIED, opened
from tests.builders.identity import as_somebody

CASE = "case_0123456789abcdef"


def erase(connection: Connection, case_id: str) -> Erased:
    """A service whose rows about a case are named after it; a decision goes with them."""
    rows = connection.execute(APPLIED.delete().where(APPLIED.c.name == case_id)).rowcount
    return Erased({"rows": rows}, ["dec_1"] if rows else [])


KEEPER = Keeper(erase)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with opened(database_url) as found:
        METADATA.create_all(found)
        with as_somebody("administrator"):
            yield found


def add_row(engine: Engine, name: str = CASE) -> None:
    with writing(engine) as connection:
        connection.execute(APPLIED.insert().values(source="s", sequence=1, name=name))


def add_answer(engine: Engine, request_id: str, answer: bytes) -> None:
    row = {"request_id": request_id, "method": "m", "actor": "user_a", "digest": "d", "answered_at_utc": now_utc()}
    with writing(engine) as connection:
        connection.execute(requests.insert().values(**row, answer=answer))


def count(engine: Engine) -> int:
    with reading(engine) as connection:
        return connection.scalar(select(func.count()).select_from(APPLIED)) or 0


def test_rows_and_answers_that_name_it_go_and_others_stay(engine: Engine) -> None:
    add_row(engine)
    add_row(engine, "case_other")
    for request_id, answer in (("req_1", CASE.encode()), ("req_2", b"dec_1"), ("req_3", b"case_other")):
        add_answer(engine, request_id, b"\x0a" + answer)
    found = erase_case(engine, KEEPER, CASE, "court_order")
    assert found.rows == {"rows": 1, "answers kept for repeated requests": 2}
    with reading(engine) as connection:
        assert list(connection.scalars(select(requests.c.request_id))) == ["req_3"]
    assert count(engine) == 1


def test_each_erasure_is_an_event_and_is_remembered_with_what_went(engine: Engine) -> None:
    add_row(engine)
    erase_case(engine, KEEPER, CASE, "court_order")
    erase_case(engine, KEEPER, CASE, "term_ended")
    with reading(engine) as connection:
        (case,) = list_erased(connection, 10)
        told = [(row.name, row.case_ids) for row in connection.execute(select(events))]
    assert (case.case_id, case.reason_code, case.with_ids) == (CASE, "term_ended", ("dec_1",))
    assert told == [("case_erased", CASE)] * 2


@pytest.mark.parametrize(
    ("case_id", "reason"), [("", "court_order"), ("case 1", "court_order"), (CASE, "A Judge"), (CASE, "")]
)
def test_what_is_no_id_or_no_code_is_refused(case_id: str, reason: str, engine: Engine) -> None:
    with pytest.raises(InvalidInput):
        erase_case(engine, KEEPER, case_id, reason)


def test_what_comes_late_goes_too_and_what_comes_much_later_stays(engine: Engine) -> None:
    erase_case(engine, KEEPER, CASE, "court_order")
    add_row(engine)
    late = ErasingLate(engine, KEEPER, between_seconds=0.01)
    late.start()
    for _ in range(1000):
        if not count(engine):
            break
        threading.Event().wait(0.01)
    late.close()
    assert count(engine) == 0
    with writing(engine) as connection:
        connection.execute(erased_cases.update().values(erased_at_utc=now_utc() - LOOK_AGAIN - timedelta(minutes=1)))
    add_row(engine)
    assert (erase_again(engine, KEEPER), count(engine)) == (0, 1)


def test_rows_past_their_years_are_counted_then_removed(engine: Engine) -> None:
    for at, years in enumerate((1, 5, 7)):
        add_answer(engine, f"req_{at}", b"")
        with writing(engine) as connection:
            old = requests.update().where(requests.c.request_id == f"req_{at}")
            connection.execute(old.values(answered_at_utc=now_utc() - timedelta(days=366 * years)))
    term = by_age("answers", 6, requests, requests.c.answered_at_utc)
    today = now_utc().date()
    assert term.count(engine, today).rows == 1
    assert (term.remove(engine, today), term.count(engine, today).rows) == (1, 0)
