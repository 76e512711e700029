"""What runs are made from: fleets, version by version, and when settings' days begin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection, Engine

from services.cost.domain.fleet import Fleet, build_fleet
from services.cost.imports import ReadBellTimes, ReadFleet, read_bell_times, read_fleet
from services.cost.imports.bell_times import ListKnown
from services.cost.storage import fleets, repository
from shared.database import reading, writing
from shared.days import in_words
from shared.errors import WrongState
from shared.imports.record import record_import
from shared.imports.report import ImportOptions, ImportReport, SourceFile, import_id, log_import, may_write


@dataclass(frozen=True)
class ImportedFleet:
    """What an import did; `fleet_id` is the version written or already there, "" when nothing may be written."""

    report: ImportReport
    fleet_id: str = ""


def import_fleet(engine: Engine, file: SourceFile, options: ImportOptions) -> ImportedFleet:
    """Read a fleet as a new version; the same content as the newest version of its name changes nothing."""
    read = read_fleet(file)
    report = _begin(file, options, read)
    accepted = bool(read.vehicle_types) and may_write(read.problems, options)
    if options.preview:
        with reading(engine) as connection:
            newest = fleets.find_newest_fleet(connection, read.name) if accepted else None
        return ImportedFleet(_counted_fleet(report, read, newest) if accepted else report)
    with writing(engine) as connection:
        imported = _write_fleet(connection, read, report) if accepted else ImportedFleet(report)
        record_import(connection, "fleet_imported", imported.report, fleet_id=imported.fleet_id)
    log_import("fleet_imported", imported.report)
    return imported


def _begin(file: SourceFile, options: ImportOptions, read: ReadFleet | ReadBellTimes) -> ImportReport:
    return ImportReport(
        import_id([file]),
        options.preview,
        rows_read=read.rows_read,
        problems=read.problems,
        warnings=read.warnings,
    )


def _write_fleet(connection: Connection, read: ReadFleet, report: ImportReport) -> ImportedFleet:
    repository.lock_for_import(connection)
    newest = fleets.find_newest_fleet(connection, read.name)
    fleet = build_fleet(read.name, newest.heading.version + 1 if newest else 1, read.first_day, read.vehicle_types)
    if newest and newest.heading.content_hash == fleet.heading.content_hash:
        fleet = newest
    else:
        fleets.add_fleet(connection, fleet)
    return ImportedFleet(_counted_fleet(report, read, newest), fleet.heading.fleet_id)


def _counted_fleet(report: ImportReport, read: ReadFleet, newest: Fleet | None) -> ImportReport:
    """Vehicle types counted against the newest version of the fleet."""
    before = {vehicle.name: vehicle for vehicle in newest.vehicle_types} if newest else {}
    return _counted(report, {vehicle.name: vehicle for vehicle in read.vehicle_types}, before)


def _counted(report: ImportReport, now: Mapping[str, object], before: Mapping[str, object]) -> ImportReport:
    created = sum(key not in before for key in now)
    unchanged = sum(key in before and before[key] == value for key, value in now.items())
    updated = len(now) - created - unchanged
    return replace(report, accepted=True, created=created, updated=updated, unchanged=unchanged)


def import_bell_times(engine: Engine, list_known: ListKnown, file: SourceFile, options: ImportOptions) -> ImportReport:
    """Read when settings' days begin; a setting that is named again is overwritten, the others stay.

    One that is on no file is kept with a warning: its row in the register may come later.
    """
    read = read_bell_times(file, list_known)
    report = _begin(file, options, read)
    accepted = bool(read.bell_minutes) and may_write(read.problems, options)
    if options.preview:
        with reading(engine) as connection:
            return _counted_bells(report, read, fleets.list_bell_times(connection)) if accepted else report
    with writing(engine) as connection:
        if accepted:
            report = _write_bells(connection, read, report)
        record_import(connection, "bell_times_imported", report)
    log_import("bell_times_imported", report)
    return report


def _write_bells(connection: Connection, read: ReadBellTimes, report: ImportReport) -> ImportReport:
    repository.lock_for_import(connection)
    before = fleets.list_bell_times(connection)
    changed = {urn: at for urn, at in read.bell_minutes.items() if before.get(urn) != at}
    if changed:
        fleets.change_bell_times(connection, changed)
    return _counted_bells(report, read, before)


def _counted_bells(report: ImportReport, read: ReadBellTimes, before: Mapping[int, int]) -> ImportReport:
    now = {str(urn): at for urn, at in read.bell_minutes.items()}
    return _counted(report, now, {str(urn): at for urn, at in before.items()})


@dataclass(frozen=True)
class FleetInForce:
    """The fleet in force on a day, and when settings' days begin, minutes after midnight by URN."""

    fleet: Fleet
    bell_minutes: Mapping[int, int]


def get_fleet(engine: Engine, day: date) -> FleetInForce:
    """The fleet in force on a day. Raises WrongState before the first day of the first fleet."""
    with reading(engine) as connection:
        return fleet_in_force(connection, day)


def fleet_in_force(connection: Connection, day: date) -> FleetInForce:
    """As `get_fleet`, within a transaction."""
    fleet = fleets.find_fleet_in_force(connection, day)
    if fleet is None:
        raise WrongState(
            f"No fleet is in force on {in_words(day)}. Import one whose first day is not later: "
            "inborough import fleet FILE.",
            first_day=day.isoformat(),
        )
    return FleetInForce(fleet, fleets.list_bell_times(connection))
