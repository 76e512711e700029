"""Up to where chains were removed when their entries' term was up, and the removing."""

from __future__ import annotations

from sqlalchemy import Connection, delete, func, select

from services.journal.domain.chain import Head
from services.journal.domain.verifying import SealedHead
from services.journal.storage.tables import entries, prunings


def find_prunings(connection: Connection) -> dict[str, SealedHead]:
    """The last entry removed, as stored, by source."""
    return {row.source: SealedHead(Head(*row[:4]), row.seal) for row in connection.execute(select(prunings))}


def remove_up_to(connection: Connection, last: SealedHead) -> int:
    """Say up to which entry a chain is removed, and remove it; how many entries went. The caller holds the head."""
    values = {**last.head._asdict(), "seal": last.seal}
    moved = prunings.update().where(prunings.c.source == last.head.source).values(**values)
    if not connection.execute(moved).rowcount:
        connection.execute(prunings.insert(), values)
    gone = delete(entries).where(entries.c.source == last.head.source, entries.c.entry_number <= last.head.entry_number)
    return connection.execute(gone).rowcount


def find_last_before(connection: Connection, source: str, day: str) -> int:
    """The greatest sequence number among entries of events before a day, YYYY-MM-DD; 0 for none."""
    before = select(func.max(entries.c.sequence)).where(entries.c.source == source, entries.c.occurred_at_utc < day)
    return int(connection.scalar(before) or 0)
