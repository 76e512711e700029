"""Databases: transactions, snapshots, migrations and revision tokens, the same on SQLite and PostgreSQL."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Column, Connection, Engine, Integer, MetaData, String, Table, func, inspect, select
from sqlalchemy.exc import IntegrityError

from shared import database
from shared.database import reading, writing
from shared.event_log import record_event
from shared.event_log import tables as event_log

METADATA = MetaData()
THINGS = Table("things", METADATA, Column("name", String(20), primary_key=True), Column("count", Integer, default=0))
REVISIONS = database.revisions_table(METADATA)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    opened = database.open_database(database_url)
    METADATA.create_all(opened)
    yield opened
    opened.dispose()


def count_things(engine: Engine) -> int:
    with reading(engine) as connection:
        return connection.execute(select(func.count()).select_from(THINGS)).scalar_one()


def add_twice(connection: Connection) -> None:
    """A change that fails at its second row."""
    database.change_revision(connection, REVISIONS)
    for _ in range(2):
        connection.execute(THINGS.insert().values(name="a"))


def test_a_write_is_kept(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(THINGS.insert().values(name="a"))
    assert count_things(engine) == 1


def test_a_write_that_fails_leaves_nothing(engine: Engine) -> None:
    with pytest.raises(IntegrityError), writing(engine) as connection:
        add_twice(connection)
    assert count_things(engine) == 0


def test_a_reader_sees_one_moment_while_others_write(engine: Engine) -> None:
    total = select(func.count()).select_from(THINGS)
    with reading(engine) as snapshot:
        before = snapshot.execute(total).scalar_one()
        with writing(engine) as connection:
            connection.execute(THINGS.insert().values(name="a"))
        assert snapshot.execute(total).scalar_one() == before
    assert count_things(engine) == before + 1


def test_writers_that_read_first_wait_for_one_another(engine: Engine) -> None:
    """A deferred BEGIN would fail here as busy on SQLite: it takes its lock only at the write."""
    with writing(engine) as connection:
        connection.execute(THINGS.insert().values(name="a"))

    def add_one(_: int) -> None:
        with writing(engine) as connection:
            connection.execute(select(THINGS)).all()
            connection.execute(THINGS.update().values(count=THINGS.c.count + 1))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add_one, range(40)))
    with reading(engine) as connection:
        assert connection.execute(select(THINGS.c.count)).scalar_one() == 40


def test_a_row_that_is_there_is_left_as_it_is(engine: Engine) -> None:
    with writing(engine) as connection:
        for count in (1, 2):
            connection.execute(database.insert_or_ignore(connection, THINGS).values(name="a", count=count))
        assert connection.execute(select(THINGS.c.count)).scalar_one() == 1


def test_the_revision_is_empty_before_the_first_change_and_new_with_each(engine: Engine) -> None:
    def current() -> str:
        with reading(engine) as connection:
            return database.current_revision(connection, REVISIONS)

    seen = [current()]
    for _ in range(2):
        with writing(engine) as connection:
            changed = database.change_revision(connection, REVISIONS)
        seen.append(current())
        assert seen[-1] == changed
    assert seen[0] == ""
    assert len(set(seen)) == 3


def test_the_revision_goes_back_with_a_change_that_fails(engine: Engine) -> None:
    with pytest.raises(IntegrityError), writing(engine) as connection:
        add_twice(connection)
    with reading(engine) as connection:
        assert database.current_revision(connection, REVISIONS) == ""


def test_two_first_changes_at_once_both_succeed(engine: Engine) -> None:
    ready = threading.Barrier(4, timeout=10)

    def change(_: int) -> None:
        ready.wait()
        with writing(engine) as connection:
            database.change_revision(connection, REVISIONS)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(change, range(4)))
    with reading(engine) as connection:
        assert len(connection.execute(select(REVISIONS)).all()) == 1


MIGRATION = """
from alembic import op
import sqlalchemy as sa

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table("boxes", sa.Column("name", sa.String(20), primary_key=True))
    op.bulk_insert(sa.table("boxes", sa.column("name", sa.String)), [{"name": "first"}])
"""


@pytest.fixture
def migrations(tmp_path: Path) -> Path:
    """An Alembic folder like a service's, in a folder whose name needs care."""
    folder = tmp_path / "100% sound" / "migrations"
    (folder / "versions").mkdir(parents=True)
    (folder / "env.py").write_text(
        "from sqlalchemy import MetaData\nfrom shared import migrations\nmigrations.run(MetaData())\n"
    )
    (folder / "versions" / "0001_boxes.py").write_text(MIGRATION)
    return folder


def test_migrating_twice_changes_nothing(engine: Engine, migrations: Path) -> None:
    for _ in range(2):
        database.migrate(engine, migrations)
    with reading(engine) as connection:
        assert connection.exec_driver_sql("SELECT name FROM boxes").scalars().all() == ["first"]


START = """
import sys
from pathlib import Path
from shared.event_log import record_event
from shared.event_log import tables as event_log
from shared.database import migrate, open_database
migrate(open_database(sys.argv[1]), Path(sys.argv[2]))
"""


def test_processes_that_start_together_migrate_once(engine: Engine, database_url: str, migrations: Path) -> None:
    starts = [subprocess.Popen([sys.executable, "-c", START, database_url, str(migrations)]) for _ in range(3)]
    assert [start.wait(60) for start in starts] == [0, 0, 0]
    with reading(engine) as connection:
        assert connection.exec_driver_sql("SELECT name FROM boxes").scalars().all() == ["first"]


def test_a_migration_that_fails_leaves_nothing(engine: Engine, migrations: Path) -> None:
    broken = migrations / "versions" / "0001_boxes.py"
    broken.write_text(MIGRATION + '    op.execute("SELECT nonsense FROM nowhere")\n')
    with pytest.raises(Exception, match="nowhere"):
        database.migrate(engine, migrations)
    assert "boxes" not in inspect(engine).get_table_names()


def test_the_folder_of_an_embedded_database_is_made(tmp_path: Path) -> None:
    engine = database.open_database(f"sqlite:///{tmp_path / 'new' / 'folder' / 'echo.db'}")
    with writing(engine) as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
    engine.dispose()


def test_a_listener_hears_how_far_the_log_is_once_it_is_committed(engine: Engine) -> None:
    heard: list[tuple[int, int]] = []
    database.announce_events(engine, lambda sequence: heard.append((sequence, count_things(engine))))
    event_log.METADATA.create_all(engine)
    with writing(engine) as connection:
        connection.execute(THINGS.insert().values(name="one"))
        sequence = record_event(connection, "thing_added")
        assert heard == []
    assert heard == [(sequence, 1)]


def test_a_listener_hears_nothing_of_a_change_that_failed_or_changed_no_facts(engine: Engine) -> None:
    heard: list[int] = []
    database.announce_events(engine, heard.append)
    with pytest.raises(IntegrityError), writing(engine) as connection:
        add_twice(connection)
    with writing(engine) as connection:
        connection.execute(THINGS.insert().values(name="one"))
    assert heard == []


def test_an_insert_that_finds_the_row_there_says_that_none_is_new(engine: Engine) -> None:
    with writing(engine) as connection:
        counts = [
            connection.execute(database.insert_or_ignore(connection, THINGS), {"name": "a"}).rowcount for _ in "ab"
        ]
        both = connection.execute(
            database.insert_or_ignore(connection, THINGS), [{"name": "a"}, {"name": "b"}]
        ).rowcount
    assert counts == [1, 0]
    assert both == 1
    assert count_things(engine) == 2
