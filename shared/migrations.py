"""What every service's Alembic env.py runs, inside the connection that `shared.database.migrate` opened."""

from __future__ import annotations

from alembic import context
from sqlalchemy import MetaData


def run(metadata: MetaData) -> None:
    """Run the migrations in the caller's transaction, comparing against `metadata`."""
    context.configure(
        connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True
    )
    context.run_migrations()
