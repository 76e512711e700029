"""Tables of the journal. Triggers, which its migrations make, refuse to change an entry, or remove one in its term."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, MetaData, String, Table, Text, UniqueConstraint

from shared.event_log import tables as event_log
from shared.keeping import tables as keeping
from shared.privacy import NOTHING_PERSONAL, PERSONAL, PSEUDONYM, STAFF

METADATA = MetaData()
event_log.add_to(METADATA)
keeping.add_to(METADATA)

entries = Table(
    "entries",
    METADATA,
    Column("source", String(20), primary_key=True),
    Column("entry_number", BigInteger, primary_key=True, autoincrement=False),
    Column("sequence", BigInteger, nullable=False),
    Column("name", String(60), nullable=False),
    Column("occurred_at_utc", String(20), nullable=False),  # text, since what is sealed is exactly what is stored
    Column("actor", String(70), nullable=False, info=STAFF),
    Column("roles", String(120), nullable=False, info=STAFF),
    Column("on_behalf_of", String(70), nullable=False, info=STAFF),
    Column("request_id", String(64), nullable=False),
    Column("case_id", String(50), nullable=False, info=PSEUDONYM),
    Column("facts", Text, nullable=False, info=PERSONAL),
    Column("hash", String(64), nullable=False),
    UniqueConstraint("source", "sequence", "case_id", name="entries_once"),
    Index("entries_by_case", "case_id", "occurred_at_utc", "source", "entry_number"),
    Index("entries_by_time", "occurred_at_utc", "source", "entry_number"),
    info=NOTHING_PERSONAL,
)

prunings = Table(
    "prunings",
    METADATA,
    Column("source", String(20), primary_key=True),
    Column("entry_number", BigInteger, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("last_sequence", BigInteger, nullable=False),
    Column("seal", String(64), nullable=False),
    info=NOTHING_PERSONAL,
)
"""Up to which entry each chain was removed when its term was up: that entry's hash, from which the rest is proved."""

heads = Table(
    "heads",
    METADATA,
    Column("source", String(20), primary_key=True),
    Column("entry_number", BigInteger, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("last_sequence", BigInteger, nullable=False),
    Column("seal", String(64), nullable=False),
    info=NOTHING_PERSONAL,
)
