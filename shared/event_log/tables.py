"""Tables that every service's database has beside its own; shared/migrations.py makes them."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

METADATA = MetaData()

event_counter = Table(
    "event_counter",
    METADATA,
    Column("id", Integer, primary_key=True),  # always 1
    Column("last_sequence", BigInteger, nullable=False),
)

events = Table(
    "events",
    METADATA,
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("event_id", String(40), nullable=False),
    Column("name", String(60), nullable=False),
    Column("occurred_at_utc", DateTime(timezone=True), nullable=False),
    Column("actor", String(70), nullable=False),
    Column("roles", String(120), nullable=False),  # ordered, separated by spaces
    Column("on_behalf_of", String(70), nullable=False),
    Column("request_id", String(64), nullable=False),
    Column("case_ids", Text, nullable=False),  # ordered as given, separated by spaces
    Column("facts", Text, nullable=False),  # JSON object of strings, keys sorted
)

requests = Table(
    "requests",
    METADATA,
    Column("request_id", String(40), primary_key=True),
    Column("method", String(80), nullable=False),
    Column("actor", String(70), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("answer", LargeBinary, nullable=False),
    Column("answered_at_utc", DateTime(timezone=True), nullable=False),
)

cursors = Table(
    "cursors",
    METADATA,
    Column("source", String(20), primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Column("event_id", String(40), nullable=False),
    Column("applied_at_utc", DateTime(timezone=True)),
)

dead_letters = Table(
    "dead_letters",
    METADATA,
    Column("dead_letter_id", String(40), primary_key=True),
    Column("source", String(20), nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("name", String(60), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("error_type", String(80), nullable=False),
    Column("failed_at_utc", DateTime(timezone=True), nullable=False),
    Column("retrying", Boolean, nullable=False),
    UniqueConstraint("source", "sequence", name="dead_letters_once"),
)


def add_to(metadata: MetaData) -> None:
    """Make these tables known to a service's own metadata, so that its migrations can be compared with its tables."""
    for table in METADATA.sorted_tables:
        table.to_metadata(metadata)
