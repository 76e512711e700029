"""A service's database as Prometheus sees it: whether it answers, how far logs go and were read, what was imported."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import SQLAlchemyError

from shared import logs
from shared.database import reading
from shared.event_log.newest import Facts, Newest
from shared.event_log.tables import cursors, dead_letters, event_counter, events

IMPORTED = "_imported"


class OwnLog(Collector):
    """One service's database, asked at each scrape; when it does not answer, that alone is shown."""

    def __init__(self, service: str, engine: Engine) -> None:
        self._service, self._engine = service, engine
        self._imports = Newest(events.c.name.endswith(IMPORTED, autoescape=True), _is_accepted)

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Names alone, so that registering asks no database."""
        yield from _families()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """What the database says now."""
        found = _families()
        try:
            with reading(self._engine) as connection:
                self._count(connection, found)
        except SQLAlchemyError as error:
            logs.log("database_not_counted", "warning", error_type=type(error).__name__)
            found = _families()
        found.up.add_metric([self._service], float(bool(found.last_sequence.samples)))
        yield from found

    def _count(self, connection: Connection, found: _Families) -> None:
        last = connection.scalar(select(event_counter.c.last_sequence)) or 0
        found.last_sequence.add_metric([self._service], last)
        by_source = select(dead_letters.c.source, func.count()).group_by(dead_letters.c.source)
        letters = {row[0]: int(row[1]) for row in connection.execute(by_source)}
        for source, sequence in connection.execute(select(cursors.c.source, cursors.c.sequence)):
            found.cursor.add_metric([self._service, source], sequence)
            letters.setdefault(source, 0)
        for source, count in letters.items():
            found.dead_letters.add_metric([self._service, source], count)
        for name, happened in self._imports.read(connection).items():
            found.imported.add_metric([name.removesuffix(IMPORTED)], happened.at.timestamp())


class _Families(NamedTuple):
    up: GaugeMetricFamily
    last_sequence: GaugeMetricFamily
    cursor: GaugeMetricFamily
    dead_letters: GaugeMetricFamily
    imported: GaugeMetricFamily


def _families() -> _Families:
    return _Families(
        GaugeMetricFamily("inborough_database_up", "Whether a service's database answers.", labels=["service"]),
        GaugeMetricFamily(
            "inborough_event_log_last_sequence", "Sequence of the newest event of a service's log.", labels=["source"]
        ),
        GaugeMetricFamily("inborough_event_cursor", "Sequence of the last event taken.", labels=["service", "source"]),
        GaugeMetricFamily(
            "inborough_dead_letters", "Events that could not be applied and stand aside.", labels=["service", "source"]
        ),
        GaugeMetricFamily(
            "inborough_import_accepted_timestamp_seconds", "When a kind of file was last accepted.", labels=["kind"]
        ),
    )


def _is_accepted(facts: Facts) -> bool:
    return facts.get("accepted") == "yes"
