"""Many new rows in one statement, in the least time that a database takes them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, Table


def insert_rows(connection: Connection, table: Table, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Add rows whose cells are in the order of `names`. Columns that are not named take what the database gives them.

    On SQLite they go to the driver as they are: SQLAlchemy makes a dict and then a tuple of each row, which costs twice
    what the insertion does. Raises its IntegrityError as ever.
    """
    if not rows:
        return
    if connection.dialect.name != "sqlite":
        connection.execute(table.insert(), [dict(zip(names, row, strict=True)) for row in rows])
        return
    dialect = connection.dialect
    statement = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"  # noqa: S608
    for_driver = [table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in names]
    columns = [_stored(cells, made) for cells, made in zip(zip(*rows, strict=True), for_driver, strict=True)]
    connection.exec_driver_sql(statement, list(zip(*columns, strict=True)))


def _stored(cells: Sequence[Any], made: Callable[[Any], Any] | None) -> Sequence[Any]:
    """A column as the driver takes it: each different cell is made once."""
    if made is None:
        return cells
    as_stored = {cell: made(cell) for cell in set(cells)}
    return [as_stored[cell] for cell in cells]
