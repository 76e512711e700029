"""Migrations and tables say the same on both databases."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from services.placement.main import MIGRATIONS
from services.placement.storage.tables import METADATA
from shared.database import migrate, open_database, reading


def test_migrations_make_the_tables_that_the_code_knows(database_url: str) -> None:
    engine = open_database(database_url)
    migrate(engine, MIGRATIONS)
    migrate(engine, MIGRATIONS)
    with reading(engine) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []
    engine.dispose()
