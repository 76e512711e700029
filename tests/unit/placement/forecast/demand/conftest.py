"""One invented England, read once a session: reading is most of a test's time."""

from __future__ import annotations

import pytest

from services.placement.forecast.published.england import read_england
from services.placement.forecast.published.read_series import read_series
from services.placement.forecast.published.series import PublishedSeries
from services.placement.forecast.rates.england import England
from tests.builders.published_tables import write_tables


@pytest.fixture(scope="session")
def tables(tmp_path_factory: pytest.TempPathFactory) -> tuple[PublishedSeries, England]:
    """Twelve authorities, Januaries 2019 to 2024."""
    folder = write_tables(tmp_path_factory.mktemp("tables"), authorities=12)
    return read_series(folder), read_england(folder)
