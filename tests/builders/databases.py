"""Databases of a test's own, made and removed."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

POSTGRESQL = os.environ.get("INBOROUGH_TEST_POSTGRESQL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")
DATABASES = ("sqlite", "postgresql")


class NoDatabaseServer(Exception):
    """PostgreSQL does not answer at INBOROUGH_TEST_POSTGRESQL."""


@contextmanager
def empty_database(kind: str, folder: Path) -> Iterator[str]:
    """URL of an empty database of one of DATABASES. Raises NoDatabaseServer."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'test.db'}"
        return
    server = create_engine(POSTGRESQL, isolation_level="AUTOCOMMIT")
    name = f"inborough_test_{secrets.token_hex(6)}"
    try:
        try:
            with server.connect() as connection:
                connection.execute(text(f"CREATE DATABASE {name}"))
        except OperationalError:
            raise NoDatabaseServer from None
        try:
            yield server.url.set(database=name).render_as_string(hide_password=False)
        finally:
            with server.connect() as connection:
                connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
    finally:
        server.dispose()
