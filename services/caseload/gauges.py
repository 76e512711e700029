"""Prometheus gauges of the caseload, counted when they are asked for: counts only, nothing of a child.

They are right after a restart, a change by any process, and midnight, which alone makes deadlines overdue. What was
counted is kept for as long as no case and no day changes.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date

from prometheus_client import REGISTRY
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from services.caseload.operations.deadlines import count_deadlines
from services.caseload.storage import repository
from services.caseload.storage.tables import revisions
from shared import logs
from shared.clock import today
from shared.database import current_revision, reading


class CaseloadGauges(Collector):
    """The gauges of the database that was watched last; none while no database is."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._engine: Engine | None = None
        self._counted: tuple[tuple[str, date], list[GaugeMetricFamily]] | None = None

    def watch(self, engine: Engine) -> None:
        """Count this database from now on."""
        with self._lock:
            self._engine, self._counted = engine, None

    def forget(self, engine: Engine) -> None:
        """Count it no more, and close it."""
        with self._lock:
            if self._engine is engine:
                self._engine, self._counted = None, None
        engine.dispose()

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Names alone, so that registering asks no database."""
        yield from _families()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The gauges as they stand; none when the database does not answer."""
        with self._lock:
            try:
                yield from self._count(self._engine) if self._engine else ()
            except DBAPIError as error:
                logs.log("gauges_not_counted", "warning", error_type=type(error).__name__)

    def _count(self, engine: Engine) -> list[GaugeMetricFamily]:
        with reading(engine) as connection:
            as_of = current_revision(connection, revisions), today()
        if self._counted is None or self._counted[0] != as_of:
            self._counted = as_of, _counts(engine, as_of[1])
        return self._counted[1]


def _families() -> tuple[GaugeMetricFamily, GaugeMetricFamily, GaugeMetricFamily]:
    return (
        GaugeMetricFamily(
            "inborough_decisions_due", "Decisions due for placements from this first day.", labels=["first_day"]
        ),
        GaugeMetricFamily("inborough_cases", "Cases by how far they have come.", labels=["stage"]),
        GaugeMetricFamily(
            "inborough_deadlines", "Statutory deadlines of cases in hand, by how soon.", labels=["clock", "state"]
        ),
    )


def _counts(engine: Engine, on_day: date) -> list[GaugeMetricFamily]:
    decisions_due, cases, deadlines = _families()
    with reading(engine) as connection:
        for first_day, count in repository.list_first_days(connection):
            decisions_due.add_metric([first_day.isoformat()], count)
        for stage, count in repository.count_stages(connection).items():
            cases.add_metric([stage.value], count)
    for (clock, state), count in count_deadlines(engine, on_day).items():
        deadlines.add_metric([clock.value, state.value], count)
    return [decisions_due, cases, deadlines]


GAUGES = CaseloadGauges()
REGISTRY.register(GAUGES)
