"""Laws of the forecast's parts: reconciling, ageing, regression, intervals."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.placement.forecast.demand.cohort import BANDS, CohortModel, in_bands
from services.placement.forecast.demand.huber import huber_regression
from services.placement.forecast.demand.reconcile import reconciled
from services.placement.forecast.demand.spread import (
    Spread,
    conformal_quantile,
    errors_beyond_noise,
    fit_spread,
)

parts_lists = st.lists(st.floats(0.5, 5_000), min_size=7, max_size=7)


@given(parts_lists, st.floats(10, 20_000))
def test_reconciled_parts_sum_to_the_total_and_none_is_negative(parts: list[float], total: float) -> None:
    made = reconciled(np.array([parts]), np.array([total]))
    assert made.sum() == pytest.approx(total)
    assert (made >= 0).all()


def test_parts_that_sum_to_the_total_stay() -> None:
    parts = np.array([[400.0, 50.0, 300.0, 60.0, 150.0, 30.0, 10.0]])
    assert np.allclose(reconciled(parts, parts.sum(axis=1)), parts)


def test_a_gap_is_made_up_where_the_forecast_is_least_sure() -> None:
    parts = np.array([[1000.0, 100.0, 1000.0, 100.0, 300.0, 100.0, 50.0]])
    moved = (reconciled(parts, parts.sum(axis=1) + 40.0) - parts)[0]
    assert moved[0] > moved[2] > 0


@given(st.lists(st.floats(0, 500), min_size=26, max_size=26), st.floats(1, 20_000))
def test_a_year_of_ageing_gives_the_total_and_no_negative_age(ages: list[float], total: float) -> None:
    model = CohortModel(np.full((1, 26), 0.1), np.full((1, 26), 1 / 26))
    aged = model.step(np.array([ages]), np.array([total]))
    assert aged.sum() == pytest.approx(total)
    assert (aged >= 0).all()


def test_with_nobody_new_and_nobody_gone_everybody_is_a_year_older() -> None:
    ages = np.zeros((1, 26))
    ages[0, 10] = 40.0
    model = CohortModel(np.zeros((1, 26)), np.full((1, 26), 1 / 26))
    assert model.step(ages, np.array([40.0]))[0, 11] == pytest.approx(40.0)


def test_bands_hold_every_age_once() -> None:
    assert in_bands(np.ones(26)).sum() == 26
    assert list(BANDS) == ["0-4", "5-10", "11-15", "16-19", "20-25"]


def test_one_wild_authority_does_not_move_the_regression() -> None:
    size = np.linspace(-1, 1, 60)
    features = np.column_stack([np.ones(60), size])
    outcome = 0.1 + 0.5 * size + 0.01 * np.sin(37.0 * size)
    wild = outcome.copy()
    wild[-1] += 50.0
    plain, robust = (huber_regression(features, each, np.ones(60), 1e-6) for each in (outcome, wild))
    assert np.allclose(plain, robust, atol=0.02)


@given(st.lists(st.floats(0, 1), min_size=5, max_size=200), st.floats(0.5, 0.95))
def test_the_conformal_quantile_holds_at_least_its_level_of_what_it_was_fitted_on(
    sizes: list[float], level: float
) -> None:
    errors = np.array(sizes)
    assert (errors <= conformal_quantile(errors, level)).mean() >= min(level, 1.0) - 1e-9


def test_a_quantile_of_nothing_is_unknown() -> None:
    assert math.isnan(conformal_quantile(np.array([np.nan]), 0.8))


@given(st.floats(0, 5_000), st.floats(0, 5_000), st.floats(0.02, 1.0))
def test_a_truth_is_within_the_interval_exactly_when_its_error_is_within_the_width(
    centre: float, truth: float, width: float
) -> None:
    made = np.full((1, 1, 12), centre)
    low, high = Spread(np.full(12, width)).interval(made)
    error = float(errors_beyond_noise(made, np.full((1, 1, 12), truth))[0, 0, 0])
    if truth >= 0.5 and abs(error - width) > 1e-6:
        assert (low[0, 0, 0] <= truth <= high[0, 0, 0]) == (error <= width)


def test_intervals_widen_with_the_years() -> None:
    low, high = Spread(np.full(12, 0.05)).interval(np.full((1, 5, 12), 1_500.0))
    assert (np.diff(high - low, axis=1) > 0).all()


def test_years_that_missed_too_much_widen_the_next_interval() -> None:
    calm, wild = np.full((200, 12), 0.05), np.full((200, 12), 0.05)
    calm += np.linspace(0, 0.02, 200)[:, np.newaxis]
    wild += np.linspace(0, 0.2, 200)[:, np.newaxis]
    steady = fit_spread({2022: wild, 2023: wild}).half_widths[0]
    surprised = fit_spread({2022: calm, 2023: wild}).half_widths[0]
    assert surprised > steady


def test_without_a_tested_year_the_published_spread_is_used() -> None:
    assert (fit_spread({}).half_widths > 0).all()
