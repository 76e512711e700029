"""The backtest: nothing of the tested January leaks into its forecast, and the naive forecasters are what they say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from services.placement.forecast.backtest.measure import MODEL, measure
from services.placement.forecast.backtest.naive import NAIVE, same_difference, same_growth
from services.placement.forecast.backtest.run import run_backtest
from services.placement.forecast.demand.hindcast import hindcast
from services.placement.forecast.demand.point import KINDS_PART, TOTAL
from services.placement.forecast.published.series import PANELS, PublishedSeries
from services.placement.forecast.rates.england import England

Tables = tuple[PublishedSeries, England]


def test_nothing_of_the_tested_january_or_later_moves_the_forecast(tables: Tables) -> None:
    series, england = tables
    changed = {name: getattr(series.local, name).copy() for name in PANELS}
    for array in changed.values():
        array[:, -2:] *= 3.0
    later = replace(series, local=replace(series.local, **changed))
    plain, other = (hindcast(each, 2023, england).centre for each in (series, later))
    assert np.array_equal(plain, other, equal_nan=True)


def test_totals_and_kinds_of_the_last_january_are_forecast_without_it(tables: Tables) -> None:
    series, england = tables
    changed = {name: getattr(series.local, name).copy() for name in ("plans", "kinds", "requests", "new_plans")}
    for array in changed.values():
        array[:, -1] *= 1.2
    later = replace(series, local=replace(series.local, **changed))
    plain, other = (hindcast(each, 2024, england).centre for each in (series, later))
    assert np.array_equal(plain[:, TOTAL], other[:, TOTAL])
    assert np.array_equal(plain[:, KINDS_PART], other[:, KINDS_PART])


def test_a_line_a_breakdown_and_one_for_all_bands_and_all_kinds(tables: Tables) -> None:
    made = run_backtest(*_to(tables, 2024))
    assert [line.value for line in made.lines if line.breakdown == "total"] == ["all"]
    assert len([line for line in made.lines if line.breakdown == "age_band"]) == 6
    assert len([line for line in made.lines if line.breakdown == "kind"]) == 7
    assert made.authorities == 12
    assert set(made.lines[0].errors) == {MODEL, *NAIVE}


def test_ages_of_earlier_januaries_are_not_tested_for_they_are_not_published(tables: Tables) -> None:
    made = run_backtest(*_to(tables, 2023))
    assert {line.breakdown for line in made.lines} == {"total", "kind"}


def test_a_january_with_too_few_before_is_refused_with_those_that_can_be_tested(tables: Tables) -> None:
    with pytest.raises(ValueError, match=r"January 2021 cannot be tested .*: 2022, 2023, 2024"):
        run_backtest(*_to(tables, 2021))


def test_an_authority_that_is_new_is_not_tested(tables: Tables) -> None:
    series, england = tables
    plans = series.local.plans.copy()
    plans[0, :-1] = np.nan
    made = run_backtest(replace(series, local=replace(series.local, plans=plans)), 2024, england)
    assert made.authorities == 11


def test_the_naive_forecasters_carry_on_what_they_say(tables: Tables) -> None:
    test = hindcast(tables[0], 2024, tables[1])
    then, now = test.before.local.plans[:, -2], test.before.local.plans[:, -1]
    assert np.allclose(same_growth(test)[:, TOTAL], now * now / then)
    assert np.allclose(same_difference(test)[:, TOTAL], 2 * now - then)


def test_errors_are_over_the_truths_that_every_forecaster_has_a_number_for() -> None:
    truth = np.array([100.0, 200.0, 0.0, 400.0])
    model, other = np.array([110.0, 200.0, 5.0, 400.0]), np.array([150.0, np.nan, 9.0, 400.0])
    line = measure("total", "all", truth, {MODEL: model, "other": other}, np.array([True, True, True, False]))
    assert line.count == 2
    assert line.errors[MODEL].mean == pytest.approx(5.0)
    assert line.errors["other"].median == pytest.approx(25.0)
    assert line.coverage == 75.0
    assert line.is_best


def test_a_forecaster_that_published_too_little_is_left_out() -> None:
    truth, nothing = np.array([100.0, 200.0]), np.array([np.nan, np.nan])
    line = measure("total", "all", truth, {MODEL: truth, "other": nothing}, np.array([True, True]))
    assert set(line.errors) == {MODEL}


def _to(tables: Tables, january: int) -> tuple[PublishedSeries, int, England]:
    return tables[0], january, tables[1]
