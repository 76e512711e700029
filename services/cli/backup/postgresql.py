"""Copy a PostgreSQL database with pg_dump, of one moment, and put a copy back with pg_restore."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, inspect, text
from sqlalchemy.exc import OperationalError

from services.cli.exits import SERVICE_DOWN
from services.cli.failures import CannotGoOn

BEFORE = "before_restore"


@contextmanager
def of_one_moment(url: URL) -> Iterator[tuple[Connection, str]]:
    """A connection that reads one snapshot, and that snapshot's name for pg_dump. Raises CannotGoOn."""
    engine = create_engine(url)
    try:
        with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
            yield connection, str(connection.scalar(text("SELECT pg_export_snapshot()")))
    except OperationalError:
        raise CannotGoOn(
            f"PostgreSQL does not answer for {url.host}/{url.database}.",
            "See the service's INBOROUGH_…_DATABASE_URL and whether the server is up.",
            SERVICE_DOWN,
        ) from None
    finally:
        engine.dispose()


def dump(url: URL, target: Path, snapshot: str) -> None:
    """pg_dump's own compressed form, of a snapshot. Raises CannotGoOn."""
    target.touch(0o600)
    _run(url, ["pg_dump", "--format=custom", f"--snapshot={snapshot}", "--no-owner", "--no-acl", f"--file={target}"])


def list_contents(path: Path) -> None:
    """Raises CannotGoOn unless pg_restore can read a file's table of contents."""
    _run(None, ["pg_restore", "--list", str(path)])


def is_empty(url: URL) -> bool:
    """Whether a database has no table."""
    with of_one_moment(url) as (connection, _):
        return not inspect(connection).get_table_names()


@contextmanager
def replacing(url: URL, path: Path) -> Iterator[Connection]:
    """Put a dump in place of what is there; the body checks it. An error in either puts back what was there.

    What was there waits in a schema of its own meanwhile.
    """
    engine = create_engine(url)
    try:
        _put_aside(engine)
        try:
            _run(
                url,
                ["pg_restore", "--single-transaction", "--no-owner", "--no-acl", "--exit-on-error", str(path)],
                True,
            )
            with engine.connect() as connection:
                yield connection
        except BaseException:
            with engine.begin() as connection:
                connection.execute(text("DROP SCHEMA public CASCADE"))
                connection.execute(text(f"ALTER SCHEMA {BEFORE} RENAME TO public"))
            raise
        with engine.begin() as connection:
            connection.execute(text(f"DROP SCHEMA {BEFORE} CASCADE"))
    finally:
        engine.dispose()


def _put_aside(engine: Engine) -> None:
    """Also after a restore that was killed: what it left is half a database, and what waits is the whole one."""
    with engine.begin() as connection:
        if BEFORE in inspect(connection).get_schema_names():
            connection.execute(text("DROP SCHEMA IF EXISTS public CASCADE"))
        else:
            connection.execute(text(f"ALTER SCHEMA public RENAME TO {BEFORE}"))
        connection.execute(text("CREATE SCHEMA public"))


def _run(url: URL | None, command: Sequence[str], needs_target: bool = False) -> None:
    if shutil.which(command[0]) is None:
        raise CannotGoOn(
            f"{command[0]} is not installed here.",
            "Install PostgreSQL's client programs, of the server's version or newer: on Debian, apt-get install "
            "postgresql-client.",
        )
    told = [*command, f"--dbname={url.database}"] if url is not None and needs_target else list(command)
    done = subprocess.run(told, env={**os.environ, **_environment(url)}, capture_output=True, text=True)
    if done.returncode:
        raise CannotGoOn(f"{command[0]} did not succeed: {_last_line(done.stderr)}", "Nothing was changed by it.")


def _environment(url: URL | None) -> dict[str, str]:
    """The connection as libpq's own variables: a password never stands in a list of processes."""
    if url is None:
        return {}
    given = {"PGHOST": url.host, "PGPORT": url.port, "PGUSER": url.username, "PGPASSWORD": url.password}
    more = {f"PG{name.upper()}": value for name, value in url.query.items() if isinstance(value, str)}
    return {
        name: str(value) for name, value in {**given, "PGDATABASE": url.database, **more}.items() if value is not None
    }


def _last_line(said: str) -> str:
    """The first line that says what is wrong; what follows may be a row."""
    lines = [line for line in said.splitlines() if "error:" in line or "fatal" in line.lower()]
    return (lines or said.splitlines() or ["it said nothing"])[0][:300]
