"""Put a backup back, each database all or nothing, once the whole backup is proved whole."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from services.cli.backup import postgresql, sealing, sqlite
from services.cli.backup.checksums import table_copies
from services.cli.backup.databases import Database, all_databases, newest_revision
from services.cli.backup.manifest import DatabaseCopy, Manifest
from services.cli.backup.verifying import need_tables, verify_backup
from services.cli.exits import ANSWER_IS_NO
from services.cli.failures import CannotGoOn

Step = Callable[[str], None]


def restore_backup(folder: Path, identity: Path | None, replace: bool, step: Step) -> Manifest:
    """Put every database of a backup back. Raises CannotGoOn, before anything is changed where that can be known.

    All are put back or the rest is to be repeated: services refuse logs of another moment than their cursors.
    """
    manifest = verify_backup(folder, identity, lambda service: step(f"checking {service}"))
    databases = {each.service: each for each in all_databases()}
    for copy in manifest.databases:
        _need_fitting(copy, databases[copy.service], replace)
    for copy in manifest.databases:
        step(copy.service)
        _restore(copy, databases[copy.service], folder, identity)
    return manifest


def _need_fitting(copy: DatabaseCopy, database: Database, replace: bool) -> None:
    newest = newest_revision(copy.service)
    if newest and copy.migration > newest:
        raise CannotGoOn(
            f"The backup of {copy.service} is of a newer release: it is at migration {copy.migration}.",
            "Install the release that made it, or a later one.",
        )
    if (copy.kind == "postgresql") != database.on_postgresql:
        raise CannotGoOn(
            f"The backup of {copy.service} is of {copy.kind}, and its database is not.",
            f"Set INBOROUGH_{copy.service.upper()}_DATABASE_URL to a database of the same kind.",
        )
    empty = postgresql.is_empty(database.url) if database.on_postgresql else sqlite.is_empty(database.file)
    if not empty and not replace:
        raise CannotGoOn(
            f"The database of {copy.service} is not empty; nothing was changed.",
            "Say --replace to put the backup in its place: what is there now is then gone.",
            ANSWER_IS_NO,
        )


def _restore(copy: DatabaseCopy, database: Database, folder: Path, identity: Path | None) -> None:
    path = folder / copy.file
    if database.on_postgresql:
        with (
            sealing.opened(path, identity, folder) as clear,
            postgresql.replacing(database.url, clear) as connection,
        ):
            need_tables(copy, table_copies(connection))
        return
    database.file.parent.mkdir(parents=True, exist_ok=True)
    waiting = database.file.with_name(f".{database.file.name}.restoring")
    try:
        with sealing.opened(path, identity, database.file.parent) as clear:
            waiting.touch(0o600)
            shutil.copyfile(clear, waiting)
        with sqlite.reading_file(waiting) as connection:
            need_tables(copy, table_copies(connection))
        sqlite.put_in_place(waiting, database.file)
    finally:
        waiting.unlink(missing_ok=True)
