"""Prometheus gauges of the caseload: counts only, nothing of a child."""

from __future__ import annotations

from prometheus_client import Gauge
from sqlalchemy import Engine

from services.caseload.storage import repository
from shared.database import reading

decisions_due = Gauge("inborough_decisions_due", "Decisions due for placements from this first day.", ["first_day"])
cases = Gauge("inborough_cases", "Cases by how far they have come.", ["stage"])


def refresh(engine: Engine) -> None:
    """Count again; called at start and after each import."""
    with reading(engine) as connection:
        first_days = repository.list_first_days(connection)
        stages = repository.count_stages(connection)
    decisions_due.clear()
    for first_day, count in first_days:
        decisions_due.labels(first_day.isoformat()).set(count)
    for stage, count in stages.items():
        cases.labels(stage.value).set(count)
