"""Copy a SQLite database while it is in use, and put a copy in its place."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, create_engine

from services.cli.exits import ANSWER_IS_NO
from services.cli.failures import CannotGoOn

PAGES_AT_ONCE = 2000
"""Of 4 KiB: 8 MB between two looks at Ctrl-C."""
BUSY_SECONDS = 30.0
BESIDE = ("-wal", "-shm", "-journal")


def copy(source: Path, target: Path, step: Callable[[str], None]) -> None:
    """A copy of one moment, by SQLite's online backup; writers go on meanwhile. The file is its owner's alone."""
    target.touch(0o600)

    def progress(_: int, left: int, pages: int) -> None:
        if pages > PAGES_AT_ONCE:
            step(f"{100 * (pages - left) // pages} %")

    # One read transaction from first page to last: else the copy would begin anew at each write of somebody else.
    with (
        closing(sqlite3.connect(f"file:{source}?mode=rw", uri=True, timeout=BUSY_SECONDS)) as read,
        closing(sqlite3.connect(target)) as written,
    ):
        read.execute("BEGIN")
        read.execute("SELECT count(*) FROM sqlite_master").fetchone()
        read.backup(written, pages=PAGES_AT_ONCE, progress=progress)
        written.execute("PRAGMA journal_mode=DELETE")


@contextmanager
def reading_file(path: Path) -> Iterator[Connection]:
    """Reads a SQLite file that nobody writes to. Raises CannotGoOn when it is none."""
    engine = create_engine(f"sqlite:///{path}")
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")
            yield connection
    finally:
        engine.dispose()


def is_empty(path: Path) -> bool:
    """Whether there is no file, or one without a table."""
    if not path.exists():
        return True
    with closing(sqlite3.connect(path)) as connection:
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return int(tables) == 0


def need_sound(path: Path) -> None:
    """Raises CannotGoOn unless SQLite itself finds a file sound."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            found = connection.execute("PRAGMA quick_check").fetchone()[0]
    except sqlite3.DatabaseError:
        found = "not a database"
    if found != "ok":
        raise CannotGoOn(f"{path.name} is damaged: SQLite cannot read it.", "Take another backup.", ANSWER_IS_NO)


def put_in_place(copied: Path, target: Path) -> None:
    """Let a checked file take the database's place at once; what belonged to the file before goes."""
    for ending in BESIDE:
        target.with_name(target.name + ending).unlink(missing_ok=True)
    copied.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
