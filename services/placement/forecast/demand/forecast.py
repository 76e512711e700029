"""The forecast of an authority's plans, with its intervals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from services.placement.forecast.demand.cohort import has_ages, opening_ages
from services.placement.forecast.demand.hindcast import hindcast, testable_januaries
from services.placement.forecast.demand.point import BREAKDOWNS, TOTAL, fit_demand, point_forecast
from services.placement.forecast.demand.spread import Spread, errors_beyond_noise, fit_spread
from services.placement.forecast.published.authorities import ENGLAND_CODE, Authority
from services.placement.forecast.published.boundaries import fill_boundaries
from services.placement.forecast.published.series import PublishedSeries
from services.placement.forecast.rates.england import England
from services.placement.forecast.rates.rates import FloatArray

MOST_YEARS = 10
"""Beyond ten years a trend of five says nothing."""
ENGLAND = Authority(ENGLAND_CODE, "", "England", "")
_STUDENT_3 = 1.638
"""90 % point of Student's t with three degrees of freedom, for the few years that England's growth could be tested."""
_ENGLAND_ERROR = 0.0075
"""Root mean square of England's log error a year ahead where no year could be tested."""


@dataclass(frozen=True)
class Figure:
    """One row of the forecast: plans in a January by breakdown and value, expected and by percentile."""

    authority: Authority
    january: int
    breakdown: str
    value: str
    mean: float
    p10: float
    p50: float
    p90: float


@dataclass(frozen=True, eq=False)
class Forecast:
    """float64[A, years, 12] each: the centre and the ends of its 80 % interval, for the authorities of today.

    The centre is fitted robustly and is the median; `mean` of a Figure is the same number, because recording faults
    give the errors tails too heavy to have a mean worth the name. The centres of the age bands, and of the kinds with
    the rest, sum to the total's.
    """

    authorities: tuple[Authority, ...]
    januaries: tuple[int, ...]
    centre: FloatArray
    low: FloatArray
    high: FloatArray

    def figures(self, authority: Authority) -> Iterator[Figure]:
        """An authority's rows, or England's, January by January in the order of BREAKDOWNS."""
        row = self.authorities.index(authority)
        for year, january in enumerate(self.januaries):
            for column, (breakdown, value) in enumerate(BREAKDOWNS):
                centre = float(self.centre[row, year, column])
                low, high = float(self.low[row, year, column]), float(self.high[row, year, column])
                yield Figure(authority, january, breakdown, value, centre, low, centre, high)


def forecast_demand(series: PublishedSeries, england: England, years: int) -> Forecast:
    """Forecast every authority of the last January, and England as their sum, for the Januaries after it.

    `series` is as read. Raises ValueError where `years` is not from 1 to 10 or there are too few Januaries.
    """
    if not 1 <= years <= MOST_YEARS:
        raise ValueError(f"years is from 1 to {MOST_YEARS}, not {years}")
    today = fill_boundaries(series)
    model = fit_demand(today, england)
    centre = point_forecast(today, model, years, opening_ages(today, england))[series.present]
    spread, england_error = fit_spreads(series, england)
    aged = has_ages(today)[series.present]
    low, high = (
        np.where(aged[:, np.newaxis, np.newaxis], known, unknown)
        for known, unknown in zip(spread.interval(centre), spread.without_ages().interval(centre), strict=True)
    )
    whole = centre.sum(axis=0, keepdims=True)
    whole_low, whole_high = _england_spread(spread, england_error).interval(whole)
    here = [authority for authority, present in zip(today.authorities, series.present, strict=True) if present]
    return Forecast(
        authorities=(*here, ENGLAND),
        januaries=tuple(series.januaries[-1] + 1 + year for year in range(years)),
        centre=np.concatenate([centre, whole]),
        low=np.concatenate([low, whole_low]),
        high=np.concatenate([high, whole_high]),
    )


def fit_spreads(series: PublishedSeries, england: England) -> tuple[Spread, float]:
    """The authorities' spread from every January that can be tested, and England's log error a year ahead."""
    tests = [hindcast(series, january, england) for january in testable_januaries(series)]
    spread = fit_spread({test.january: errors_beyond_noise(test.centre, test.truth) for test in tests})
    whole = [float(np.log(np.nansum(t.truth[:, TOTAL]) / np.nansum(t.centre[:, TOTAL]))) for t in tests]
    return spread, float(np.sqrt(np.mean(np.square(whole)))) if whole else _ENGLAND_ERROR


def _england_spread(spread: Spread, error: float) -> Spread:
    """England's spread: its own error a year ahead, and every breakdown's in the same proportion to the total's."""
    return Spread(spread.half_widths * (_STUDENT_3 * error / spread.half_widths[TOTAL]))
