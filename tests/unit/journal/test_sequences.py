"""Whether a chain holds every event of its log."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.journal.domain.sequences import Owed, Sequences


def after(*numbers: int) -> Sequences:
    """What is known once events of these numbers were seen, each in an entry of its own."""
    sequences = Sequences()
    for entry_number, number in enumerate(numbers, start=1):
        assert sequences.see(number, entry_number)
    return sequences


def test_nothing_is_owed_when_every_event_came_in_order() -> None:
    assert after(1, 2, 3).first_owed() is None


def test_one_event_may_have_several_entries() -> None:
    assert after(1, 1, 1, 2).first_owed() is None


def test_events_passed_over_are_owed() -> None:
    assert after(1, 5).first_owed() == Owed(2, 4, 2)


def test_a_first_event_that_is_not_the_first_owes_those_before() -> None:
    assert after(3).first_owed() == Owed(1, 2, 1)


def test_an_event_that_comes_late_is_no_longer_owed() -> None:
    assert after(1, 3, 2, 4).first_owed() is None


def test_only_those_that_came_late_are_no_longer_owed() -> None:
    assert after(1, 5, 3).first_owed() == Owed(2, 2, 2)
    assert after(1, 5, 3, 2).first_owed() == Owed(4, 4, 2)


def test_an_event_that_was_there_already_is_refused() -> None:
    assert not after(1, 2, 3).see(2, 4)


def test_a_late_event_that_was_there_already_is_refused() -> None:
    assert not after(1, 3, 2, 4).see(2, 5)


@given(st.permutations(range(1, 9)))
def test_whatever_the_order_nothing_is_owed_once_all_came(numbers: list[int]) -> None:
    assert after(*numbers).first_owed() is None


@given(st.permutations(range(1, 9)), st.integers(1, 8))
def test_whatever_the_order_what_never_came_is_owed(numbers: list[int], lost: int) -> None:
    sequences = after(*(number for number in numbers if number != lost))
    owed = sequences.first_owed()
    assert (owed.first, owed.last) == (lost, lost) if owed else sequences.greatest == lost - 1
