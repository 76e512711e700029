"""ImportTravelNeeds: what children need to travel, from the product's own file."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, Engine

from services.caseload.domain.case import LastChange, TravelNeeds
from services.caseload.domain.pseudonyms import Pseudonyms
from services.caseload.imports.own import ChildFinder, read_child_rows
from services.caseload.imports.travel_needs import TravelNeedsRow, odd_travel_needs, read_travel_needs
from services.caseload.operations.transaction import import_transaction, record_changes
from services.caseload.storage import changes, repository, travel
from services.caseload.storage.tables import revisions
from shared.database import change_revision
from shared.imports.report import ImportOptions, ImportReport, SourceFile, import_id, may_write
from shared.imports.resting import no_collecting

Stated = Mapping[str, TravelNeeds]
"""What rows say, by case id of the child whose row it is."""


@no_collecting()
def import_travel_needs(
    engine: Engine, pseudonyms: Pseudonyms, file: SourceFile, options: ImportOptions
) -> ImportReport:
    """Replace what the row of every child in the file says; other children's rows stay. Counts are children."""
    with import_transaction(engine, options) as connection:
        known, case_ids = repository.list_references(connection, "upn"), repository.list_case_ids(connection)
        read = read_child_rows(file, TravelNeedsRow, pseudonyms, known, case_ids)
        stated, refused = read_travel_needs(read, ChildFinder(pseudonyms, known, frozenset(case_ids)))
        problems = [*read.problems, *refused]
        accepted = may_write(problems, options)
        stored = travel.list_stated(connection) if accepted else {}
        found = stated if accepted else {}
        changed = {case_id: new for case_id, new in found.items() if stored.get(case_id) != new}
        created = len(changed.keys() - stored.keys())
        counts = (created, len(changed) - created, len(found) - len(changed))
        warnings = list(odd_travel_needs(read, stated, repository.list_ceased(connection)))
        report = ImportReport(import_id([file]), options.preview, accepted, read.rows_read, *counts, problems, warnings)
        if not options.preview:
            touched = _touched(changed, stored)
            _write(connection, changed, touched)
            record_changes(connection, "travel_needs_imported", report, touched)
    return report


def _touched(changed: Stated, stored: Stated) -> set[str]:
    """Children whose travel needs change: those of the rows, and whom they name or named."""
    rows = [*changed.values(), *(stored[case_id] for case_id in changed.keys() & stored.keys())]
    return {*changed, *(other for row in rows for other in row.apart_from)}


def _write(connection: Connection, changed: Stated, touched: set[str]) -> None:
    if changed:
        etag = change_revision(connection, revisions)
        travel.replace_travel_needs(connection, changed)
        changes.give_etag(connection, touched, etag, LastChange.TRAVEL_NEEDS)
