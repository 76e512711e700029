"""Prove that a chain is whole, or say where it first breaks. Reads it once, in order, in constant memory."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from services.journal.domain.chain import Head, Link, Sealer, empty_head
from services.journal.domain.sequences import Owed, Sequences

ALTERED, MISSING, REORDERED = "altered", "missing", "reordered"
CUT_OFF, ANCHOR_DIFFERS = "cut_off", "anchor_differs"


class Anchor(NamedTuple):
    """Where the chain of a source ended when somebody wrote it down."""

    source: str
    entry_number: int
    hash: str


class Break(NamedTuple):
    """The first thing wrong: an entry's number, one of the words above, and one plain sentence."""

    entry_number: int
    what: str
    reason: str


class SealedHead(NamedTuple):
    """A head as it is stored, with its seal."""

    head: Head
    seal: str


class Chain(NamedTuple):
    """What was found of a source's chain. `head` is where its entries end, whole or not."""

    source: str
    entries: int
    head: Head
    first_break: Break | None


def verify_chain(
    sealer: Sealer,
    source: str,
    links: Iterable[Link],
    stored: SealedHead | None,
    taken: int,
    anchors: Iterable[Anchor],
    pruned: SealedHead | None = None,
) -> Chain:
    """Recompute the chain of a source.

    `links` come in order of entry number; `stored` is its head as stored, None when there is none; `taken` is the
    sequence number up to which the source's log was read; `anchors` are those of this source; `pruned` is the last
    entry removed in its time, as stored, None when none was: an anchor from before it can no longer be held against
    anything.
    """
    walk = _Walk(sealer, source, anchors, pruned)
    entries = 0
    for link in links:
        walk.pass_link(link)
        entries += 1
    return Chain(source, entries, walk.end(), walk.first_break or walk.break_at_the_end(stored, taken))


class _Walk:
    """One walk along a chain."""

    def __init__(
        self, sealer: Sealer, source: str, anchors: Iterable[Anchor], pruned: SealedHead | None = None
    ) -> None:
        self._sealer, self._source = sealer, source
        self._anchors: dict[int, set[str]] = {}
        for anchor in anchors:
            self._anchors.setdefault(anchor.entry_number, set()).add(anchor.hash)
        self._last = pruned.head if pruned else empty_head(source)
        self._sequences = Sequences(self._last.last_sequence)
        self._not_as_sealed: Link | None = None
        self.first_break = self._check_pruning(pruned)

    def _check_pruning(self, pruned: SealedHead | None) -> Break | None:
        if pruned is None:
            return None
        number = pruned.head.entry_number
        if self._sealer.seal_pruning(pruned.head) != pruned.seal:
            reason = "was not sealed by the journal with its key"
            return Break(1, MISSING, f"What says that entries up to {number} were removed in their time {reason}.")
        return self._check_anchor(number, pruned.head.hash)

    def end(self) -> Head:
        """Where the entries end."""
        return self._last._replace(last_sequence=self._sequences.greatest)

    def pass_link(self, link: Link) -> None:
        """Check the next entry; after the first break only look for where a moved entry came from."""
        if self._not_as_sealed:
            self._look_for_its_place(link)
        elif self.first_break is None:
            self.first_break = self._check(link)
        number = max(link.entry.entry_number, self._last.entry_number)
        self._last = self._last._replace(entry_number=number, hash=link.hash)

    def _check(self, link: Link) -> Break | None:
        number, expected = link.entry.entry_number, self._last.entry_number + 1
        if number > expected:
            which = f"Entry {expected} is" if number == expected + 1 else f"Entries {expected} to {number - 1} are"
            return Break(expected, MISSING, f"{which} not there.")
        if number < expected:
            return Break(number, REORDERED, f"Entry {number} is there twice, or out of order.")
        if self._sealer.hash_entry(self._last.hash, link.entry) != link.hash:
            self._not_as_sealed = link
            return Break(number, ALTERED, f"Entry {number} is not what the journal sealed: it was altered or put in.")
        if not self._sequences.see(link.entry.sequence, number):
            return Break(number, REORDERED, f"Entry {number} repeats event {link.entry.sequence}.")
        return self._check_anchor(number, link.hash)

    def _check_anchor(self, number: int, found: str) -> Break | None:
        if self._anchors.get(number, set()) <= {found}:
            return None
        return Break(number, ANCHOR_DIFFERS, f"Entry {number} has another hash than the one that was written down.")

    def _look_for_its_place(self, link: Link) -> None:
        """Whether the entry that is not as sealed was sealed as the entry at this place, and moved since."""
        moved, place = self._not_as_sealed, link.entry.entry_number
        assert moved is not None
        entry = moved.entry._replace(entry_number=place)
        sealed = {self._sealer.hash_entry(previous, entry) for previous in (self._last.hash, link.hash)}
        if sealed & {moved.hash, link.hash}:
            number = moved.entry.entry_number
            self.first_break = Break(number, REORDERED, f"Entry {number} was sealed as entry {place} and moved.")
            self._not_as_sealed = None

    def break_at_the_end(self, stored: SealedHead | None, taken: int) -> Break | None:
        """What is wrong with a chain whose entries are all as sealed: its end, events passed over, later anchors."""
        return self._check_head(stored) or self._check_owed(taken) or self._check_later_anchors()

    def _check_head(self, stored: SealedHead | None) -> Break | None:
        last = self._last.entry_number
        if stored is None:
            return Break(last + 1, CUT_OFF, f"Nothing says that the chain ends at entry {last}.") if last else None
        if self._sealer.seal_head(stored.head) != stored.seal:
            reason = "What says where the chain ends was not sealed by the journal with its key."
            return Break(last + 1, CUT_OFF, f"{reason} Entries after {last} may be gone.")
        if stored.head.entry_number > last:
            return Break(last + 1, CUT_OFF, f"Entries {last + 1} to {stored.head.entry_number} are cut off.")
        if stored.head != self.end():
            at = stored.head.entry_number
            return Break(at, ALTERED, f"The chain is said to end at entry {at}, as it did once; it ends at {last}.")
        return None

    def _check_owed(self, taken: int) -> Break | None:
        owed = self._sequences.first_owed()
        if owed is None and taken > self._sequences.greatest:
            owed = Owed(self._sequences.greatest + 1, taken, self._last.entry_number + 1)
        if owed is None:
            return None
        first, last, number = owed
        which = f"event {first}" if first == last else f"events {first} to {last}"
        advice = "If `inborough events list` shows that as set aside, retry it there."
        return Break(number, MISSING, f"Read and not here: {which} of the log of {self._source}. {advice}")

    def _check_later_anchors(self) -> Break | None:
        """Anchors of entries that are not there. Entry 0 stands for a chain that had none yet."""
        last = self._last.entry_number
        beyond = [number for number in self._anchors if number > last]
        if not beyond:
            return self._check_anchor(0, empty_head(self._source).hash)
        return Break(last + 1, CUT_OFF, f"It had {max(beyond)} entries when it was written down; it ends at {last}.")
