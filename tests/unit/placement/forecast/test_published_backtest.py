"""The Department's own tables: the backtest's targets, where their folder is named."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from services.placement.forecast.backtest.measure import MODEL
from services.placement.forecast.backtest.run import Backtest, run_backtest
from services.placement.forecast.demand.forecast import forecast_demand
from services.placement.forecast.demand.point import TOTAL
from services.placement.forecast.demand.rates_of import published_rates
from services.placement.forecast.demand.totals import fit_totals
from services.placement.forecast.published.boundaries import fill_boundaries
from services.placement.forecast.published.england import read_england
from services.placement.forecast.published.read_series import read_series
from services.placement.forecast.published.series import PublishedSeries
from services.placement.forecast.rates.england import England
from services.placement.forecast.rates.fit_rates import fit_rates

Tables = tuple[PublishedSeries, England]


@pytest.fixture(scope="module")
def tables() -> Tables:
    folder = os.environ.get("INBOROUGH_DATA")
    if not folder:
        pytest.skip("INBOROUGH_DATA does not name the folder of the Department's tables")
    return read_series(Path(folder)), read_england(Path(folder))


@pytest.fixture(scope="module")
def to_2024(tables: Tables) -> Backtest:
    return run_backtest(tables[0], 2024, tables[1])


def test_january_2024_is_forecast_better_than_by_any_naive_forecaster_with_honest_intervals(to_2024: Backtest) -> None:
    assert to_2024.authorities == 151
    assert to_2024.misses() == []


def test_totals_are_within_the_error_aimed_at(to_2024: Backtest) -> None:
    model = to_2024.lines[0].errors[MODEL]
    assert model.mean < 4.0
    assert model.median < 3.0


@pytest.mark.parametrize("january", [2022, 2023])
def test_earlier_januaries_total_and_pooled_kinds_beat_every_naive_forecaster_too(january: int, tables: Tables) -> None:
    made = run_backtest(tables[0], january, tables[1])
    assert [line.is_best for line in made.lines if line.value == "all"] == [True, True]


def test_accepted_requests_add_to_the_next_years_growth(tables: Tables) -> None:
    assert 0.3 < fit_totals(fill_boundaries(tables[0])).per_request < 0.9


def test_all_153_authorities_are_forecast_from_january_2024(tables: Tables) -> None:
    made = forecast_demand(*tables, years=5)
    assert len(made.authorities) == 154
    assert np.isfinite(made.high).all()
    assert 1.06 < made.centre[-1, 0, TOTAL] / 576_474 < 1.15


def test_every_authority_has_rates_from_its_tables(tables: Tables) -> None:
    series, england = tables
    named = {authority.name: authority for authority in series.authorities}
    for name in ("Halton", "Kent", "Westmorland and Furness", "Leicester"):
        rates = fit_rates(None, published_rates(series, england, named[name]))
        assert rates.new_plans.sum() > 100
        assert name in rates.source
    with pytest.raises(ValueError, match="Cumbria has no plans in January 2024"):
        published_rates(series, england, named["Cumbria"])
