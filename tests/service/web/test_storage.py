"""Sessions and drafts on each database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import anyio
import pytest
from sqlalchemy import Engine, func, select, update

from services.web.app import MIGRATIONS
from services.web.storage.repository import Store
from services.web.storage.tables import METADATA, drafts, sessions
from shared.database import migrate, open_database, reading, writing
from shared.days import in_utc, now_utc

IDLE, LONGEST, KEPT = timedelta(minutes=45), timedelta(hours=10), timedelta(days=7)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = open_database(database_url)
    migrate(made, MIGRATIONS)
    yield made
    made.dispose()


@pytest.fixture
def store(engine: Engine) -> Store:
    return Store(engine, IDLE, LONGEST, KEPT)


def count(engine: Engine, table: Any) -> int:
    with reading(engine) as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def put_back(engine: Engine, **by: timedelta) -> None:
    """As if everything had been written so long ago."""
    with writing(engine) as connection:
        for table in (sessions, drafts):
            old = {name: now_utc() - ago for name, ago in by.items() if name in table.c}
            if old:
                connection.execute(update(table).values(**old))


def test_migrations_make_the_tables_that_the_code_has(engine: Engine) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_a_session_is_found_by_its_cookie_and_the_table_does_not_hold_it(engine: Engine, store: Store) -> None:
    async def does() -> None:
        made = await store.begin_session("user_ada", "Ada", ("panel_chair", "caseworker"), {"next": "/"})
        found = await store.find_session(made.cookie)
        assert found == made
        assert found.signed_in
        assert await store.find_session(made.cookie + "x") is None
        assert await store.find_session("") is None
        with reading(engine) as connection:
            assert made.cookie not in str(connection.execute(select(sessions)).all())

    anyio.run(does)


@pytest.mark.parametrize(
    "by", [{"seen_at_utc": IDLE}, {"made_at_utc": LONGEST}], ids=["nobody asked for a page", "it is old"]
)
def test_a_session_ends_by_time(engine: Engine, store: Store, by: dict[str, timedelta]) -> None:
    async def does() -> None:
        made = await store.begin_session("user_ada")
        put_back(engine, **by)
        found = await store.find_session(made.cookie)
        assert found is not None
        assert not found.live
        assert found.user_id == "user_ada", "whose form it was is still known"

    anyio.run(does)


def test_a_page_asked_for_keeps_a_session_from_ending(engine: Engine, store: Store) -> None:
    async def does() -> None:
        made = await store.begin_session("user_ada")
        put_back(engine, seen_at_utc=IDLE - timedelta(minutes=1))
        await store.find_session(made.cookie)
        with reading(engine) as connection:
            seen = connection.execute(select(sessions.c.seen_at_utc)).scalar_one()
        assert now_utc() - in_utc(seen) < timedelta(minutes=1)

    anyio.run(does)


def test_a_draft_is_its_users_and_its_forms_alone(store: Store) -> None:
    async def does() -> None:
        await store.keep_draft("user_ada", "/a", {"reason": ["one"]})
        await store.keep_draft("user_ada", "/a", {"reason": ["two"]})
        found = await store.find_draft("user_ada", "/a")
        assert found is not None
        assert found.answers == {"reason": ["two"]}
        assert await store.find_draft("user_bob", "/a") is None
        assert await store.find_draft("user_ada", "/b") is None
        await store.drop_draft("user_ada", "/a")
        assert await store.find_draft("user_ada", "/a") is None

    anyio.run(does)


def test_what_is_old_is_forgotten(engine: Engine, store: Store) -> None:
    async def begin() -> None:
        await store.begin_session("user_ada")
        await store.begin_session()
        await store.keep_draft("user_ada", "/a", {})

    anyio.run(begin)
    store.forget_old()
    assert (count(engine, sessions), count(engine, drafts)) == (2, 1)
    put_back(engine, seen_at_utc=IDLE + timedelta(minutes=1))
    store.forget_old()
    assert (count(engine, sessions), count(engine, drafts)) == (1, 1), "nobody's session goes first"
    put_back(engine, made_at_utc=LONGEST + KEPT + timedelta(minutes=1), kept_at_utc=KEPT + timedelta(minutes=1))
    store.forget_old()
    assert (count(engine, sessions), count(engine, drafts)) == (0, 0)
