"""The cases that were erased from a service; shared/migrations.py makes the table."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, MetaData, String, Table, Text

from shared.privacy import NOTHING_PERSONAL, PSEUDONYM

METADATA = MetaData()

erased_cases = Table(
    "erased_cases",
    METADATA,
    Column("case_id", String(50), primary_key=True, info=PSEUDONYM),
    Column("reason_code", String(20), nullable=False),
    Column("erased_at_utc", DateTime(timezone=True), nullable=False),
    Column("with_ids", Text, nullable=False, info=PSEUDONYM),  # ids of what went with it, ordered, separated by spaces
    info=NOTHING_PERSONAL,
)


def add_to(metadata: MetaData) -> None:
    """Make the table known to a service's own metadata."""
    erased_cases.to_metadata(metadata)
