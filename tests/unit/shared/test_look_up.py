"""A look at one row, past what a transaction costs."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import Engine, MetaData, select
from sqlalchemy.exc import OperationalError

from shared.database import (
    change_revision,
    current_revision,
    look_up,
    look_up_revision,
    open_database,
    reading,
    revisions_of,
    revisions_table,
    writing,
)

METADATA = MetaData()
REVISIONS = revisions_table(METADATA)
QUERY = revisions_of(REVISIONS)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    opened = open_database(f"sqlite:///{tmp_path}/looked_at.db")
    with writing(opened) as connection:
        METADATA.create_all(connection)
    return opened


def test_before_the_first_change_there_is_no_token(engine: Engine) -> None:
    assert look_up(engine, QUERY) == (None,)
    assert look_up_revision(engine, QUERY) == ""


def test_a_row_that_is_not_there_is_none(engine: Engine) -> None:
    assert look_up(engine, select(REVISIONS.c.revision)) is None


def test_a_look_sees_each_change_once_it_is_committed(engine: Engine) -> None:
    with writing(engine) as connection:
        first = change_revision(connection, REVISIONS)
    assert look_up_revision(engine, QUERY) == first
    with writing(engine) as connection:
        change_revision(connection, REVISIONS)
        assert look_up_revision(engine, QUERY) == first
    with reading(engine) as connection:
        assert look_up_revision(engine, QUERY) == current_revision(connection, REVISIONS) != first


def test_a_look_holds_no_snapshot_of_the_database(engine: Engine) -> None:
    with writing(engine) as connection:
        change_revision(connection, REVISIONS)
    look_up(engine, QUERY)
    with writing(engine) as connection:
        change_revision(connection, REVISIONS)
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        busy, *_ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
        connection.exec_driver_sql("BEGIN")
    assert busy == 0


def test_what_goes_wrong_is_raised_as_of_any_reading(engine: Engine) -> None:
    with writing(engine) as connection:
        METADATA.drop_all(connection)
    with pytest.raises(OperationalError, match="no such table"):
        look_up(engine, QUERY)


def test_an_error_of_the_driver_alone_is_made_up_for(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def cursor(self) -> None:
            raise sqlite3.OperationalError("disk I/O error")

        def close(self) -> None: ...

    with writing(engine) as connection:
        token = change_revision(connection, REVISIONS)
    real, given = engine.raw_connection, iter([Broken()])
    monkeypatch.setattr(engine, "raw_connection", lambda: next(given, None) or real())
    assert look_up_revision(engine, QUERY) == token
