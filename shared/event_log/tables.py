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

from shared.privacy import FREE_TEXT, NOTHING_PERSONAL, PERSONAL, PSEUDONYM, STAFF

METADATA = MetaData()

event_counter = Table(
    "event_counter",
    METADATA,
    Column("id", Integer, primary_key=True),  # always 1
    Column("last_sequence", BigInteger, nullable=False),
    info=NOTHING_PERSONAL,
)

events = Table(
    "events",
    METADATA,
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("event_id", String(40), nullable=False),
    Column("name", String(60), nullable=False),
    Column("occurred_at_utc", DateTime(timezone=True), nullable=False),
    Column("actor", String(70), nullable=False, info=STAFF),
    Column("roles", String(120), nullable=False, info=STAFF),  # ordered, separated by spaces
    Column("on_behalf_of", String(70), nullable=False, info=STAFF),
    Column("request_id", String(64), nullable=False),
    Column("case_ids", Text, nullable=False, info=PSEUDONYM),  # ordered as given, separated by spaces
    Column("facts", Text, nullable=False, info=PERSONAL),  # JSON object of strings, keys sorted
    info=NOTHING_PERSONAL,
)

requests = Table(
    "requests",
    METADATA,
    Column("request_id", String(40), primary_key=True),
    Column("method", String(80), nullable=False),
    Column("actor", String(70), nullable=False, info=STAFF),
    Column("digest", String(64), nullable=False),
    Column("answer", LargeBinary, nullable=False, info=FREE_TEXT),
    Column("answered_at_utc", DateTime(timezone=True), nullable=False),
    info=NOTHING_PERSONAL,
)

cursors = Table(
    "cursors",
    METADATA,
    Column("source", String(20), primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Column("event_id", String(40), nullable=False),
    Column("applied_at_utc", DateTime(timezone=True)),
    info=NOTHING_PERSONAL,
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
    info=NOTHING_PERSONAL,
)


def add_to(metadata: MetaData) -> None:
    """Make these tables known to a service's own metadata, so that its migrations can be compared with its tables."""
    for table in METADATA.sorted_tables:
        table.to_metadata(metadata)
