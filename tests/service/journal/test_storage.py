"""Tables and triggers: what the code knows is what is there, and an entry is never changed or removed."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from services.journal.storage.tables import METADATA
from shared.database import reading, writing
from tests.builders.journal import Log, case_id, keep

CHANGES = {
    "alter an entry": "UPDATE entries SET actor = 'user_else' WHERE entry_number = 1",
    "alter all entries": "UPDATE entries SET actor = 'user_else'",
    "remove an entry": "DELETE FROM entries WHERE entry_number = 2",
    "remove all entries": "DELETE FROM entries",
    "move the head back": "UPDATE heads SET entry_number = 1",
    "leave the head where it is": "UPDATE heads SET hash = 'other'",
    "give the head to another source": "UPDATE heads SET source = 'cost', entry_number = 9",
    "remove the head": "DELETE FROM heads",
}
ON_ONE_DATABASE = {
    "postgresql": {
        "empty entries": "TRUNCATE entries",
        "empty heads": "TRUNCATE heads",
        "insert over an entry": """
            INSERT INTO entries SELECT * FROM entries WHERE entry_number = 1
            ON CONFLICT (source, entry_number) DO UPDATE SET actor = 'user_else'
        """,
    },
    "sqlite": {
        "replace an entry": "INSERT OR REPLACE INTO entries SELECT * FROM entries WHERE entry_number = 1",
        "replace an event": """
            INSERT OR REPLACE INTO entries
            SELECT source, 9, sequence, name, occurred_at_utc, actor, roles, on_behalf_of, request_id, case_id, facts,
                hash
            FROM entries WHERE entry_number = 1
        """,
    },
}


@pytest.fixture
def kept(engine: Engine) -> Engine:
    """A journal of two entries."""
    log = Log("caseload")
    log.add(case_ids=[case_id(1), case_id(2)])
    keep(engine, log)
    return engine


def rows(engine: Engine) -> list[tuple[object, ...]]:
    with reading(engine) as connection:
        return [
            tuple(row) for name in ("entries", "heads") for row in connection.execute(text(f"SELECT * FROM {name}"))
        ]


def test_migrations_make_exactly_the_tables_that_the_code_knows(engine: Engine) -> None:
    with engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), METADATA)
    assert found == []


@pytest.mark.parametrize("change", CHANGES)
def test_the_database_refuses_to(change: str, kept: Engine) -> None:
    refuses(kept, CHANGES[change])


def test_the_database_refuses_what_it_alone_knows(kept: Engine) -> None:
    for statement in ON_ONE_DATABASE[kept.dialect.name].values():
        refuses(kept, statement)


def refuses(engine: Engine, statement: str) -> None:
    before = rows(engine)
    with pytest.raises(DBAPIError, match="only ever added to"), writing(engine) as connection:
        connection.execute(text(statement))
    assert rows(engine) == before
