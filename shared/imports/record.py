"""Tell the event log what an import did, in the import's own transaction."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from shared.event_log import record_event
from shared.imports.report import ImportReport


def record_import(connection: Connection, name: str, report: ImportReport, **facts: Any) -> None:
    """Record an import, accepted or not, in counts; a preview, which is none, not at all."""
    if not report.preview:
        record_event(
            connection,
            name,
            import_id=report.import_id,
            accepted=report.accepted,
            created=report.created,
            updated=report.updated,
            unchanged=report.unchanged,
            problems=len(report.problems),
            **facts,
        )
