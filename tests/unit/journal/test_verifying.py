"""What a break is called, on a chain of four entries of which one event has two."""

from __future__ import annotations

import pytest

from services.journal.domain.chain import BEFORE_THE_FIRST, Head, Link, Sealer, empty_head, link_entries
from services.journal.domain.entries import Happening, build_entries
from services.journal.domain.verifying import Anchor, Break, Chain, SealedHead, verify_chain
from tests.builders.journal import SEALER


def happening(sequence: int, *case_ids: str) -> Happening:
    return Happening(
        sequence, "case_viewed", "2024-02-01T09:00:00Z", "user_chair", "panel_chair", "", "", case_ids, "{}"
    )


def chain_of(*happenings: Happening) -> list[Link]:
    """The links that the journal makes of these events."""
    links: list[Link] = []
    head = empty_head("caseload")
    for each in happenings:
        links += link_entries(SEALER, head, build_entries("caseload", each, head.entry_number))
        head = Head("caseload", len(links), links[-1].hash, max(each.sequence, head.last_sequence))
    return links


WHOLE = chain_of(happening(1), happening(2, "case_a", "case_b"), happening(3))
END = Head("caseload", 4, WHOLE[-1].hash, 3)


def sealed(head: Head) -> SealedHead:
    return SealedHead(head, SEALER.seal_head(head))


SEALED_END = sealed(END)


def verified(
    links: list[Link] = WHOLE,
    head: SealedHead | None = SEALED_END,
    taken: int = 3,
    anchors: tuple[Anchor, ...] = (),
    sealer: Sealer = SEALER,
) -> Chain:
    return verify_chain(sealer, "caseload", links, head, taken, anchors)


def broken(*arguments: object, **named: object) -> Break:
    found = verified(*arguments, **named).first_break  # type: ignore[arg-type]
    assert found is not None
    return found


def test_a_whole_chain_is_sound_and_says_where_it_ends() -> None:
    assert verified() == Chain("caseload", 4, END, None)


def test_a_chain_without_entries_is_sound() -> None:
    assert verified([], None, 0) == Chain("caseload", 0, empty_head("caseload"), None)


def test_an_anchor_of_any_entry_holds_for_a_whole_chain() -> None:
    anchors = [Anchor("caseload", 0, BEFORE_THE_FIRST)]
    anchors += [Anchor("caseload", link.entry.entry_number, link.hash) for link in WHOLE]
    assert verified(anchors=tuple(anchors)).first_break is None


def test_an_altered_entry_is_named() -> None:
    links = WHOLE.copy()
    links[1] = links[1]._replace(entry=links[1].entry._replace(actor="user_else"))
    found = broken(links)
    assert (found.entry_number, found.what) == (2, "altered")
    assert found.reason == "Entry 2 is not what the journal sealed: it was altered or put in."


def test_a_missing_entry_is_named() -> None:
    found = broken([WHOLE[0], *WHOLE[2:]])
    assert found == Break(2, "missing", "Entry 2 is not there.")


def test_missing_entries_are_named_together() -> None:
    assert broken(WHOLE[3:]) == Break(1, "missing", "Entries 1 to 3 are not there.")


def test_a_moved_entry_is_named_with_the_place_it_came_from() -> None:
    first, second, third, fourth = WHOLE
    links = [
        first,
        fourth._replace(entry=fourth.entry._replace(entry_number=2)),
        third,
        second._replace(entry=second.entry._replace(entry_number=4)),
    ]
    assert broken(links) == Break(2, "reordered", "Entry 2 was sealed as entry 4 and moved.")


def test_neighbours_that_changed_places_are_reordered() -> None:
    first, second, third, fourth = WHOLE
    links = [
        first,
        third._replace(entry=third.entry._replace(entry_number=2)),
        second._replace(entry=second.entry._replace(entry_number=3)),
        fourth,
    ]
    assert broken(links).what == "reordered"


def test_an_entry_that_is_there_twice_is_reordered() -> None:
    assert broken([*WHOLE[:2], *WHOLE[1:]]) == Break(2, "reordered", "Entry 2 is there twice, or out of order.")


def test_an_event_that_was_sealed_twice_is_named() -> None:
    links = chain_of(happening(1), happening(2), happening(3), happening(2))
    assert broken(links) == Break(4, "reordered", "Entry 4 repeats event 2.")


def test_a_tail_that_is_gone_is_cut_off() -> None:
    assert broken(WHOLE[:2]) == Break(3, "cut_off", "Entries 3 to 4 are cut off.")


def test_an_older_entry_that_is_called_the_head_does_not_pass() -> None:
    pretended = SealedHead(Head("caseload", 2, WHOLE[1].hash, 2), SEALER.seal_head(END))
    found = broken(WHOLE[:2], pretended)
    assert (found.entry_number, found.what) == (3, "cut_off")
    assert "was not sealed by the journal" in found.reason


def test_a_head_that_is_gone_is_cut_off() -> None:
    assert broken(head=None) == Break(5, "cut_off", "Nothing says that the chain ends at entry 4.")


def test_an_older_head_beside_newer_entries_is_altered() -> None:
    found = broken(head=sealed(Head("caseload", 1, WHOLE[0].hash, 1)))
    assert found == Break(1, "altered", "The chain is said to end at entry 1, as it did once; it ends at 4.")


def test_events_that_were_read_and_never_came_are_missing() -> None:
    links = chain_of(happening(1), happening(4))
    found = broken(links, sealed(Head("caseload", 2, links[-1].hash, 4)), 4)
    assert (found.entry_number, found.what) == (2, "missing")
    assert found.reason.startswith("Read and not here: events 2 to 3 of the log of caseload.")


def test_events_that_were_read_after_the_last_entry_are_missing() -> None:
    found = broken(taken=4)
    assert (found.entry_number, found.what) == (5, "missing")


def test_an_event_that_was_set_aside_and_came_late_is_no_break() -> None:
    links = chain_of(happening(1), happening(3), happening(2, "case_a"), happening(4))
    assert verified(links, sealed(Head("caseload", 4, links[-1].hash, 4)), 4).first_break is None


def test_a_chain_that_ends_before_an_anchor_is_cut_off() -> None:
    found = broken(anchors=(Anchor("caseload", 6, "0" * 64),))
    assert found == Break(5, "cut_off", "It had 6 entries when it was written down; it ends at 4.")


def test_an_anchor_with_another_hash_differs() -> None:
    found = broken(anchors=(Anchor("caseload", 2, "0" * 64),))
    assert (found.entry_number, found.what) == (2, "anchor_differs")


def test_each_of_two_anchors_of_one_entry_must_hold() -> None:
    anchors = (Anchor("caseload", 2, "0" * 64), Anchor("caseload", 2, WHOLE[1].hash))
    assert broken(anchors=anchors).what == "anchor_differs"


@pytest.mark.parametrize("number", [1, 4])
def test_with_another_key_nothing_is_sound(number: int) -> None:
    found = broken(sealer=Sealer(b"another key than that"), anchors=(Anchor("caseload", number, "0" * 64),))
    assert (found.entry_number, found.what) == (1, "altered")


def test_the_end_is_told_even_of_a_broken_chain() -> None:
    found = verified([WHOLE[0], *WHOLE[2:]])
    assert (found.entries, found.head.entry_number, found.head.hash) == (3, 4, WHOLE[-1].hash)
