"""ListEntries and VerifyJournal over gRPC."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, text

from inborough.journal.v1 import journal_pb2
from services.journal.operations import NobodyWaits, verify_journal
from shared.database import reading, writing
from shared.errors import InvalidInput, NotAllowed
from shared.event_log import list_events
from shared.event_log.log import Event
from tests.builders.journal import SEALER, Log, case_id, keep
from tests.faults.tampering import put_back, read
from tests.service.journal.conftest import Reader

SECONDS = 30


@pytest.fixture
def filled(engine: Engine) -> Engine:
    """Two services' logs: an import of two cases, a view, a decision for somebody, prices."""
    caseload, cost = Log("caseload"), Log("cost")
    caseload.add("cases_changed", [case_id(1), case_id(2)], actor="user_admin", facts={"import_id": "imp_1"})
    caseload.add("case_viewed", [case_id(1)], actor="user_chair", request_id="request-view")
    caseload.add("placement_recorded", [case_id(1)], actor="service_placement", on_behalf_of="user_chair")
    cost.add("rate_card_imported", actor="user_admin", occurred_time="2024-02-01T09:01:30Z")
    keep(engine, caseload, cost)
    return engine


def listed(reader: Reader, **wanted: Any) -> journal_pb2.ListEntriesResponse:
    return reader().ListEntries(journal_pb2.ListEntriesRequest(**wanted), timeout=SECONDS)


def verified(reader: Reader, *anchors: journal_pb2.Anchor) -> journal_pb2.VerifyJournalResponse:
    return reader().VerifyJournal(journal_pb2.VerifyJournalRequest(anchors=anchors), timeout=SECONDS)


def names(response: journal_pb2.ListEntriesResponse) -> list[str]:
    return [entry.name for entry in response.entries]


def own_events(engine: Engine) -> list[Event]:
    with reading(engine) as connection:
        return list_events(connection, 0, 100)


def test_entries_of_all_services_come_in_order_of_time(filled: Engine, reader: Reader) -> None:
    found = listed(reader)
    assert [(entry.source, entry.entry_number) for entry in found.entries] == [
        ("caseload", 1),
        ("caseload", 2),
        ("cost", 1),
        ("caseload", 3),
        ("caseload", 4),
    ]
    assert found.next_page_token == ""


def test_an_entry_tells_who_what_when_for_whom_and_its_hash(filled: Engine, reader: Reader) -> None:
    (entry,) = listed(reader, name="placement_recorded").entries
    assert len(entry.hash) == 64
    entry.ClearField("hash")
    assert entry == journal_pb2.Entry(
        source="caseload",
        entry_number=4,
        sequence=3,
        name="placement_recorded",
        occurred_time="2024-02-01T09:03:00Z",
        actor="service_placement",
        roles=["panel_chair"],
        on_behalf_of="user_chair",
        request_id="request-3",
        case_id=case_id(1),
    )
    assert listed(reader, name="cases_changed").entries[0].facts == {"import_id": "imp_1"}


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"case_id": case_id(1)}, ["cases_changed", "case_viewed", "placement_recorded"]),
        ({"case_id": case_id(2)}, ["cases_changed"]),
        ({"case_id": case_id(3)}, []),
        ({"actor": "user_chair"}, ["case_viewed", "placement_recorded"]),
        ({"actor": "service_placement"}, ["placement_recorded"]),
        ({"source": "cost"}, ["rate_card_imported"]),
        ({"name": "case_viewed"}, ["case_viewed"]),
        ({"request_id": "request-view"}, ["case_viewed"]),
        ({"case_id": case_id(1), "actor": "user_admin"}, ["cases_changed"]),
        ({"source": "cost", "name": "case_viewed"}, []),
    ],
)
def test_only_entries_that_meet_every_filter_are_listed(
    wanted: dict[str, str], expected: list[str], filled: Engine, reader: Reader
) -> None:
    assert names(listed(reader, **wanted)) == expected


@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize("size", [1, 2, 4])
def test_pages_give_every_entry_once(size: int, newest_first: bool, filled: Engine, reader: Reader) -> None:
    found: list[journal_pb2.Entry] = []
    token = ""
    while True:
        page = listed(reader, page_size=size, page_token=token, newest_first=newest_first)
        assert len(page.entries) <= size
        found += page.entries
        token = page.next_page_token
        if not token:
            break
    whole = list(listed(reader).entries)
    assert found == (whole[::-1] if newest_first else whole)


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"page_size": 501}, "page_size"),
        ({"page_size": -1}, "page_size"),
        ({"page_token": "made-up"}, "page_token"),
        ({"source": "elsewhere"}, "source"),
        ({"case_id": "Somebody Real"}, "case_id"),
        ({"actor": "Somebody Real"}, "actor"),
        ({"name": "Somebody Real"}, "name"),
        ({"request_id": "Somebody Real"}, "request_id"),
    ],
)
def test_what_nothing_could_match_is_refused_by_name_and_never_echoed(
    wanted: dict[str, Any], field: str, filled: Engine, reader: Reader
) -> None:
    with pytest.raises(InvalidInput) as refused:
        listed(reader, **wanted)
    assert refused.value.facts["field"] == field
    assert "Somebody" not in refused.value.message
    assert own_events(filled) == []


