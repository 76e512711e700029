"""The tables in code and the migrations agree on both databases."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from services.cost.main import MIGRATIONS
from services.cost.storage.tables import METADATA
from shared.database import migrate, open_database


def test_migrations_make_exactly_the_tables_that_the_code_knows(database_url: str) -> None:
    engine = open_database(database_url)
    migrate(engine, MIGRATIONS)
    migrate(engine, MIGRATIONS)
    with engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), METADATA)
    engine.dispose()
    assert found == []
