"""Ids: prefixed, opaque, and the same content gives the same id."""

from __future__ import annotations

from shared.ids import content_id, new_id


def test_new_ids_differ_and_name_their_kind() -> None:
    assert new_id("req").startswith("req_")
    assert new_id("req") != new_id("req")


def test_the_same_content_gives_the_same_id() -> None:
    assert content_id("imp", "a.csv", b"1,2") == content_id("imp", b"a.csv", "1,2")


def test_where_one_part_ends_and_the_next_begins_is_part_of_the_content() -> None:
    assert content_id("imp", "ab", "c") != content_id("imp", "a", "bc")
