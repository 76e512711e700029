"""Naive forecasters, to be beaten: each from the same past as the model, by BREAKDOWNS."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from services.placement.forecast.demand.cohort import in_bands
from services.placement.forecast.demand.hindcast import Hindcast
from services.placement.forecast.demand.point import AGE_BANDS, BREAKDOWNS, KINDS_PART, TOTAL
from services.placement.forecast.published.series import Panel
from services.placement.forecast.rates.rates import FloatArray


def same_growth(test: Hindcast) -> FloatArray:
    """Every count grows again by the factor it last grew by; ages by their authority's total's."""
    then, now = _counts(test, -2), _counts(test, -1)
    return np.asarray(now * _ratio(now, then), dtype=np.float64)


def same_difference(test: Hindcast) -> FloatArray:
    """Every count changes again by as many as it last did, ages by their share of the total's change; not below 0."""
    then, now = _counts(test, -2), _counts(test, -1)
    return np.asarray(np.maximum(2 * now - then, 0.0), dtype=np.float64)


def flows_repeated(test: Hindcast) -> FloatArray:
    """Every count gains last year's new plans and loses its share of last year's ceased plans."""
    local, now = test.before.local, _counts(test, -1)
    gained = np.concatenate(
        [local.new_plans[:, -1:], in_bands(local.new_ages[:, -1]), local.new_kinds[:, -1]],
        axis=1,
    )
    shares = now / np.maximum(now[:, TOTAL : TOTAL + 1], 1e-9)
    return np.asarray(np.maximum(now + gained - shares * local.ceased[:, -1:], 0.0), dtype=np.float64)


def national_growth_again(test: Hindcast) -> FloatArray:
    """Every count grows by the factor that England's count last grew by; ages by England's total's."""
    then, now = (_panel_counts(test.before.england, time, None) for time in (-2, -1))
    return np.asarray(_counts(test, -1) * _ratio(now, then), dtype=np.float64)


NAIVE: dict[str, Callable[[Hindcast], FloatArray]] = {
    "same_growth": same_growth,
    "same_difference": same_difference,
    "flows_repeated": flows_repeated,
    "national_growth": national_growth_again,
}


def _counts(test: Hindcast, time: int) -> FloatArray:
    return _panel_counts(test.before.local, time, test.ages_before)


def _panel_counts(panel: Panel, time: int, ages: FloatArray | None) -> FloatArray:
    """float64[areas, 12]; bands are the last January's, in the proportion of the total at `time`; 1 of England."""
    totals, last = panel.plans[:, time], panel.plans[:, -1]
    counts = np.empty((len(totals), len(BREAKDOWNS)))
    counts[:, TOTAL] = totals
    bands = last[:, np.newaxis] if ages is None else in_bands(ages)
    counts[:, AGE_BANDS] = bands * (totals / last)[:, np.newaxis]
    counts[:, KINDS_PART] = panel.kinds[:, time]
    return counts


def _ratio(now: FloatArray, then: FloatArray) -> FloatArray:
    """now / then; 1 where there was nobody then."""
    return np.asarray(np.where(then > 0, now / np.where(then > 0, then, 1.0), 1.0), dtype=np.float64)
