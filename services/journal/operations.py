"""One function an RPC or event: the only place where the journal grows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, fields

from sqlalchemy import Connection, Engine

from services.journal.domain.chain import Head, Link, Sealer, empty_head, link_entries
from services.journal.domain.entries import SOURCES, Happening, build_entries
from services.journal.domain.verifying import Anchor, Chain, SealedHead, verify_chain
from services.journal.storage import prunings, repository
from services.journal.storage.repository import Filters, Position
from shared.database import reading, writing
from shared.errors import WrongState
from shared.event_log import record_event

ENTRIES_A_LOOK = 1000
"""Entries that are verified between two looks at whether anybody still waits."""


@dataclass(frozen=True)
class Page:
    """Entries in order, and where the next page begins; None on the last."""

    links: Sequence[Link]
    following: Position | None


class HeadNotOurs(WrongState):
    """The end of a chain was put there by somebody else, or with another key. Nothing is added to it: the events stay
    in their service's log and are read again once it is mended."""

    def __init__(self, source: str) -> None:
        super().__init__(
            f"The chain of {source} does not end as the journal sealed it, or INBOROUGH_JOURNAL_KEY is not the key it "
            "was sealed with. Run `inborough journal verify`.",
            source=source,
        )


def keep_event(connection: Connection, sealer: Sealer, source: str, happening: Happening) -> int:
    """Add an event of a source's log to its chain, in the caller's transaction; how many entries that made.

    An event that is there already adds none. Raises HeadNotOurs.
    """
    head = lock_head(connection, sealer, source)
    sequence = happening.sequence
    if sequence <= head.last_sequence and _is_kept(connection, source, sequence):
        return 0
    links = link_entries(sealer, head, build_entries(source, happening, head.entry_number))
    last = links[-1]
    ending = Head(source, last.entry.entry_number, last.hash, max(sequence, head.last_sequence))
    repository.add_links(connection, links, SealedHead(ending, sealer.seal_head(ending)))
    return len(links)


def _is_kept(connection: Connection, source: str, sequence: int) -> bool:
    """Whether an event is in the journal, or was until its term was up."""
    pruned = prunings.find_prunings(connection).get(source)
    if pruned is not None and sequence <= pruned.head.last_sequence:
        return True
    return repository.has_event(connection, source, sequence)


def lock_head(connection: Connection, sealer: Sealer, source: str) -> Head:
    """The end of a chain; others wait until this transaction ends. Raises HeadNotOurs."""
    empty = empty_head(source)
    head, seal = repository.lock_head(connection, SealedHead(empty, sealer.seal_head(empty)))
    if sealer.seal_head(head) != seal:
        raise HeadNotOurs(source)
    return head


def list_entries(
    engine: Engine, filters: Filters, after: Position | None, most: int, newest_first: bool = False
) -> Page:
    """A page of entries. Looking is journaled too, as a look at the case when one was asked for."""
    with reading(engine) as connection:
        found = repository.list_entries(connection, filters, after, most + 1, newest_first)
    page = Page(found[:most], _position(found[most - 1]) if len(found) > most else None)
    with writing(engine) as connection:
        record_event(
            connection,
            "journal_viewed",
            case_ids=[filters.case_id] if filters.case_id else [],
            entries=len(page.links),
            kind=",".join(field.name for field in fields(filters) if getattr(filters, field.name)) or "all",
        )
    return page


def _position(link: Link) -> Position:
    return link.entry.occurred_at_utc, link.entry.source, link.entry.entry_number


class NobodyWaits(WrongState):
    """Whoever asked has hung up, so the rest is not worked out."""

    def __init__(self) -> None:
        super().__init__("The verification was stopped: whoever asked for it no longer waits.")


def verify_journal(
    engine: Engine, sealer: Sealer, anchors: Sequence[Anchor], still_wanted: Callable[[], bool] = lambda: True
) -> list[Chain]:
    """Recompute every chain, ordered by source, and journal the outcome.

    `still_wanted` is asked now and then; raises NobodyWaits, with no outcome journaled, once it says no.
    """
    with reading(engine) as connection:
        chains = verify_chains(connection, sealer, anchors, still_wanted)
    with writing(engine) as connection:
        record_event(
            connection,
            "journal_verified",
            sound=all(chain.first_break is None for chain in chains),
            entries=sum(chain.entries for chain in chains),
            anchor=len(anchors),
        )
    return chains


def verify_chains(
    connection: Connection,
    sealer: Sealer,
    anchors: Sequence[Anchor],
    still_wanted: Callable[[], bool] = lambda: True,
    only: Collection[str] = (),
) -> list[Chain]:
    """Recompute the chain of every source that is read or that anything claims to be from, or of some sources alone."""
    heads, taken = repository.find_heads(connection), repository.list_taken(connection)
    pruned = prunings.find_prunings(connection)
    sources = only or {*SOURCES, *heads, *pruned, *repository.list_sources(connection)}
    return [
        verify_chain(
            sealer,
            source,
            _while_wanted(repository.stream_links(connection, source), still_wanted),
            heads.get(source),
            taken.get(source, 0),
            [anchor for anchor in anchors if anchor.source == source],
            pruned.get(source),
        )
        for source in sorted(sources)
    ]


def _while_wanted(links: Generator[Link, None, None], still_wanted: Callable[[], bool]) -> Iterator[Link]:
    with closing(links):
        for number, link in enumerate(links):
            if number % ENTRIES_A_LOOK == 0 and not still_wanted():
                raise NobodyWaits
            yield link


def list_heads_not_ours(engine: Engine, sealer: Sealer) -> list[str]:
    """Sources whose chain does not end as this key sealed it: the key was changed, or the database was."""
    with reading(engine) as connection:
        heads = repository.find_heads(connection)
    return sorted(source for source, (head, seal) in heads.items() if sealer.seal_head(head) != seal)


def need_own_head(engine: Engine, sealer: Sealer, source: str) -> None:
    """Raises HeadNotOurs, so that a log is not read while nothing may be added to its chain."""
    if source in list_heads_not_ours(engine, sealer):
        raise HeadNotOurs(source)
