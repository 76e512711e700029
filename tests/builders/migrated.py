"""Migrations that run once a worker: a later empty database takes the statements that the first one took."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, event, inspect

Statements = list[tuple[str, Sequence[Any]]]
_upgrade = command.upgrade
_taken: dict[tuple[str, str], Statements] = {}


def remember() -> None:
    """From here on, until the process ends. Whatever is not an empty database on its way to the newest is migrated."""
    command.upgrade = _upgrade_or_repeat


def _upgrade_or_repeat(config: Config, revision: str, *details: Any, **named: Any) -> None:
    connection: Connection = config.attributes["connection"]
    if revision != "head" or inspect(connection).get_table_names():
        _upgrade(config, revision, *details, **named)
        return
    migrations = str(config.get_main_option("script_location")), connection.dialect.name
    if migrations in _taken:
        _repeat(connection, _taken[migrations])
        return
    statements: Statements = []

    def note(_: Any, __: Any, statement: str, parameters: Sequence[Any], *___: Any) -> None:
        if not statement.lstrip().upper().startswith(("SELECT", "PRAGMA")):
            statements.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", note)
    _upgrade(config, revision, *details, **named)
    event.remove(connection, "before_cursor_execute", note)
    _taken[migrations] = statements


def _repeat(connection: Connection, statements: Statements) -> None:
    cursor = connection.connection.cursor()
    if connection.dialect.name == "postgresql" and not any(parameters for _, parameters in statements):
        cursor.execute("; ".join(statement.replace("%%", "%") for statement, _ in statements))
        return
    for statement, parameters in statements:
        cursor.execute(statement, parameters)
