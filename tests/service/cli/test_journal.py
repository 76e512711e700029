"""`inborough journal`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inborough.journal.v1 import journal_pb2
from tests.builders.cli import CASE_ID
from tests.service.cli.conftest import Ran, StandIns

Inborough = Callable[..., Ran]
HASH = "ab" * 32


def a_chain(**changes: Any) -> journal_pb2.Chain:
    head = journal_pb2.Anchor(source="placement", entry_number=7, hash=HASH)
    facts: dict[str, Any] = {"source": "placement", "entries": 7, "head": head, "last_sequence": 9}
    return journal_pb2.Chain(**{**facts, **changes})


def verified(services: StandIns, *chains: journal_pb2.Chain) -> None:
    sound = not any(chain.HasField("first_break") for chain in chains)
    services.answer("VerifyJournal", journal_pb2.VerifyJournalResponse(sound=sound, chains=chains))


def test_entries_say_who_did_what_for_whom_about_which_case(services: StandIns, inborough: Inborough) -> None:
    entry = journal_pb2.Entry(
        source="placement",
        entry_number=7,
        name="decision_recorded",
        occurred_time="2024-02-01T10:30:00Z",
        actor="service_placement",
        on_behalf_of="user_ann",
        case_id=CASE_ID,
        facts={"decision_id": "dec_1"},
        hash=HASH,
    )
    services.answer("ListEntries", journal_pb2.ListEntriesResponse(entries=[entry], next_page_token="t2"))
    filters = ("--case", CASE_ID, "--actor", "user_ann", "--source", "placement", "--name", "decision_recorded")
    ran = inborough("journal", "list", *filters, "--request", "cli_1", "--newest")
    said = " ".join(ran.out.split())
    for words in ("1 Feb 2024 10:30", "service_placement", "decision recorded", CASE_ID, "for user_ann", "dec_1"):
        assert words in said
    assert max(map(len, ran.out.splitlines())) <= 80
    asked = services.asked["ListEntries"]
    assert (asked.case_id, asked.actor, asked.source) == (CASE_ID, "user_ann", "placement")
    assert (asked.name, asked.request_id, asked.newest_first) == ("decision_recorded", "cli_1", True)
    (given,) = json.loads(inborough("journal", "list", "--json").out)["entries"]
    assert not services.asked["ListEntries"].newest_first
    assert (given["facts"], given["hash"], given["roles"]) == ({"decision_id": "dec_1"}, HASH, [])


def test_an_empty_journal_says_where_to_look(services: StandIns, inborough: Inborough) -> None:
    services.answer("ListEntries", journal_pb2.ListEntriesResponse())
    assert "inborough events list" in " ".join(inborough("journal", "list").out.split())


def test_a_whole_journal_says_so(services: StandIns, inborough: Inborough) -> None:
    verified(services, a_chain())
    ran = inborough("journal", "verify")
    assert ran.status == 0
    assert "The journal is whole." in ran.out
    assert json.loads(inborough("journal", "verify", "--json").out)["chains"][0]["first_break"] is None


def test_a_broken_journal_is_an_answer_of_no_with_the_first_thing_wrong(
    services: StandIns, inborough: Inborough, tmp_path: Path
) -> None:
    found = journal_pb2.Break(entry_number=3, what="cut_off", reason="Entries after 2 are gone.")
    verified(services, a_chain(first_break=found))
    ran = inborough("journal", "verify", "--write-anchors", str(tmp_path / "anchors.json"))
    assert ran.status == 1
    said = " ".join(ran.out.split())
    assert "cut off Entry 3. Entries after 2 are gone." in said
    assert "The journal is NOT whole" in said
    assert not (tmp_path / "anchors.json").exists()
    assert inborough("journal", "verify", "--json").status == 1


def test_anchors_are_written_and_held_against_the_journal_later(
    services: StandIns, inborough: Inborough, tmp_path: Path
) -> None:
    verified(services, a_chain())
    path = tmp_path / "anchors.json"
    assert inborough("journal", "verify", "--write-anchors", str(path)).status == 0
    assert json.loads(path.read_text())["anchors"] == [{"source": "placement", "entry_number": 7, "hash": HASH}]
    ran = inborough("journal", "verify", "--anchors", str(path))
    assert list(services.asked["VerifyJournal"].anchors) == [a_chain().head]
    assert "whole and holds 1 anchor." in ran.out


def test_old_anchors_are_never_written_over(services: StandIns, inborough: Inborough, tmp_path: Path) -> None:
    path = tmp_path / "anchors.json"
    path.write_text("mine")
    ran = inborough("journal", "verify", "--write-anchors", str(path))
    assert (ran.status, path.read_text()) == (2, "mine")
    assert not services.asked


@pytest.mark.parametrize("content", ["", "{}", '{"format": "inborough-journal-anchors/1", "anchors": [{"source": 1}]}'])
def test_a_file_of_something_else_holds_no_anchors(
    services: StandIns, inborough: Inborough, tmp_path: Path, content: str
) -> None:
    path = tmp_path / "other.json"
    path.write_text(content)
    ran = inborough("journal", "verify", "--anchors", str(path))
    assert (ran.status, "holds no anchors" in ran.err) == (2, True)
    assert not services.asked
