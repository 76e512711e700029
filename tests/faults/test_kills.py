"""A few kills on each database: the short form of `python -m tests.faults.kills`."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

from tests.conftest import need_server
from tests.faults.kills import POINTS, run
from tests.faults.supervised import POSTGRESQL

SHORT = {
    "sqlite": ("placement.decision.after_commit", "provision.offer_place.after_commit"),
    "postgresql": ("placement.placed.after_call",),
}


@pytest.mark.timeout(400)
@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
def test_a_killed_process_loses_nothing_and_does_nothing_twice(database: str, tmp_path: Path) -> None:
    if database == "postgresql":
        _need_postgresql()
    points = SHORT[database]
    tallies = list(run(database, points, 1, tmp_path, scale=200))
    assert [(tally.point, tally.kills, tally.faults) for tally in tallies] == [(point, 1, []) for point in points]


def _need_postgresql() -> None:
    engine = create_engine(POSTGRESQL)
    try:
        engine.connect().close()
    except OperationalError:
        need_server("PostgreSQL", "INBOROUGH_TEST_POSTGRESQL")
    finally:
        engine.dispose()


def test_twelve_or_more_places_are_named_and_stand_in_the_code() -> None:
    root = Path(__file__).parents[2]
    code = "\n".join(path.read_text() for folder in ("services", "shared") for path in (root / folder).rglob("*.py"))
    assert len(POINTS) >= 12
    assert [point for point in POINTS if f'failpoint("{point}")' not in code] == []
