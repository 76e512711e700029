"""An authority's demand rates from the published tables, with the forecast of its total."""

from __future__ import annotations

import math

import numpy as np

from services.placement.forecast.demand.cohort import opening_ages
from services.placement.forecast.demand.forecast import fit_spreads
from services.placement.forecast.demand.point import TOTAL, fit_demand, point_forecast
from services.placement.forecast.published.ages import by_academic_age, by_year_group
from services.placement.forecast.published.authorities import Authority
from services.placement.forecast.published.boundaries import fill_boundaries
from services.placement.forecast.published.series import PublishedSeries
from services.placement.forecast.rates.england import England
from services.placement.forecast.rates.published_rates import PublishedRates, damped_growth
from services.placement.forecast.rates.rates import FloatArray

_80_PERCENT = 1.2816
_LEAST_CHANGE, _MOST_CHANGE = 0.6, 1.8
"""What the forecast total leaves over is held within these multiples of the latest year's new plans."""
_LARGEST_SD = 0.5


def published_rates(series: PublishedSeries, england: England, authority: Authority) -> PublishedRates:
    """The rates of one authority of the last January, from the tables as read.

    New plans are the geometric mean of two reckonings that err for different reasons: what the forecast total of the
    next January leaves over the plans kept, and the latest year's with England's growth. Raises ValueError for an
    authority without plans in the last January.
    """
    row = series.authorities.index(authority)
    if not series.present[row]:
        raise ValueError(f"{authority.name} has no plans in January {series.januaries[-1]}")
    today = fill_boundaries(series)
    model, ages = fit_demand(today, england), opening_ages(today, england)
    total = float(point_forecast(today, model, 1, ages)[row, 0, TOTAL])
    kept = float((ages[row] * (1.0 - model.cohort.cease[row])).sum())
    first, later, yearly = damped_growth(today.england.new_plans[0][np.isfinite(today.england.new_plans[0])])
    new = _new_plans(max(total - kept, 0.0), float(today.local.new_plans[row, -1]) * math.exp(first))
    spread, _ = fit_spreads(series, england)
    level_sd = min(float(spread.half_widths[TOTAL]) / _80_PERCENT * total / max(new, 1.0), _LARGEST_SD)
    return PublishedRates(
        profile=england.profile(),
        cease=model.cohort.cease[row].copy(),
        new_plans=new,
        own_new_plans=_own_ages(today, row),
        growth=later,
        first_growth=first,
        growth_sd=yearly,
        level_sd=level_sd,
        source=f"the Department's tables of {authority.name} and England to January {series.januaries[-1]}",
    )


def _new_plans(left_over: float, carried_on: float) -> float:
    """The geometric mean, with the first held near the second; the first alone where the second is not known."""
    if math.isnan(carried_on):
        return left_over
    held = min(max(left_over, _LEAST_CHANGE * carried_on), _MOST_CHANGE * carried_on)
    return math.sqrt(held * carried_on)


def _own_ages(series: PublishedSeries, row: int) -> FloatArray | None:
    own = series.local.new_ages[row, -1]
    if math.isnan(float(own.sum())) or not own.sum():
        return None
    return by_academic_age(by_year_group(own))
