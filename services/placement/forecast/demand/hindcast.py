"""Forecasts of Januaries that are known, each made from what was published before it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from services.placement.forecast.demand.cohort import in_bands, opening_ages
from services.placement.forecast.demand.point import (
    AGE_BANDS,
    BREAKDOWNS,
    FEWEST_JANUARIES,
    KINDS_PART,
    TOTAL,
    fit_demand,
    point_forecast,
)
from services.placement.forecast.demand.year_before import ages_a_year_before
from services.placement.forecast.published.boundaries import fill_boundaries
from services.placement.forecast.published.series import PublishedSeries
from services.placement.forecast.rates.england import England
from services.placement.forecast.rates.rates import FloatArray


@dataclass(frozen=True, eq=False)
class Hindcast:
    """One January forecast from those before it.

    Parameters
    ----------
    january
        The January forecast.
    before
        The prepared series that the forecast was made from.
    ages_before
        float64[A, 26], plans by age in the January before, as the forecast took them.
    centre, truth
        float64[A, 12], the forecast and what was published; NaN where an authority was not there before or is not now,
        and by age where the January before cannot be reckoned back.
    """

    january: int
    before: PublishedSeries
    ages_before: FloatArray
    centre: FloatArray
    truth: FloatArray


def hindcast(series: PublishedSeries, january: int, england: England) -> Hindcast:
    """Forecast a January of `series` (as read, not prepared) from the Januaries before it."""
    known = series.until(january)
    before = fill_boundaries(series.until(january - 1))
    ages = opening_ages(before, england)
    truth = np.full((len(series.authorities), len(BREAKDOWNS)), np.nan)
    truth[:, TOTAL] = known.local.plans[:, -1]
    truth[:, KINDS_PART] = known.local.kinds[:, -1]
    if known.ages is not None:
        reckoned = ages_a_year_before(known, england)
        by_age = np.isfinite(reckoned.sum(axis=1))
        ages = np.where(by_age[:, np.newaxis], reckoned, ages)
        truth[by_age, AGE_BANDS] = in_bands(known.ages[by_age])
    centre = point_forecast(before, fit_demand(before, england), 1, ages)[:, 0]
    there = before.present & known.present
    truth[~there], centre[~there] = np.nan, np.nan
    return Hindcast(january, before, ages, centre, truth)


def testable_januaries(series: PublishedSeries) -> tuple[int, ...]:
    """Januaries with enough of them before."""
    return series.januaries[FEWEST_JANUARIES:]
