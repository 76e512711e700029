"""Prometheus gauges of the journal: counts and instants only."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import Gauge
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from services.journal.storage import repository
from shared import logs
from shared.database import reading
from shared.event_log.newest import Newest
from shared.event_log.tables import events

VERIFIED = "journal_verified"
entries = Gauge("inborough_journal_entries", "Entries in the journal.", ["source"])


def refresh(engine: Engine) -> None:
    """Count again; called by the events process after each reading of a log, and by itself."""
    with reading(engine) as connection:
        counts = repository.count_entries(connection)
    for source, count in counts.items():
        entries.labels(source).set(count)


class VerifiedGauges(Collector):
    """When the journal was last verified and what came of it, by its own log; nothing before the first time."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._newest = engine, Newest(events.c.name == VERIFIED)

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Names alone, so that registering asks no database."""
        yield from _families()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The last verification that is on record."""
        verified, whole = _families()
        try:
            with reading(self._engine) as connection:
                last = self._newest.read(connection).get(VERIFIED)
        except SQLAlchemyError as error:
            logs.log("gauges_not_counted", "warning", error_type=type(error).__name__)
            return
        if last is not None:
            verified.add_metric([], last.at.timestamp())
            whole.add_metric([], float(last.facts.get("sound") == "yes"))
        yield from (verified, whole)


def _families() -> tuple[GaugeMetricFamily, GaugeMetricFamily]:
    return (
        GaugeMetricFamily("inborough_journal_verified_timestamp_seconds", "When the journal was last verified."),
        GaugeMetricFamily("inborough_journal_whole", "1 when the last verification found every chain whole, else 0."),
    )
