"""Whether a chain holds every event of its source's log: sequence numbers seen, and those still owed."""

from __future__ import annotations

from typing import NamedTuple


class Owed(NamedTuple):
    """Events `first` to `last` that were passed over, and the number of the entry at which that showed."""

    first: int
    last: int
    entry_number: int


class Sequences:
    """Follows the sequence numbers of a chain's entries. It remembers only what is owed, so its memory stays small.

    An event that could not be journaled at once and was later (`inborough events retry`) comes after newer ones; it
    pays what it is owed for.
    """

    def __init__(self, greatest: int = 0) -> None:
        """Begin after an event of that number, up to which nothing was owed; 0: at the first."""
        self._owed: list[Owed] = []
        self._current = 0
        self.greatest = greatest

    def see(self, sequence: int, entry_number: int) -> bool:
        """Take the next entry's number; False when it is of an event that was journaled before."""
        if sequence == self._current:
            return True  # the same event, about another case
        self._current = sequence
        if sequence <= self.greatest:
            return self._pay(sequence)
        if sequence > self.greatest + 1:
            self._owed.append(Owed(self.greatest + 1, sequence - 1, entry_number))
        self.greatest = sequence
        return True

    def first_owed(self) -> Owed | None:
        """The oldest events that were passed over and never came; None when all came."""
        return min(self._owed, default=None)

    def _pay(self, sequence: int) -> bool:
        for at, owed in enumerate(self._owed):
            if owed.first <= sequence <= owed.last:
                parts = (owed._replace(last=sequence - 1), owed._replace(first=sequence + 1))
                self._owed[at : at + 1] = [part for part in parts if part.first <= part.last]
                return True
        return False
