"""Entries and how they are sealed together."""

from __future__ import annotations

from typing import Any

import pytest

from services.journal.domain.chain import BEFORE_THE_FIRST, Head, Sealer, empty_head, link_entries
from services.journal.domain.entries import Entry, Happening, build_entries

SEALER = Sealer(b"a key of this test")
VIEWED = Happening(
    sequence=7,
    name="case_viewed",
    occurred_at_utc="2024-02-01T09:00:00Z",
    actor="user_chair",
    roles="panel_chair",
    on_behalf_of="",
    request_id="request-1",
    case_ids=("case_a", "case_b"),
    facts="{}",
)
ENTRY = build_entries("caseload", VIEWED, after=0)[0]


def test_an_event_is_one_entry_for_each_case() -> None:
    found = build_entries("caseload", VIEWED, after=41)
    assert [(entry.entry_number, entry.sequence, entry.case_id) for entry in found] == [
        (42, 7, "case_a"),
        (43, 7, "case_b"),
    ]


def test_an_event_about_no_case_is_one_entry() -> None:
    (entry,) = build_entries("cost", VIEWED._replace(case_ids=()), after=0)
    assert (entry.entry_number, entry.case_id) == (1, "")


def test_a_case_that_an_event_names_twice_has_one_entry() -> None:
    assert len(build_entries("caseload", VIEWED._replace(case_ids=("case_a", "case_a")), after=0)) == 1


@pytest.mark.parametrize("field", Entry._fields)
def test_every_field_of_an_entry_is_sealed(field: str) -> None:
    values: dict[str, Any] = {field: 99 if isinstance(getattr(ENTRY, field), int) else "other"}
    other = ENTRY._replace(**values)
    assert SEALER.hash_entry(BEFORE_THE_FIRST, other) != SEALER.hash_entry(BEFORE_THE_FIRST, ENTRY)


def test_what_stands_in_one_field_is_never_taken_for_another() -> None:
    one, other = ENTRY._replace(actor="a,b", roles="c"), ENTRY._replace(actor="a", roles="b,c")
    assert SEALER.hash_entry(BEFORE_THE_FIRST, one) != SEALER.hash_entry(BEFORE_THE_FIRST, other)


def test_an_entry_is_sealed_with_the_one_before_it() -> None:
    assert SEALER.hash_entry("1" * 64, ENTRY) != SEALER.hash_entry(BEFORE_THE_FIRST, ENTRY)


def test_another_key_makes_another_hash() -> None:
    assert Sealer(b"another key than that").hash_entry(BEFORE_THE_FIRST, ENTRY) != SEALER.hash_entry(
        BEFORE_THE_FIRST, ENTRY
    )


@pytest.mark.parametrize("field", Head._fields)
def test_every_field_of_a_head_is_sealed(field: str) -> None:
    head = empty_head("caseload")
    values: dict[str, Any] = {field: 99 if isinstance(getattr(head, field), int) else "other"}
    other = head._replace(**values)
    assert SEALER.seal_head(other) != SEALER.seal_head(head)


def test_entries_are_linked_to_the_head_that_there_is() -> None:
    first, second = link_entries(SEALER, empty_head("caseload"), build_entries("caseload", VIEWED, after=0))
    assert first.hash == SEALER.hash_entry(BEFORE_THE_FIRST, first.entry)
    assert second.hash == SEALER.hash_entry(first.hash, second.entry)


def test_the_form_that_is_sealed_never_changes() -> None:
    assert (
        Sealer(b"0123456789abcdef").hash_entry(BEFORE_THE_FIRST, ENTRY)
        == "8a53dc0e6248a2bcb4ab04d7cd65f1d9fdaaff92d5c3b0363f480de23cefdbb5"
    )


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes or more"):
        Sealer(b"short")


def test_a_key_is_never_shown() -> None:
    assert "a key of this test" not in repr(SEALER)
