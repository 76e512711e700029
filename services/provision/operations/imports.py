"""ImportSettings and ImportPlacePools: written whole or not at all, and the same file again changes nothing."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import Connection, Engine

from services.provision.domain.pools import PlacePool
from services.provision.domain.settings import Setting
from services.provision.imports.gias import SettingsRead, read_settings
from services.provision.imports.pools import PoolsRead, read_pools
from services.provision.operations.settings import show_settings_on_file
from services.provision.storage import repository
from shared.database import reading, writing
from shared.imports.record import record_import
from shared.imports.report import ImportOptions, ImportReport, SourceFile, import_id, log_import, may_write
from shared.imports.resting import no_collecting

KeyT = TypeVar("KeyT", bound=Hashable)
RecordT = TypeVar("RecordT", Setting, PlacePool)


@dataclass(frozen=True)
class Changes(Generic[RecordT]):
    """What an import would change against what is on file."""

    created: Sequence[RecordT] = ()
    updated: Sequence[RecordT] = ()
    unchanged: int = 0


@no_collecting()
def import_settings(engine: Engine, file: SourceFile, options: ImportOptions) -> ImportReport:
    """Write the settings of a GIAS file that are new or changed. Settings not in the file stay as they are."""
    found = read_settings(file)
    with _importing(engine, options) as connection:
        existing = {setting.urn: setting for setting in repository.list_settings(connection)}
        changes = compare({setting.urn: setting for setting in found.settings}, existing)
        report = _report(file, found, options, changes)
        if report.accepted and not options.preview and (changes.created or changes.updated):
            repository.record_settings(connection, changes.created, changes.updated)
            repository.record_change(connection)
        record_import(connection, "settings_imported", report)
    show_settings_on_file(engine)
    log_import("settings_imported", report)
    return report


@no_collecting()
def import_place_pools(engine: Engine, file: SourceFile, options: ImportOptions) -> ImportReport:
    """Write the pools of a file that are new or changed, each whole. Pools not in the file stay as they are."""
    with _importing(engine, options) as connection:
        stored = repository.list_pools(connection)
        existing = {pool.pool_id: pool for pool in stored}
        settings = {setting.urn: setting for setting in repository.list_settings(connection)}
        found = read_pools(file, settings, stored)
        changes = compare({pool.pool_id: pool for pool in found.pools}, existing)
        report = _report(file, found, options, changes)
        if report.accepted and not options.preview and (changes.created or changes.updated):
            repository.replace_pools(connection, [*changes.created, *changes.updated], existing.keys())
            repository.record_change(connection)
        record_import(connection, "place_pools_imported", report)
    log_import("place_pools_imported", report)
    return report


def compare(found: Mapping[KeyT, RecordT], existing: Mapping[KeyT, RecordT]) -> Changes[RecordT]:
    """What is new, what differs, and how many are the same. What is on file and not found is left alone."""
    created = [record for key, record in found.items() if key not in existing]
    updated = [record for key, record in found.items() if key in existing and existing[key] != record]
    return Changes(created, updated, len(found) - len(created) - len(updated))


@contextmanager
def _importing(engine: Engine, options: ImportOptions) -> Iterator[Connection]:
    """One transaction for comparing and writing; a preview's can only read."""
    with reading(engine) if options.preview else writing(engine) as connection:
        if not options.preview:
            repository.hold_off_other_imports(connection)
        yield connection


def _report(
    file: SourceFile, found: SettingsRead | PoolsRead, options: ImportOptions, changes: Changes[RecordT]
) -> ImportReport:
    """Counts are 0 when the import is refused."""
    accepted = may_write(found.problems, options)
    return ImportReport(
        import_id=import_id([file]),
        preview=options.preview,
        accepted=accepted,
        rows_read=found.rows_read,
        created=len(changes.created) if accepted else 0,
        updated=len(changes.updated) if accepted else 0,
        unchanged=changes.unchanged if accepted else 0,
        problems=found.problems,
        warnings=found.warnings,
    )
