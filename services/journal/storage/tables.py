"""Tables of the journal. Triggers, which the first migration makes, refuse to change or remove an entry."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, MetaData, String, Table, Text, UniqueConstraint

from shared.event_log import tables as event_log

METADATA = MetaData()
event_log.add_to(METADATA)

entries = Table(
    "entries",
    METADATA,
    Column("source", String(20), primary_key=True),
    Column("entry_number", BigInteger, primary_key=True, autoincrement=False),
    Column("sequence", BigInteger, nullable=False),
    Column("name", String(60), nullable=False),
    Column("occurred_at_utc", String(20), nullable=False),  # text, since what is sealed is exactly what is stored
    Column("actor", String(70), nullable=False),
    Column("roles", String(120), nullable=False),
    Column("on_behalf_of", String(70), nullable=False),
    Column("request_id", String(64), nullable=False),
    Column("case_id", String(50), nullable=False),
    Column("facts", Text, nullable=False),
    Column("hash", String(64), nullable=False),
    UniqueConstraint("source", "sequence", "case_id", name="entries_once"),
    Index("entries_by_case", "case_id", "occurred_at_utc", "source", "entry_number"),
    Index("entries_by_time", "occurred_at_utc", "source", "entry_number"),
)

heads = Table(
    "heads",
    METADATA,
    Column("source", String(20), primary_key=True),
    Column("entry_number", BigInteger, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("last_sequence", BigInteger, nullable=False),
    Column("seal", String(64), nullable=False),
)
