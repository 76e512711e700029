"""Queries of the journal, each by name."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, or_, select, tuple_

from services.journal.domain.chain import Head, Link
from services.journal.domain.entries import Entry
from services.journal.domain.verifying import SealedHead
from services.journal.storage.tables import entries, heads
from shared.database import insert_or_ignore
from shared.event_log.tables import cursors

ROWS_AT_ONCE = 1000
IN_TIME = (entries.c.occurred_at_utc, entries.c.source, entries.c.entry_number)
Position = tuple[str, str, int]
"""Where an entry stands in the order of `list_entries`: when, source, number."""


@dataclass(frozen=True)
class Filters:
    """Which entries are wanted; an empty field asks for all. `actor` also finds what was done for that person."""

    case_id: str = ""
    actor: str = ""
    source: str = ""
    name: str = ""
    request_id: str = ""


def lock_head(connection: Connection, empty: SealedHead) -> SealedHead:
    """The head of a source's chain, `empty` put in when there is none; others wait until this transaction ends."""
    connection.execute(insert_or_ignore(connection, heads), empty.head._asdict() | {"seal": empty.seal})
    locked = select(heads).where(heads.c.source == empty.head.source).with_for_update()
    *head, seal = connection.execute(locked).one()
    return SealedHead(Head(*head), seal)


def add_links(connection: Connection, links: Sequence[Link], ending: SealedHead) -> None:
    """Add entries to a chain and move its head on. The caller holds `lock_head`."""
    connection.execute(entries.insert(), [link.entry._asdict() | {"hash": link.hash} for link in links])
    moved = heads.update().where(heads.c.source == ending.head.source)
    connection.execute(moved.values(**ending.head._asdict(), seal=ending.seal))


def has_event(connection: Connection, source: str, sequence: int) -> bool:
    """Whether an event is in the journal."""
    found = select(entries.c.entry_number).where(entries.c.source == source, entries.c.sequence == sequence).limit(1)
    return connection.execute(found).first() is not None


def stream_links(connection: Connection, source: str) -> Generator[Link, None, None]:
    """All entries of a source by number, a thousand in memory at a time. To be closed when it is left early."""
    chain = select(entries).where(entries.c.source == source).order_by(entries.c.entry_number)
    with connection.execute(chain.execution_options(yield_per=ROWS_AT_ONCE)) as rows:
        for *entry, its_hash in rows:
            yield Link(Entry(*entry), its_hash)


def find_heads(connection: Connection) -> dict[str, SealedHead]:
    """The heads as stored, by source."""
    return {row.source: SealedHead(Head(*row[:4]), row.seal) for row in connection.execute(select(heads))}


def list_sources(connection: Connection) -> list[str]:
    """Sources that have entries, ordered."""
    return list(connection.execute(select(entries.c.source).distinct().order_by(entries.c.source)).scalars())


def list_taken(connection: Connection) -> dict[str, int]:
    """Sequence number up to which each source's log was read."""
    return {row.source: row.sequence for row in connection.execute(select(cursors.c.source, cursors.c.sequence))}


def count_entries(connection: Connection) -> dict[str, int]:
    """Entries by source, as the heads say."""
    return {source: found.head.entry_number for source, found in find_heads(connection).items()}


def list_entries(
    connection: Connection, filters: Filters, after: Position | None, most: int, newest_first: bool = False
) -> list[Link]:
    """At most `most` entries, in order of time, source and number or the other way round, after a position."""
    order = [column.desc() for column in IN_TIME] if newest_first else IN_TIME
    query = select(entries).where(*_wanted(filters)).order_by(*order).limit(most)
    if after is not None:
        place = tuple_(*IN_TIME)
        query = query.where(place < after if newest_first else place > after)
    return [Link(Entry(*row[:-1]), row.hash) for row in connection.execute(query)]


def _wanted(filters: Filters) -> Iterator[ColumnElement[bool]]:
    for name in ("case_id", "source", "name", "request_id"):
        if wanted := getattr(filters, name):
            yield entries.c[name] == wanted
    if filters.actor:
        yield or_(entries.c.actor == filters.actor, entries.c.on_behalf_of == filters.actor)
