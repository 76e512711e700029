"""What every service's Alembic env.py runs, inside the connection that `shared.database.migrate` opened.

Also the tables that every service's database has: a step here never changes once it is released; a later change is a
step of its own, which each service calls from a migration of its own.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context, op
from sqlalchemy import MetaData


def run(metadata: MetaData) -> None:
    """Run the migrations in the caller's transaction, comparing against `metadata`."""
    context.configure(
        connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True
    )
    context.run_migrations()


def create_event_log() -> None:
    """The event log, request ids, cursors and dead letters of a service, as first released."""
    op.create_table(
        "event_counter",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("last_sequence", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "events",
        sa.Column("sequence", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("event_id", sa.String(40), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("occurred_at_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(70), nullable=False),
        sa.Column("roles", sa.String(120), nullable=False),
        sa.Column("on_behalf_of", sa.String(70), nullable=False),
        sa.Column("request_id", sa.String(64), nullable=False),
        sa.Column("case_ids", sa.Text, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
    )
    op.create_table(
        "requests",
        sa.Column("request_id", sa.String(40), primary_key=True),
        sa.Column("method", sa.String(80), nullable=False),
        sa.Column("actor", sa.String(70), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("answer", sa.LargeBinary, nullable=False),
        sa.Column("answered_at_utc", sa.DateTime(timezone=True), nullable=False),
    )
    _create_consumption()


def _create_consumption() -> None:
    op.create_table(
        "cursors",
        sa.Column("source", sa.String(20), primary_key=True),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("event_id", sa.String(40), nullable=False),
        sa.Column("applied_at_utc", sa.DateTime(timezone=True)),
    )
    op.create_table(
        "dead_letters",
        sa.Column("dead_letter_id", sa.String(40), primary_key=True),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("error_type", sa.String(80), nullable=False),
        sa.Column("failed_at_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retrying", sa.Boolean, nullable=False),
        sa.UniqueConstraint("source", "sequence", name="dead_letters_once"),
    )


def drop_event_log() -> None:
    """Undo `create_event_log`."""
    for table in ("dead_letters", "cursors", "requests", "events", "event_counter"):
        op.drop_table(table)


def create_erased_cases() -> None:
    """Which cases were erased from a service, as first released."""
    op.create_table(
        "erased_cases",
        sa.Column("case_id", sa.String(50), primary_key=True),
        sa.Column("reason_code", sa.String(20), nullable=False),
        sa.Column("erased_at_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("with_ids", sa.Text, nullable=False),
    )


def drop_erased_cases() -> None:
    """Undo `create_erased_cases`."""
    op.drop_table("erased_cases")
