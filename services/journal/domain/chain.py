"""The hash chain of a source: each entry is sealed together with the hash of the one before it.

A seal is HMAC-SHA256 (RFC 2104) under a key that is not in the database. So whoever can write to the database, and has
not the key, can make no entry, and change, move or remove none, without the chain showing it. The head of a chain is
sealed too: else the newest entries could be cut off and an older entry be called the head.
"""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass, field
from typing import NamedTuple

from services.journal.domain.entries import Entry

BEFORE_THE_FIRST = "0" * 64
"""Stands for the hash before entry 1."""
ENTRY, HEAD = "inborough-journal-entry/1", "inborough-journal-head/1"
PRUNING = "inborough-journal-pruning/1"
"""What is sealed, and in which form. Another form is another word, so that no seal serves for two things."""


class Link(NamedTuple):
    """An entry and its hash, 64 hexadecimal digits."""

    entry: Entry
    hash: str


class Head(NamedTuple):
    """Where a chain ends: its last entry's number and hash, and the greatest sequence number among its events."""

    source: str
    entry_number: int
    hash: str
    last_sequence: int


@dataclass(frozen=True)
class Sealer:
    """Seals entries and heads. `key` is the journal's secret, 16 bytes or more."""

    key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.key) < 16:
            raise ValueError("Expected a key of 16 bytes or more.")

    def hash_entry(self, previous_hash: str, entry: Entry) -> str:
        """The hash of an entry that follows the one of `previous_hash`."""
        return self._seal([ENTRY, previous_hash, *entry])

    def seal_head(self, head: Head) -> str:
        """What proves that the journal itself put the head there."""
        return self._seal([HEAD, *head])

    def seal_pruning(self, last_removed: Head) -> str:
        """What proves that the journal itself removed the entries up to this one, when their term was up."""
        return self._seal([PRUNING, *last_removed])

    def _seal(self, parts: list[object]) -> str:
        return hmac.digest(self.key, json.dumps(parts, separators=(",", ":")).encode(), "sha256").hex()


def link_entries(sealer: Sealer, head: Head, entries: list[Entry]) -> list[Link]:
    """Chain entries, in order, to what is there already."""
    links, previous = [], head.hash
    for entry in entries:
        previous = sealer.hash_entry(previous, entry)
        links.append(Link(entry, previous))
    return links


def empty_head(source: str) -> Head:
    """The head of a chain without entries."""
    return Head(source, 0, BEFORE_THE_FIRST, 0)
