"""An authority's growth beyond England's: a robust regression on what the year before showed.

Requests that were not refused become plans in the months after, so a January already holds much of the next one's
news; an authority's own last growth holds little of it (about a tenth is carried on, where "same growth again" carries
on all of it).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from services.placement.forecast.demand.huber import huber_regression
from services.placement.forecast.demand.national import past_growth
from services.placement.forecast.published.series import PublishedSeries
from services.placement.forecast.rates.rates import FloatArray

RIDGE = 0.02
SIZE = 50.0
"""Plans at which an authority's own signal counts half: the excess is shrunk by plans / (plans + SIZE)."""
CARRIED_ON = 0.5
"""Share of an excess that is left a year later."""
_WEIGHT_SIZE = 100.0
ACCEPTED = 3
_LARGEST = {"growth": 0.15, "new": 0.12, "accepted": 0.15}
"""Values beyond these are cut: they are restatements and backlogs, not demand."""


@dataclass(frozen=True, eq=False)
class TotalModel:
    """Coefficients of (constant, own growth, new plans, accepted requests), each beyond England's, per plan."""

    coefficients: FloatArray

    @property
    def per_request(self) -> float:
        """Log growth of the next year for each accepted request a plan."""
        return float(self.coefficients[ACCEPTED])

    def excess(self, series: PublishedSeries) -> FloatArray:
        """float64[A], expected log growth beyond England's in the year after the last January."""
        return self.excess_at(series, len(series.januaries) - 1)

    def excess_at(self, series: PublishedSeries, time: int) -> FloatArray:
        """The same for the year after another January of the series, from what was known then."""
        plans = np.nan_to_num(series.local.plans[:, time])
        result: FloatArray = total_features(series, time) @ self.coefficients * plans / (plans + SIZE)
        return result


def fit_totals(series: PublishedSeries) -> TotalModel:
    """Fit on every authority and every January of the series from the third on."""
    excess = past_growth(series.local.plans) - past_growth(series.england.plans)
    features, outcomes, weights = [], [], []
    for time in range(1, len(series.januaries) - 1):
        outcome, plans = excess[:, time + 1], series.local.plans[:, time]
        used = np.isfinite(outcome)
        features.append(total_features(series, time)[used])
        outcomes.append(outcome[used])
        weights.append(np.sqrt(plans[used] / (plans[used] + _WEIGHT_SIZE)))
    if not features:
        return TotalModel(np.zeros(1 + len(_LARGEST)))
    return TotalModel(
        huber_regression(np.concatenate(features), np.concatenate(outcomes), np.concatenate(weights), RIDGE)
    )


def total_features(series: PublishedSeries, time: int) -> FloatArray:
    """float64[A, 4], what a January says of the year after it; 0, which is England's, where it is not known."""
    local, england = series.local, series.england
    own = {
        "growth": past_growth(local.plans)[:, time],
        "new": local.new_plans[:, time] / local.plans[:, time],
        "accepted": (local.requests - local.refused)[:, time] / local.plans[:, time],
    }
    every = {
        "growth": past_growth(england.plans)[0, time],
        "new": england.new_plans[0, time] / england.plans[0, time],
        "accepted": (england.requests - england.refused)[0, time] / england.plans[0, time],
    }
    columns = [np.clip(own[name] - every[name], -largest, largest) for name, largest in _LARGEST.items()]
    known: FloatArray = np.nan_to_num(np.column_stack([np.ones(len(series.authorities)), *columns]))
    return known
