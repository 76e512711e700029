"""Databases of a test's own, made and removed."""

from __future__ import annotations

import atexit
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, NullPool, create_engine, make_url, text
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
    url = _kept.pop() if _kept else _create()
    try:
        yield url
    finally:
        _empty(url)
        _kept.append(url)


_kept: list[str] = []
"""Databases of this process that nobody uses; one is quicker to empty than to make."""


def _create() -> str:
    name = f"inborough_test_{secrets.token_hex(6)}"
    try:
        with _server(POSTGRESQL) as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
    except OperationalError:
        raise NoDatabaseServer from None
    atexit.register(_drop, name)
    return make_url(POSTGRESQL).set(database=name).render_as_string(hide_password=False)


def _empty(url: str) -> None:
    """Without whoever is still connected, and whatever was made."""
    with _server(url) as connection:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        connection.execute(text(f"{others} WHERE datname = current_database() AND pid <> pg_backend_pid()"))
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))


def _drop(name: str) -> None:
    with _server(POSTGRESQL) as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


@contextmanager
def _server(url: str) -> Iterator[Connection]:
    engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        yield connection
