"""Rows that go straight to the driver are stored as SQLAlchemy stores them."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Boolean, Column, Date, Integer, MetaData, String, Table, select
from sqlalchemy.exc import IntegrityError

from shared.database import open_database, writing
from shared.inserting import insert_rows

METADATA = MetaData()
STAYS = Table(
    "stays",
    METADATA,
    Column("stay_id", String(10), primary_key=True),
    Column("first_day", Date),
    Column("is_new", Boolean),
    Column("places", Integer),
)
NAMES = ("places", "stay_id", "is_new", "first_day")
ROWS = [(7, "s1", True, date(2024, 9, 2)), (None, "s2", False, None), (7, "s3", None, date(2024, 9, 2))]


def test_every_kind_of_cell_is_read_as_it_was_written(database_url: str) -> None:
    engine = open_database(database_url)
    METADATA.create_all(engine)
    with writing(engine) as connection:
        insert_rows(connection, STAYS, NAMES, ROWS)
        insert_rows(connection, STAYS, NAMES, [])
        columns = [STAYS.c[name] for name in NAMES]
        assert [tuple(row) for row in connection.execute(select(*columns).order_by(STAYS.c.stay_id))] == ROWS
    with pytest.raises(IntegrityError), writing(engine) as connection:
        insert_rows(connection, STAYS, NAMES, [(1, "s9", True, None), (1, "s1", True, None)])
    with writing(engine) as connection:
        assert len(connection.execute(select(STAYS.c.stay_id)).all()) == len(ROWS)
    engine.dispose()
