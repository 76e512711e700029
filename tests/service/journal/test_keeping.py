"""How events become entries: once each, in order, sealed, whatever comes in between."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from sqlalchemy import Connection, Engine, select, text

from inborough.events.v1 import events_pb2
from services.journal.domain.chain import Sealer
from services.journal.domain.entries import SOURCES
from services.journal.domain.verifying import Chain
from services.journal.events import keeping
from services.journal.operations import HeadNotOurs, list_heads_not_ours, need_own_head, verify_chains
from services.journal.storage.tables import entries
from shared.database import reading, writing
from shared.event_log.consume import Apply, Consumer, Patience
from shared.event_log.tables import dead_letters
from tests.builders.journal import SEALER, Log, any_log, case_id, keep
from tests.faults.tampering import older_copy, put_back, read, tampered

OTHER_KEY = Sealer(b"another key than that")


def chains(engine: Engine, sealer: Sealer = SEALER) -> dict[str, Chain]:
    with reading(engine) as connection:
        return {chain.source: chain for chain in verify_chains(connection, sealer, [])}


def kept(engine: Engine) -> list[tuple[str, int, int, str]]:
    """Source, number, sequence and case of every entry."""
    columns = select(entries.c.source, entries.c.entry_number, entries.c.sequence, entries.c.case_id)
    with reading(engine) as connection:
        found = connection.execute(columns.order_by(entries.c.source, entries.c.entry_number))
        return [(row.source, row.entry_number, row.sequence, row.case_id) for row in found]


def test_each_event_is_an_entry_for_each_case_in_the_order_of_its_log(engine: Engine) -> None:
    log = Log("caseload")
    log.add("sen2_imported")
    log.add("cases_changed", [case_id(2), case_id(1)])
    log.add("case_viewed", [case_id(1)])
    keep(engine, log)
    assert kept(engine) == [
        ("caseload", 1, 1, ""),
        ("caseload", 2, 2, case_id(2)),
        ("caseload", 3, 2, case_id(1)),
        ("caseload", 4, 3, case_id(1)),
    ]


def test_each_source_has_a_chain_of_its_own_and_all_are_whole(engine: Engine) -> None:
    rng = random.Random(1)
    logs = [any_log(source, 20, rng) for source in SOURCES]
    for _ in range(2):  # the second time there is nothing new
        keep(engine, *logs)
    found = chains(engine)
    assert {source: chain.first_break for source, chain in found.items()} == dict.fromkeys(SOURCES)
    assert {chain.head.last_sequence for chain in found.values()} == {20}
    assert sum(chain.entries for chain in found.values()) == len(kept(engine))


def test_a_cursor_that_was_put_back_adds_nothing_twice(engine: Engine) -> None:
    log = any_log("caseload", 10, random.Random(2))
    keep(engine, log)
    before = kept(engine)
    with writing(engine) as connection:
        connection.execute(text("DELETE FROM cursors"))
    keep(engine, log)
    assert kept(engine) == before
    assert chains(engine)["caseload"].first_break is None


def test_a_journal_that_was_put_back_reads_on_to_the_same_hashes(engine: Engine) -> None:
    log = any_log("caseload", 10, random.Random(3))
    keep(engine, log)
    head = chains(engine)["caseload"].head
    with writing(engine) as connection:
        held = read(connection, "caseload")
        older = tampered(held, older_copy, random.Random(3))
        assert older.cursor is not None
        older.cursor |= {"event_id": log.events[older.cursor["sequence"] - 1].event_id}
        put_back(connection, older)
    assert chains(engine)["caseload"].head != head
    keep(engine, log)
    assert chains(engine)["caseload"].head == head


def failing_on(sequences: Sequence[int]) -> Apply:
    """The journal's own way of keeping events, but for some that fail."""
    keep_it = keeping(SEALER)

    def apply(connection: Connection, source: str, event: events_pb2.Event) -> None:
        if event.sequence in sequences:
            raise ValueError("poison")
        keep_it(connection, source, event)

    return apply


def test_an_event_that_was_set_aside_is_missing_until_it_is_tried_again(engine: Engine) -> None:
    log = any_log("caseload", 4, random.Random(4))
    patience = Patience(attempts=1, first_wait_seconds=0)
    Consumer(engine, {"caseload": log.ask}, failing_on([2, 3]), patience).pull("caseload")
    broken = chains(engine)["caseload"].first_break
    assert broken is not None
    assert (broken.what, "events 2 to 3" in broken.reason) == ("missing", True)
    with writing(engine) as connection:
        connection.execute(dead_letters.update().values(retrying=True))
    Consumer(engine, {"caseload": log.ask}, keeping(SEALER)).retry_marked()
    assert chains(engine)["caseload"].first_break is None


def test_with_another_key_nothing_is_added_and_the_log_is_not_read(engine: Engine) -> None:
    log = any_log("caseload", 3, random.Random(5))
    keep(engine, log)
    with pytest.raises(HeadNotOurs, match="INBOROUGH_JOURNAL_KEY"):
        need_own_head(engine, OTHER_KEY, "caseload")
    assert list_heads_not_ours(engine, OTHER_KEY) == ["caseload"]
    need_own_head(engine, OTHER_KEY, "cost")
    need_own_head(engine, SEALER, "caseload")


def test_an_event_is_kept_whole_with_who_when_and_for_whom(engine: Engine) -> None:
    log = Log("placement")
    log.add(
        "decision_recorded",
        [case_id(7)],
        actor="service_placement",
        roles=["service"],
        on_behalf_of="user_chair",
        request_id="request-9",
        facts={"ground": "unsuitable", "decision_id": "dec_1"},
    )
    keep(engine, log)
    with reading(engine) as connection:
        (row,) = connection.execute(select(entries)).mappings()
    assert dict(row) | {"hash": ""} == {
        "source": "placement",
        "entry_number": 1,
        "sequence": 1,
        "name": "decision_recorded",
        "occurred_at_utc": "2024-02-01T09:01:00Z",
        "actor": "service_placement",
        "roles": "service",
        "on_behalf_of": "user_chair",
        "request_id": "request-9",
        "case_id": case_id(7),
        "facts": '{"decision_id":"dec_1","ground":"unsuitable"}',
        "hash": "",
    }
