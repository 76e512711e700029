"""Distances that the council imports: the only place where they change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import Engine

from services.cost.imports.read_matrix import LocateSettings, ReadMatrix, read_matrix
from services.cost.storage import repository
from services.cost.storage.travel import list_matrix, save_matrix
from services.cost.transport.travel.matrix import MatrixPair, Way
from shared.database import reading, writing
from shared.imports.record import record_import
from shared.imports.report import ImportOptions, ImportReport, SourceFile, import_id, log_import, may_write


def import_travel_matrix(
    engine: Engine, locate_settings: LocateSettings, file: SourceFile, options: ImportOptions
) -> ImportReport:
    """Read distances; a pair that is named again is overwritten, any other stays. Raises NeighbourDown."""
    read = read_matrix(file, locate_settings)
    report = ImportReport(import_id([file]), options.preview, rows_read=read.rows_read, problems=read.problems)
    accepted = bool(read.pairs) and may_write(read.problems, options)
    if options.preview:
        with reading(engine) as connection:
            return _counted(report, read, list_matrix(connection)) if accepted else report
    with writing(engine) as connection:
        if accepted:
            repository.lock_for_import(connection)
            before = list_matrix(connection)
            report = _counted(report, read, before)
            changed = [pair for way, pair in read.pairs.items() if before.get(way) != pair]
            if changed:
                save_matrix(connection, changed, (pair.way for pair in changed if pair.way in before))
        record_import(connection, "travel_matrix_imported", report)
    log_import("travel_matrix_imported", report)
    return report


def _counted(report: ImportReport, read: ReadMatrix, before: Mapping[Way, MatrixPair]) -> ImportReport:
    """Pairs counted against those on file."""
    created = sum(way not in before for way in read.pairs)
    unchanged = sum(before.get(way) == pair for way, pair in read.pairs.items())
    updated = len(read.pairs) - created - unchanged
    return replace(report, accepted=True, created=created, updated=updated, unchanged=unchanged)
