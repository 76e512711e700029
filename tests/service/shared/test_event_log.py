"""The log of a service's own changes: gapless, ordered, in the change's own transaction, and nothing personal in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine

from shared import identity, logs
from shared.database import announce_events, reading, writing
from shared.event_log import Event, list_events, record_event
from shared.event_log.log import last_sequence
from shared.identity import Identity, acting_as
from tests.builders.event_logs import APPLIED, opened, record
from tests.builders.identity import as_somebody


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with opened(database_url) as found:
        yield found


def fail_after_recording(engine: Engine) -> None:
    """A change that is undone after its event was recorded."""
    with as_somebody(), writing(engine) as connection:
        connection.execute(APPLIED.insert().values(source="own", sequence=1, name="change"))
        record_event(connection, "case_viewed")
        raise ZeroDivisionError


def everything(engine: Engine) -> list[Event]:
    with reading(engine) as connection:
        return list_events(connection, 0, 10_000)


def test_an_event_says_what_happened_who_did_it_for_whom_and_in_which_request(engine: Engine) -> None:
    service = Identity("service_placement", frozenset({identity.SERVICE}), on_behalf_of="user_chair")
    with acting_as(service), logs.in_request("request-1"), writing(engine) as connection:
        record_event(
            connection, "decision_offered", case_ids=["case_1"], over_number=True, expires_on=date(2024, 3, 1), rank=2
        )
    (event,) = everything(engine)
    assert (event.sequence, event.name, event.case_ids) == (1, "decision_offered", ("case_1",))
    assert (event.actor, event.roles, event.on_behalf_of) == ("service_placement", ("service",), "user_chair")
    assert event.request_id == "request-1"
    assert event.facts == {"over_number": "yes", "expires_on": "2024-03-01", "rank": "2"}


def test_an_event_is_of_the_present_instant_in_utc(engine: Engine) -> None:
    record(engine)
    (event,) = everything(engine)
    assert event.occurred_at.utcoffset() == timedelta(0)
    assert abs(datetime.now(UTC) - event.occurred_at) < timedelta(minutes=1)


def test_who_finishes_a_persons_work_later_says_for_whom(engine: Engine) -> None:
    with acting_as(Identity("service_placement", frozenset({identity.SERVICE}))), writing(engine) as connection:
        record_event(connection, "decision_named", on_behalf_of="user_chair")
    assert everything(engine)[0].on_behalf_of == "user_chair"


def test_numbers_are_without_a_gap_and_in_order_though_many_write_and_some_fail(engine: Engine) -> None:
    """The first of all is among them: threads race to make the counter's row."""

    def write(number: int) -> None:
        try:
            with as_somebody(), writing(engine) as connection:
                record_event(connection, "case_viewed")
                if number % 5 == 0:
                    raise ConnectionAbortedError
        except ConnectionAbortedError:
            pass

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(write, range(100)))
    assert [event.sequence for event in everything(engine)] == list(range(1, 81))
    assert len({event.event_id for event in everything(engine)}) == 80


def test_a_reader_never_sees_a_later_event_before_an_earlier_one(engine: Engine) -> None:
    """Whoever reads up to the newest at any moment has missed none below it."""
    with ThreadPoolExecutor(9) as pool:
        writing_them = [pool.submit(record, engine, 10) for _ in range(8)]
        while not all(each.done() for each in writing_them):
            seen = [event.sequence for event in everything(engine)]
            assert seen == list(range(1, len(seen) + 1))
        for each in writing_them:
            each.result()
    assert len(everything(engine)) == 80


def test_a_change_that_fails_leaves_no_event(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError):
        fail_after_recording(engine)
    assert everything(engine) == []
    record(engine)
    assert [event.sequence for event in everything(engine)] == [1]


def test_a_change_of_many_cases_is_several_events_of_500_at_most(engine: Engine) -> None:
    cases = [f"case_{number:016x}" for number in range(1201)]
    with as_somebody(), writing(engine) as connection:
        assert record_event(connection, "cases_changed", case_ids=cases, import_id="imp_1") == 3
    events = everything(engine)
    assert [len(event.case_ids) for event in events] == [500, 500, 201]
    assert [case for event in events for case in event.case_ids] == cases
    assert {event.facts["import_id"] for event in events} == {"imp_1"}


def test_a_page_begins_after_a_number_and_ends_with_the_most_asked_for(engine: Engine) -> None:
    record(engine, 5)
    with reading(engine) as connection:
        assert [event.sequence for event in list_events(connection, 2, 2)] == [3, 4]
        assert last_sequence(connection) == 5


def test_listeners_hear_of_the_newest_event_once_it_is_committed(engine: Engine) -> None:
    heard: list[int] = []
    announce_events(engine, heard.append)
    with as_somebody(), writing(engine) as connection:
        record_event(connection, "case_viewed")
        record_event(connection, "options_ranked")
        assert heard == []
    assert heard == [2]


def test_listeners_hear_nothing_of_a_transaction_that_failed(engine: Engine) -> None:
    heard: list[int] = []
    announce_events(engine, heard.append)
    with pytest.raises(ZeroDivisionError):
        fail_after_recording(engine)
    with writing(engine) as connection:
        connection.execute(APPLIED.insert().values(source="own", sequence=1, name="change"))
    assert heard == []


@pytest.mark.parametrize(
    "facts",
    [{"surname": "x"}, {"reason_code": "He is afraid"}, {"reason_code": "x" * 401}, {"reason_code": "Zoë"}],
    ids=["a name not on the list", "words", "too long", "a letter that no id has"],
)
def test_what_may_be_personal_is_refused_and_not_repeated(engine: Engine, facts: dict[str, str]) -> None:
    with as_somebody(), writing(engine) as connection, pytest.raises(ValueError, match="may not tell") as refused:
        record_event(connection, "case_viewed", **facts)
    assert not any(value in str(refused.value) for value in facts.values() if value != "x")
    assert everything(engine) == []


def test_a_case_that_is_named_by_anything_but_an_id_is_refused(engine: Engine) -> None:
    with as_somebody(), writing(engine) as connection, pytest.raises(ValueError, match="by their ids"):
        record_event(connection, "case_viewed", case_ids=["Ann Other"])


def test_an_event_without_a_proper_name_is_refused(engine: Engine) -> None:
    with as_somebody(), writing(engine) as connection, pytest.raises(ValueError, match="past tense"):
        record_event(connection, "Case viewed")


def test_facts_are_kept_in_one_form(engine: Engine) -> None:
    with as_somebody(), writing(engine) as connection:
        record_event(connection, "offer_made", pool_id="pool_1", offer_id="offer_1", day=None)
        kept = connection.exec_driver_sql("SELECT facts FROM events").scalar_one()
    assert kept == json.dumps({"offer_id": "offer_1", "pool_id": "pool_1"}, separators=(",", ":"))
