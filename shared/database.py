"""Databases: opening, reading and writing in transactions, migrating, and the revision that says "something changed".

SQLite and PostgreSQL are both first-class. On SQLite a writing transaction begins IMMEDIATE, because a deferred one
that later writes fails as busy under load; a reading one begins deferred and sees one snapshot. On PostgreSQL a
reading transaction is REPEATABLE READ for the same reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import (
    Column,
    Connection,
    Dialect,
    Engine,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    create_engine,
    event,
    inspect,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.sql.dml import Insert

from shared.ids import new_id
from shared.metrics import database_errors
from shared.privacy import NOTHING_PERSONAL

MIGRATION_LOCK = 7_190_214_331  # any constant; one migration at a time on one PostgreSQL database


EVENTS_RECORDED = "events recorded up to"
_listeners: WeakKeyDictionary[Engine, Callable[[int], None]] = WeakKeyDictionary()


def open_database(url: str) -> Engine:
    """An engine for `url`; SQLite's folder is made when missing. Nothing is connected to yet."""
    if not url.startswith("sqlite"):
        engine = create_engine(url, pool_pre_ping=True, pool_size=8, max_overflow=8)
        event.listen(engine, "handle_error", _count_error)
        return engine
    engine = create_engine(url, connect_args={"timeout": 30})
    event.listen(engine, "handle_error", _count_error)
    if engine.url.database:
        Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _count_error(context: ExceptionContext) -> None:
    error = context.sqlalchemy_exception
    refused = isinstance(error, IntegrityError)
    down = context.is_disconnect or isinstance(error, OperationalError | InterfaceError)
    database_errors.labels("constraint" if refused else "operational" if down else "other").inc()


def is_away(error: Exception) -> bool:
    """Whether the database could not be reached, or was lost on the way: nothing that was asked of it is at fault."""
    if isinstance(error, DBAPIError):  # one without a statement came of connecting, or of ending a transaction
        never_asked = isinstance(error, OperationalError | InterfaceError) and error.statement is None
        return error.connection_invalidated or never_asked
    return isinstance(error, NoConnectionFree)


def _prepare_sqlite(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # we begin transactions ourselves
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that writes: committed at the end, rolled back on any error.

    Once it is committed, whoever listens by `announce_events` is told up to which sequence it recorded events, if it
    did.
    """
    with engine.begin() as connection:
        connection.info.pop(EVENTS_RECORDED, None)
        yield connection
        recorded = connection.info.pop(EVENTS_RECORDED, None)
    if recorded is not None and engine in _listeners:
        _listeners[engine](recorded)


def announce_events(engine: Engine, listener: Callable[[int], None]) -> None:
    """Tell `listener` the sequence of the newest event of this database's log, after its transaction is committed."""
    _listeners[engine] = listener


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that reads one consistent snapshot."""
    options: dict[str, Any] = {"reading": True}
    if engine.dialect.name == "postgresql":
        options["isolation_level"] = "REPEATABLE READ"
    with engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


def look_up(engine: Engine, query: Select[Any]) -> tuple[Any, ...] | None:
    """The first row of a query, or None: for a query that is kept, and asked with every call that comes.

    It takes no parameters and gives strings and whole numbers alone. It goes to the database's driver as it is, one
    statement and so of one moment: a look costs a tenth of a transaction by `reading`. Whatever goes wrong, that is
    tried in its place, and raises as usual.
    """
    said = _statement(query, engine.dialect)
    try:
        with closing(engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
            cursor.execute(said)
            found = cursor.fetchone()
            return None if found is None else tuple(found)
    except engine.dialect.loaded_dbapi.Error:
        with reading(engine) as asking:
            row = asking.execute(query).first()
            return None if row is None else tuple(row)


@lru_cache(maxsize=64)
def _statement(query: Select[Any], dialect: Dialect) -> str:
    return str(query.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))


def insert_or_ignore(engine_or_connection: Engine | Connection, table: Table) -> Insert:
    """An INSERT that leaves an existing row with the same key as it is, on either database.

    Its `rowcount` says how many rows are new; without being told to keep it, SQLAlchemy says -1 on PostgreSQL.
    """
    return _insert_or_ignore(engine_or_connection.dialect.name, table)


@lru_cache(maxsize=256)
def _insert_or_ignore(dialect: str, table: Table) -> Insert:
    """Made once, so that SQLAlchemy finds what it compiled of it by what it remembers on it."""
    maker = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return maker(table).on_conflict_do_nothing().execution_options(preserve_rowcount=True)


def migrate(engine: Engine, migrations: Path) -> None:
    """Bring the database to the newest migration in the folder `migrations` (an Alembic script location).

    Files in `versions/` are named "<revision>_<words>.py" and revisions sort in order. A database that is at the newest
    one already is left alone without loading Alembic, so that a second start is quick.
    """
    newest = max(path.name.split("_")[0] for path in (migrations / "versions").glob("[0-9]*.py"))
    if _migrated_to(engine) == newest:
        return
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    with writing(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _migrated_to(engine: Engine) -> str | None:
    """The revision that the database is at; None before the first migration."""
    with reading(engine) as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def revisions_table(metadata: MetaData) -> Table:
    """The one-row table whose token changes with every change of a service's facts."""
    return Table(
        "revisions",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("revision", String(40), nullable=False),
        info=NOTHING_PERSONAL,
    )


def current_revision(connection: Connection, table: Table) -> str:
    """The token as it stands; "" before the first change."""
    found = connection.execute(table.select()).first()
    return str(found.revision) if found else ""


def revisions_of(*tables: Table) -> Select[Any]:
    """A query for `look_up`: the tokens of several tables as they stand at one moment, None before the first change."""
    return select(*(select(table.c.revision).scalar_subquery() for table in tables))


def look_up_revision(engine: Engine, query: Select[Any]) -> str:
    """What `revisions_of` one table finds as it stands; "" before the first change."""
    found = look_up(engine, query)
    return (found and found[0]) or ""


def change_revision(connection: Connection, table: Table) -> str:
    """Give the facts a new token, in the transaction that changes them."""
    revision = new_id("rev")
    connection.execute(insert_or_ignore(connection, table).values(id=1, revision=revision))
    connection.execute(table.update().values(revision=revision))
    return revision
