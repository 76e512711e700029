"""Make a backup: a folder that has its name only once it is whole."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from services.cli.backup import postgresql, sealing, sqlite
from services.cli.backup.checksums import table_copies
from services.cli.backup.databases import WEB, Database, all_databases
from services.cli.backup.manifest import NAME, DatabaseCopy, Manifest, sha256_of
from services.cli.failures import CannotGoOn
from shared.days import in_rfc3339, now_utc

Step = Callable[[str], None]
PREFIX = "backup-"
UNFINISHED = ".unfinished-"


def make_backup(out: Path, encrypt_to: str, step: Step) -> tuple[Path, Manifest]:
    """Back up every database into a new folder in `out`. Raises CannotGoOn; nothing half is left, also by Ctrl-C."""
    databases = [each for each in all_databases() if not (each.service == WEB and each.missing)]
    if lacking := [each for each in databases if each.missing]:
        raise CannotGoOn(
            f"There is no database of {lacking[0].service} at {lacking[0].file}.",
            "Run it with the services' own variables: INBOROUGH_VAR, or each INBOROUGH_…_DATABASE_URL.",
        )
    if encrypt_to:
        sealing.need_recipient(encrypt_to)
    began, made = time.monotonic(), now_utc()
    name = f"{PREFIX}{made:%Y-%m-%dT%H-%M-%SZ}"
    with _unfinished(out, name) as folder:
        copies = []
        for number, database in enumerate(databases, start=1):
            here = f"{database.service} ({number} of {len(databases)})"
            step(here)
            copies.append(_copy(database, folder, encrypt_to, partial(_step_within, step, here)))
        manifest = Manifest(
            release=version("inborough"),
            made_time=in_rfc3339(made),
            seconds=round(time.monotonic() - began, 1),
            encrypted_to=encrypt_to,
            databases=copies,
        )
        _write(folder / NAME, manifest.model_dump_json(indent=2) + "\n")
    return out / name, manifest


def _step_within(step: Step, here: str, told: str) -> None:
    step(f"{here}, {told}")


@contextmanager
def _unfinished(out: Path, name: str) -> Iterator[Path]:
    """A folder that is renamed once all is in it, and removed when anything goes wrong."""
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    if (out / name).exists():
        raise CannotGoOn(f"{out / name} is there already.", "Wait a second.")
    folder = out / f"{UNFINISHED}{name}"
    folder.mkdir(mode=0o700)
    try:
        yield folder
        folder.rename(out / name)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _copy(database: Database, folder: Path, encrypt_to: str, step: Step) -> DatabaseCopy:
    copied_time = in_rfc3339(now_utc())
    if database.on_postgresql:
        path = folder / f"{database.service}.dump"
        with postgresql.of_one_moment(database.url) as (connection, snapshot):
            migration = migration_of(connection, database.service)
            postgresql.dump(database.url, path, snapshot)
            tables = table_copies(connection)
    else:
        path = folder / f"{database.service}.sqlite"
        sqlite.copy(database.file, path, step)
        with sqlite.reading_file(path) as connection:
            migration, tables = migration_of(connection, database.service), table_copies(connection)
    kept = sealing.seal(path, encrypt_to) if encrypt_to else path
    return DatabaseCopy(
        service=database.service,
        kind="postgresql" if database.on_postgresql else "sqlite",
        file=kept.name,
        bytes=kept.stat().st_size,
        sha256=sha256_of(kept),
        migration=migration,
        copied_time=copied_time,
        tables=tables,
    )


def migration_of(connection: Connection, service: str) -> str:
    """The migration that a database is at. Raises CannotGoOn for one without tables."""
    if not inspect(connection).has_table("alembic_version"):
        raise CannotGoOn(f"The database of {service} is empty.", "Start the service once; it makes its tables.")
    return str(connection.scalar(text("SELECT version_num FROM alembic_version")))


def _write(path: Path, content: str) -> None:
    path.touch(0o600)
    path.write_text(content, encoding="utf-8")
