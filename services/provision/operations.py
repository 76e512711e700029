"""What provision does: one function for each RPC, and the only place where its facts change."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from sqlalchemy import Connection, Engine

from services.provision import metrics
from services.provision.domain.places import PlacesOnDay, count_places
from services.provision.domain.pools import PlacePool
from services.provision.domain.settings import Setting
from services.provision.gather import CaseloadReader
from services.provision.imports.gias import SettingsRead, read_settings
from services.provision.imports.pools import PoolsRead, read_pools
from services.provision.kept_answers import KeptAnswers
from services.provision.storage import repository
from shared.database import reading, writing
from shared.errors import NotFound
from shared.ids import content_id
from shared.imports.report import ImportOptions, ImportReport, SourceFile, import_id, log_import, may_write

KeyT = TypeVar("KeyT", bound=Hashable)
RecordT = TypeVar("RecordT", Setting, PlacePool)


@dataclass(frozen=True)
class Changes(Generic[RecordT]):
    """What an import would change against what is on file."""

    created: Sequence[RecordT] = ()
    updated: Sequence[RecordT] = ()
    unchanged: int = 0


@dataclass(frozen=True)
class PlacesAnswer:
    """The places at a revision; None when the caller's known revision is current. Counted at a caseload revision."""

    revision: str
    caseload_revision: str
    places: PlacesOnDay | None


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
    show_settings_on_file(engine)
    log_import("settings_imported", report)
    return report


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
    log_import("place_pools_imported", report)
    return report


def get_setting(engine: Engine, urn: int) -> Setting:
    """One setting. Raises NotFound."""
    with reading(engine) as connection:
        setting = repository.find_setting(connection, urn)
    if setting is None:
        raise NotFound("setting with URN", urn, "Import the GIAS file that has it.")
    return setting


def list_settings(engine: Engine, after_urn: int, most: int) -> tuple[list[Setting], int]:
    """At most `most` settings after a URN, ordered by URN, and how many there are in all."""
    with reading(engine) as connection:
        return repository.list_settings(connection, after_urn, most), repository.count_settings(connection)


def list_place_pools(
    engine: Engine, caseload: CaseloadReader, kept: KeptAnswers, la_code: int, first_day: date, known_revision: str
) -> PlacesAnswer:
    """The places on a first day, in one reading of our facts and one of caseload's. Raises NeighbourDown."""
    current = caseload.current_placements()
    with reading(engine) as connection:
        ours = repository.get_revision(connection)
        revision = content_id("rev", ours, current.revision, str(la_code), first_day.isoformat())
        if revision == known_revision:
            return PlacesAnswer(revision, current.revision, None)
        if places := kept.find(revision):
            return PlacesAnswer(revision, current.revision, places)
        pools, settings = repository.list_pools(connection), repository.list_settings_with_pools(connection)
    places = count_places(pools, settings, current.placements, first_day)
    kept.keep(revision, places)
    metrics.show_places_free(places, la_code)
    return PlacesAnswer(revision, current.revision, places)


def show_settings_on_file(engine: Engine) -> None:
    """Set the gauge of settings to what is stored."""
    with reading(engine) as connection:
        metrics.settings_on_file.set(repository.count_settings(connection))


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
