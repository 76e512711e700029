"""Prometheus gauges of the journal: counts only."""

from __future__ import annotations

from prometheus_client import Gauge
from sqlalchemy import Engine

from services.journal.storage import repository
from shared.database import reading

entries = Gauge("inborough_journal_entries", "Entries in the journal.", ["source"])


def refresh(engine: Engine) -> None:
    """Count again; called by the events process after each reading of a log, and by itself."""
    with reading(engine) as connection:
        counts = repository.count_entries(connection)
    for source, count in counts.items():
        entries.labels(source).set(count)
