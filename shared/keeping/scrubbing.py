"""Make a database's files forget what was deleted: a deleted row stays in them until its room is used again.

SQLite zeroes what it deletes (`PRAGMA secure_delete`, set in shared/database.py), but its write-ahead log holds older
copies, and so does a file from before that was set: the file is written anew and the log emptied. PostgreSQL gives dead
rows' room free; see docs/privacy/retention.md for what its own log keeps.
"""

from __future__ import annotations

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from shared import logs

IN_A_HURRY = "PRAGMA busy_timeout=2000"
AS_USUAL = "PRAGMA busy_timeout=30000"


def scrub(engine: Engine) -> bool:
    """Do it as far as others allow; False when somebody is in the way, and then it is done the next time."""
    try:
        if engine.dialect.name == "postgresql":
            _vacuum_postgresql(engine)
        else:
            _rewrite_sqlite(engine)
    except OperationalError as error:
        logs.log("database_not_scrubbed", "warning", error_type=type(error).__name__)
        return False
    return True


def _vacuum_postgresql(engine: Engine) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM (SKIP_LOCKED)")


def _rewrite_sqlite(engine: Engine) -> None:
    """On a connection of its own without a transaction, which VACUUM does not stand."""
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute(IN_A_HURRY)
        try:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except Exception as error:
            raise OperationalError("VACUUM", None, error) from None
        finally:
            cursor.execute(AS_USUAL)
    finally:
        raw.close()
