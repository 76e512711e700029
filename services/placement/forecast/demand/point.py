"""The forecast's centre: totals, kinds and ages by authority for the Januaries to come."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from services.placement.forecast.demand.bases import combined_bases
from services.placement.forecast.demand.cohort import BANDS, CohortModel, fit_cohort, in_bands
from services.placement.forecast.demand.kinds import PLANNED, KindModel, fit_kinds, kind_level
from services.placement.forecast.demand.national import national_growth, national_kind_growth
from services.placement.forecast.demand.reconcile import reconciled
from services.placement.forecast.demand.totals import CARRIED_ON, TotalModel, fit_totals
from services.placement.forecast.published.kinds import KINDS
from services.placement.forecast.published.series import PublishedSeries
from services.placement.forecast.rates.england import England
from services.placement.forecast.rates.rates import FloatArray

BREAKDOWNS = (
    ("total", "all"),
    *(("age_band", band) for band in BANDS),
    *(("kind", kind) for kind in KINDS),
)
"""What is forecast, in the order of the last axis of every result: breakdown and value."""
TOTAL = 0
AGE_BANDS = slice(1, 1 + len(BANDS))
KINDS_PART = slice(1 + len(BANDS), len(BREAKDOWNS))
FEWEST_JANUARIES = 3
_COHORT_SHARE = 0.5
"""What the cohort's step counts against the age shape staying as it is: a half each (Bates and Granger, 1969)."""
_LARGEST_FALL, _LARGEST_RISE = -2.0, 2.5


@dataclass(frozen=True, eq=False)
class DemandModel:
    """The fitted parts."""

    totals: TotalModel
    kinds: KindModel
    cohort: CohortModel


def fit_demand(series: PublishedSeries, england: England) -> DemandModel:
    """Fit on a prepared series of three Januaries or more. Raises ValueError with fewer."""
    if len(series.januaries) < FEWEST_JANUARIES:
        raise ValueError(f"the forecast needs {FEWEST_JANUARIES} Januaries of plans, not {len(series.januaries)}")
    totals = fit_totals(series)
    return DemandModel(totals, fit_kinds(series, totals), fit_cohort(series, england))


def point_forecast(series: PublishedSeries, model: DemandModel, years: int, ages: FloatArray) -> FloatArray:
    """float64[A, years, 12], expected plans by BREAKDOWNS; 0 for an authority without plans in the last January.

    `ages` is float64[A, 26], plans by age in the last January (`opening_ages`).
    """
    totals = _totals(series, model, years)
    result = np.zeros((*totals.shape, len(BREAKDOWNS)))
    result[:, :, TOTAL] = totals
    result[:, :, KINDS_PART] = _kinds(series, model, totals)
    for year in range(years):
        kept = ages * (totals[:, year] / np.maximum(ages.sum(axis=1), 1e-9))[:, np.newaxis]
        ages = _COHORT_SHARE * model.cohort.step(ages, totals[:, year]) + (1 - _COHORT_SHARE) * kept
        result[:, year, AGE_BANDS] = in_bands(ages)
    return result


def _totals(series: PublishedSeries, model: DemandModel, years: int) -> FloatArray:
    england = national_growth(series, years, model.totals.per_request)
    excess = model.totals.excess(series)[:, np.newaxis] * CARRIED_ON ** np.arange(years)
    start = np.nan_to_num(series.local.plans[:, -1])
    result: FloatArray = start[:, np.newaxis] * np.exp(np.cumsum(england + excess, axis=1))
    return result


def _kinds(series: PublishedSeries, model: DemandModel, totals: FloatArray) -> FloatArray:
    """float64[A, years, 6], kinds that with the rest sum to the totals."""
    years = totals.shape[1]
    england = national_kind_growth(series, national_growth(series, years, model.totals.per_request))
    counts, rest = _opening_kinds(series)
    total_excess = model.totals.excess(series)
    before = np.nan_to_num(series.local.plans[:, -1])
    path = np.zeros((*totals.shape, len(KINDS)))
    for year in range(years):
        if year == 0:
            excess = model.kinds.excess(series, model.totals)
        else:
            shares = counts.sum(axis=0) / before.sum()
            level = np.column_stack([kind_level(counts[:, k], before, shares[k], k) for k in range(len(KINDS))])
            excess = model.kinds.later_excess(level, total_excess * CARRIED_ON**year)
        grown = counts * np.exp(england[year] + np.clip(excess, _LARGEST_FALL, _LARGEST_RISE))
        if year == 0:
            grown[:, PLANNED] = combined_bases(series, grown[:, PLANNED])
        parts = np.column_stack([grown, rest * totals[:, year]])
        counts = reconciled(parts, totals[:, year])[:, :-1]
        path[:, year] = counts
        before = totals[:, year]
    return path


def _opening_kinds(series: PublishedSeries) -> tuple[FloatArray, FloatArray]:
    """Kinds in the last January, at least half a child, and the share that the rest is expected to have."""
    plans = np.nan_to_num(series.local.plans[:, -1])
    england = series.england.kinds[0, -1] / series.england.plans[0, -1]
    counts = plans[:, np.newaxis] * _kind_shares(series)
    left = 1.0 - counts.sum(axis=1) / np.maximum(plans, 1.0)
    usual = 1.0 - float(england.sum())
    return np.maximum(counts, 0.5), np.asarray(np.clip((left + usual) / 2, 0.0, 2 * usual), dtype=np.float64)


def _kind_shares(series: PublishedSeries) -> FloatArray:
    """float64[A, 6], the last published shares of each authority, moved as England's since; England's without any."""
    england = series.england.kinds[0] / series.england.plans[0][:, np.newaxis]
    shares = np.tile(england[0], (len(series.authorities), 1))
    for time in range(len(series.januaries)):
        own = series.local.kinds[:, time] / series.local.plans[:, time, np.newaxis]
        moved = shares if time == 0 else shares * (england[time] / england[time - 1])
        shares = np.where(np.isfinite(own), own, moved)
    return np.asarray(shares, dtype=np.float64)
