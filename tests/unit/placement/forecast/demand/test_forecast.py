"""The forecast: parts sum to the whole, intervals in order, the same every time, robust to what is withheld."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from services.placement.forecast.demand.forecast import ENGLAND, Forecast, forecast_demand
from services.placement.forecast.demand.point import AGE_BANDS, BREAKDOWNS, KINDS_PART, TOTAL
from services.placement.forecast.published.kinds import KINDS
from services.placement.forecast.published.series import PublishedSeries
from services.placement.forecast.rates.england import England

Tables = tuple[PublishedSeries, England]


@pytest.fixture(scope="module")
def made(tables: Tables) -> Forecast:
    return forecast_demand(*tables, years=5)


def test_age_bands_sum_to_the_total(made: Forecast) -> None:
    assert np.allclose(made.centre[:, :, AGE_BANDS].sum(axis=2), made.centre[:, :, TOTAL])


def test_kinds_sum_to_at_most_the_total(made: Forecast) -> None:
    assert (made.centre[:, :, KINDS_PART].sum(axis=2) <= made.centre[:, :, TOTAL] + 1e-6).all()


def test_england_is_the_sum_of_the_authorities(made: Forecast) -> None:
    assert made.authorities[-1] == ENGLAND
    assert np.allclose(made.centre[:-1].sum(axis=0), made.centre[-1])


def test_percentiles_are_in_order_and_nobody_is_negative(made: Forecast) -> None:
    assert (made.low >= 0).all()
    assert (made.low <= made.centre).all()
    assert (made.centre <= made.high).all()


def test_england_is_surer_than_its_authorities(made: Forecast) -> None:
    ratios = made.high[:, 0, TOTAL] / made.centre[:, 0, TOTAL]
    assert ratios[-1] < ratios[:-1].min()


def test_figures_come_january_by_january_in_the_order_of_breakdowns(made: Forecast) -> None:
    figures = list(made.figures(made.authorities[0]))
    assert [(figure.breakdown, figure.value) for figure in figures[: len(BREAKDOWNS)]] == list(BREAKDOWNS)
    assert [figure.january for figure in figures[:: len(BREAKDOWNS)]] == [2025, 2026, 2027, 2028, 2029]


def test_the_same_tables_give_the_same_bytes(tables: Tables, made: Forecast) -> None:
    again = forecast_demand(*tables, years=5)
    assert again.centre.tobytes() == made.centre.tobytes()
    assert again.low.tobytes() == made.low.tobytes()


def test_an_authoritys_requests_move_no_other_authority(tables: Tables) -> None:
    series, england = tables
    requests = series.local.requests.copy()
    requests[0, -1] *= 1.3
    more = replace(series, local=replace(series.local, requests=requests))
    plain, changed = (forecast_demand(each, england, 1).centre[:, 0, TOTAL] for each in (series, more))
    assert changed[0] != plain[0]
    assert np.allclose(changed[1:-1], plain[1:-1])


def test_an_authority_whose_flows_are_withheld_is_forecast_as_england_grows(tables: Tables) -> None:
    series, england = tables
    local = series.local
    hidden = {}
    for name in ("new_plans", "requests", "refused", "ceased", "new_ages", "new_kinds"):
        hidden[name] = getattr(local, name).copy()
        hidden[name][0] = np.nan
    made = forecast_demand(replace(series, local=replace(local, **hidden)), england, 3)
    assert np.isfinite(made.centre).all()
    assert 1.0 < made.centre[0, 0, TOTAL] / local.plans[0, -1] < 1.25


def test_an_authority_whose_kinds_are_withheld_keeps_its_last_published_shares(tables: Tables) -> None:
    series, england = tables
    special = KINDS_PART.start + KINDS.index("state_special")
    kinds = series.local.kinds.copy()
    kinds[0, :, KINDS.index("state_special")] /= 2
    kinds[0, -1] = np.nan
    made = forecast_demand(replace(series, local=replace(series.local, kinds=kinds)), england, 1).centre
    assert np.isfinite(made).all()
    shares = made[:-1, 0, special] / made[:-1, 0, TOTAL]
    assert shares[0] < 0.7 * shares[1:].min()


def test_an_abolished_authority_is_not_forecast(tables: Tables) -> None:
    series, england = tables
    plans = series.local.plans.copy()
    plans[3, -1] = np.nan
    made = forecast_demand(replace(series, local=replace(series.local, plans=plans)), england, 1)
    assert series.authorities[3] not in made.authorities
    assert np.isfinite(made.centre).all()


@pytest.mark.parametrize("years", [0, 11])
def test_years_out_of_range_are_refused(years: int, tables: Tables) -> None:
    with pytest.raises(ValueError, match="from 1 to 10"):
        forecast_demand(*tables, years=years)


def test_two_januaries_are_too_few(tables: Tables) -> None:
    series, england = tables
    with pytest.raises(ValueError, match="needs 3 Januaries"):
        forecast_demand(series.until(2020), england, 1)


def test_three_januaries_are_enough(tables: Tables) -> None:
    series, england = tables
    assert forecast_demand(series.until(2021), england, 2).januaries == (2022, 2023)


def test_an_authority_whose_ages_are_withheld_is_less_sure_of_them_only(tables: Tables) -> None:
    series, england = tables
    assert series.ages is not None
    ages = series.ages.copy()
    ages[0] = np.nan
    made = forecast_demand(replace(series, ages=ages), england, 1)
    widths = np.log((made.high[:-1, 0] + 0.5) / (made.centre[:-1, 0] + 0.5))
    others = forecast_demand(series, england, 1)
    before = np.log((others.high[0, 0] + 0.5) / (others.centre[0, 0] + 0.5))
    assert (widths[0, AGE_BANDS] > before[AGE_BANDS]).all()
    assert widths[0, TOTAL] == before[TOTAL]
