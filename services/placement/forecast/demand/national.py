"""England's growth in the years to come: a trend between the last one and the long one, damped."""

from __future__ import annotations

import numpy as np

from services.placement.forecast.published.series import PublishedSeries
from services.placement.forecast.rates import FloatArray

DAMPING = 0.9
"""Share of the growth that is left a year later (Gardner and McKenzie, 1985)."""


def national_growth(series: PublishedSeries, years: int) -> FloatArray:
    """float64[years], log growth of England's plans: half the last year's, half the mean of all years', then damped."""
    steps = np.diff(np.log(series.england.plans[0]))
    first = (float(steps[-1]) + float(steps.mean())) / 2
    result: FloatArray = first * DAMPING ** np.arange(years)
    return result


def national_kind_growth(series: PublishedSeries, years: int) -> FloatArray:
    """float64[years, 6], log growth of England's plans by KINDS: of all plans, and of each kind's share in them."""
    shares = np.log(series.england.kinds[0] / series.england.plans[0][:, np.newaxis])
    steps = np.diff(shares, axis=0)
    first = (steps[-1] + steps.mean(axis=0)) / 2
    damped = DAMPING ** np.arange(years)
    result: FloatArray = national_growth(series, years)[:, np.newaxis] + damped[:, np.newaxis] * first
    return result


def past_growth(values: FloatArray) -> FloatArray:
    """Log growth into each January along axis 1; NaN for the first, and where a count is missing or zero."""
    logs = np.log(np.where(values > 0, values, np.nan))
    grown = np.full_like(logs, np.nan)
    grown[:, 1:] = np.diff(logs, axis=1)
    return grown
