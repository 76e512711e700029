"""Prove a backup whole: every file as it was written, and every table as it was counted."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from services.cli.backup import postgresql, sealing, sqlite
from services.cli.backup.checksums import table_copies
from services.cli.backup.manifest import DatabaseCopy, Manifest, TableCopy, read_manifest, sha256_of
from services.cli.exits import ANSWER_IS_NO
from services.cli.failures import CannotGoOn

ANOTHER = "Take another backup; this one cannot be trusted."


def verify_backup(folder: Path, identity: Path | None, step: Callable[[str], None]) -> Manifest:
    """The manifest of a backup that is whole. Raises CannotGoOn that names the first file that is not.

    Tables are counted in SQLite copies; a PostgreSQL dump has its contents listed, and its tables are counted when it
    is put back. Encrypted files are looked into only when the identity is given.
    """
    manifest = read_manifest(folder)
    for copy in manifest.databases:
        step(copy.service)
        need_file(folder, copy)
        if copy.file.endswith(sealing.ENDING) and identity is None:
            continue
        with (
            tempfile.TemporaryDirectory() as scratch,
            sealing.opened(folder / copy.file, identity, Path(scratch)) as clear,
        ):
            _look_into(clear, copy)
    return manifest


def need_file(folder: Path, copy: DatabaseCopy) -> None:
    """Raises CannotGoOn unless a copy's file is there and is what was written."""
    path = folder / copy.file
    if not path.is_file():
        raise CannotGoOn(f"{copy.file} is missing.", ANOTHER, ANSWER_IS_NO)
    if sha256_of(path) != copy.sha256:
        raise CannotGoOn(f"{copy.file} is not as it was written: its checksum differs.", ANOTHER, ANSWER_IS_NO)


def _look_into(clear: Path, copy: DatabaseCopy) -> None:
    if copy.kind == "postgresql":
        postgresql.list_contents(clear)
        return
    sqlite.need_sound(clear)
    with sqlite.reading_file(clear) as connection:
        need_tables(copy, table_copies(connection))


def need_tables(copy: DatabaseCopy, found: Sequence[TableCopy]) -> None:
    """Raises CannotGoOn unless tables hold exactly what was backed up."""
    there = {table.name: table for table in found}
    for table in copy.tables:
        other = there.get(table.name)
        if other != table:
            rows = other.rows if other else 0
            raise CannotGoOn(
                f"The table {table.name} of {copy.service} is not as it was backed up: {rows} rows of {table.rows}, or "
                "others.",
                ANOTHER,
                ANSWER_IS_NO,
            )
