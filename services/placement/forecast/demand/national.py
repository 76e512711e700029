"""England's growth in the years to come: the mean of the past, what requests add to it, damped."""

from __future__ import annotations

import numpy as np

from services.placement.forecast.published.kinds import KINDS
from services.placement.forecast.published.series import PublishedSeries
from services.placement.forecast.rates.rates import FloatArray

DAMPING = 0.9
"""Share of the growth that is left a year later (Gardner and McKenzie, 1985)."""

BUILT = np.array([kind in ("resource_base_or_unit", "state_special") for kind in KINDS])
"""bool[6], kinds of place that somebody has to build first."""

REQUESTS_BELIEVED = 0.5
"""Share of what the last year's accepted requests say of the next year's growth that is taken over."""


def national_growth(series: PublishedSeries, years: int, per_request: float) -> FloatArray:
    """float64[years], log growth of England's plans.

    The mean growth of all years, and half of what the accepted requests of the last year beyond those of earlier years
    would add at `per_request`, the rate at which they add to growth across authorities. Half, because the rate across
    authorities is not known to hold across years; then damped.
    """
    steps = np.diff(np.log(series.england.plans[0]))
    accepted = ((series.england.requests - series.england.refused) / series.england.plans)[0]
    earlier = accepted[1:-1]
    known = np.isfinite(earlier).any() and np.isfinite(accepted[-1])
    news = float(accepted[-1] - np.nanmean(earlier)) if known else 0.0
    first = float(steps.mean()) + REQUESTS_BELIEVED * per_request * news
    result: FloatArray = np.asarray(first * DAMPING ** np.arange(years), dtype=np.float64)
    return result


def national_kind_growth(series: PublishedSeries, total: FloatArray) -> FloatArray:
    """float64[years, 6], log growth of England's plans by KINDS, given that of all plans (`total`, float64[years]).

    The share in all plans has a trend, half the last year's and half the mean of all years', damped. Kinds whose places
    have to be built (BUILT) have that trend in their numbers: they grow as fast as they are built.
    """
    counts = np.log(series.england.kinds[0])
    base = np.where(BUILT, 0.0, np.log(series.england.plans[0])[:, np.newaxis])
    steps = np.diff(counts - base, axis=0)
    first = (steps[-1] + steps.mean(axis=0)) / 2
    damped = DAMPING ** np.arange(len(total))[:, np.newaxis]
    result: FloatArray = np.where(BUILT, 0.0, total[:, np.newaxis]) + damped * first
    return result


def past_growth(values: FloatArray) -> FloatArray:
    """Log growth into each January along axis 1; NaN for the first, and where a count is missing or zero."""
    logs: FloatArray = np.log(np.where(values > 0, values, np.nan))
    grown: FloatArray = np.full_like(logs, np.nan)
    grown[:, 1:] = np.diff(logs, axis=1)
    return grown
