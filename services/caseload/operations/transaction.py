"""The one transaction of an import, and what the log tells of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

from services.caseload.storage import changes
from shared.database import reading, writing
from shared.event_log import record_event
from shared.imports.record import record_import
from shared.imports.report import ImportOptions, ImportReport


@contextmanager
def import_transaction(engine: Engine, options: ImportOptions) -> Iterator[Connection]:
    """A preview reads one snapshot; an import compares and writes while no other import does."""
    if options.preview:
        with reading(engine) as connection:
            yield connection
    else:
        with writing(engine) as connection:
            changes.hold_other_imports(connection)
            yield connection


def record_changes(connection: Connection, name: str, report: ImportReport, changed: Iterable[str]) -> None:
    """Record an import that was no preview, accepted or not, and the cases that it created or changed."""
    case_ids = sorted(changed)
    if case_ids and not report.preview:
        record_event(connection, "cases_changed", case_ids=case_ids, import_id=report.import_id)
    record_import(connection, name, report)