def test_a_page_token_of_another_list_is_refused(filled: Engine, reader: Reader) -> None:
    token = listed(reader, page_size=1).next_page_token
    with pytest.raises(InvalidInput, match="page_token"):
        listed(reader, page_size=1, page_token=token, source="caseload")
    with pytest.raises(InvalidInput, match="page_token"):
        listed(reader, page_size=1, page_token=token, newest_first=True)


def test_only_an_auditor_reads_entries(filled: Engine, reader: Reader) -> None:
    with pytest.raises(NotAllowed):
        reader("administrator").ListEntries(journal_pb2.ListEntriesRequest(), timeout=SECONDS)
    assert reader("administrator").VerifyJournal(journal_pb2.VerifyJournalRequest(), timeout=SECONDS).sound


def test_looking_at_a_cases_entries_is_journaled_as_a_look_at_the_case(filled: Engine, reader: Reader) -> None:
    listed(reader, case_id=case_id(1), name="case_viewed")
    listed(reader)
    asked, all_listed = own_events(filled)
    assert (asked.name, asked.actor, asked.case_ids) == ("journal_viewed", "user_auditor", (case_id(1),))
    assert asked.facts == {"entries": "1", "kind": "case_id,name"}
    assert (all_listed.case_ids, all_listed.facts) == ((), {"entries": "5", "kind": "all"})


def test_a_whole_journal_is_sound_and_gives_heads_to_write_down(filled: Engine, reader: Reader) -> None:
    answer = verified(reader)
    assert answer.sound
    assert [(chain.source, chain.entries, chain.last_sequence) for chain in answer.chains] == [
        ("caseload", 4, 3),
        ("cost", 1, 1),
        ("journal", 0, 0),
        ("placement", 0, 0),
        ("provision", 0, 0),
    ]
    assert verified(reader, *(chain.head for chain in answer.chains)).sound


def test_proving_the_journal_is_journaled_with_its_outcome(filled: Engine, reader: Reader) -> None:
    head = verified(reader).chains[0].head
    verified(reader, head, journal_pb2.Anchor(source="cost", entry_number=1, hash="0" * 64))
    first, second = own_events(filled)
    assert (first.name, first.facts) == ("journal_verified", {"anchor": "0", "entries": "5", "sound": "yes"})
    assert second.facts == {"anchor": "2", "entries": "5", "sound": "no"}


def test_its_own_views_come_into_the_journal_like_any_other(filled: Engine, reader: Reader) -> None:
    listed(reader)
    log = Log("journal")
    for event in own_events(filled):
        log.add(event.name, event.case_ids, event_id=event.event_id, facts=dict(event.facts))
    keep(filled, log)
    assert names(listed(reader, source="journal")) == ["journal_viewed"]
    assert verified(reader).sound


def tamper(engine: Engine, change: Callable[[Any], None]) -> None:
    """Change what the database holds of caseload, for good."""
    with writing(engine) as connection:
        held = read(connection, "caseload")
        change(held)
        put_back(connection, held)


def test_an_altered_entry_is_named_with_a_reason(filled: Engine, reader: Reader) -> None:
    tamper(filled, lambda held: held.rows[2].update(actor="user_else"))
    answer = verified(reader)
    assert not answer.sound
    caseload, *others = answer.chains
    assert (caseload.first_break.entry_number, caseload.first_break.what) == (3, "altered")
    assert caseload.first_break.reason.endswith(".")
    assert not any(chain.HasField("first_break") for chain in others)


def test_entries_of_a_service_that_is_not_read_are_not_sound(filled: Engine, reader: Reader) -> None:
    with writing(filled) as connection:
        connection.execute(
            text(
                "INSERT INTO entries SELECT 'elsewhere', entry_number, sequence, name, occurred_at_utc, actor, roles,"
                " on_behalf_of, request_id, case_id, facts, hash FROM entries WHERE source = 'cost'"
            )
        )
    broken = {
        chain.source: chain.first_break.what for chain in verified(reader).chains if chain.HasField("first_break")
    }
    assert broken == {"elsewhere": "altered"}


def test_facts_that_somebody_made_unreadable_do_not_hide_the_other_entries(filled: Engine, reader: Reader) -> None:
    tamper(filled, lambda held: held.rows[2].update(facts="{not json"))
    assert len(listed(reader).entries) == 5
    assert not verified(reader).sound


@pytest.mark.parametrize(
    "anchor",
    [
        {"source": "elsewhere", "entry_number": 1, "hash": "0" * 64},
        {"source": "caseload", "entry_number": -1, "hash": "0" * 64},
        {"source": "caseload", "entry_number": 1, "hash": "0" * 63},
        {"source": "caseload", "entry_number": 1, "hash": "Somebody Real"},
    ],
)
def test_an_anchor_that_is_none_is_refused(anchor: dict[str, Any], filled: Engine, reader: Reader) -> None:
    with pytest.raises(InvalidInput, match="anchors") as refused:
        verified(reader, journal_pb2.Anchor(**anchor))
    assert "Somebody" not in refused.value.message


def test_a_verification_that_nobody_waits_for_ends_and_is_no_outcome(filled: Engine) -> None:
    with pytest.raises(NobodyWaits):
        verify_journal(filled, SEALER, [], still_wanted=lambda: False)
    assert own_events(filled) == []
