"""The cases that were erased from a service; shared/migrations.py makes the table."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, MetaData, String, Table, Text

METADATA = MetaData()

erased_cases = Table(
    "erased_cases",
    METADATA,
    Column("case_id", String(50), primary_key=True),
    Column("reason_code", String(20), nullable=False),
    Column("erased_at_utc", DateTime(timezone=True), nullable=False),
    Column("with_ids", Text, nullable=False),  # ids of what went with it, ordered, separated by spaces
)


def add_to(metadata: MetaData) -> None:
    """Make the table known to a service's own metadata."""
    erased_cases.to_metadata(metadata)
