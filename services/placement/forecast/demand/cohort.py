"""Ageing an authority's plans by a year: each age is a year older, some plans cease, new ones begin.

How many new plans there are is what the forecast total leaves over what is kept; their ages are the authority's own
new plans' of the last years, shrunk towards England's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.placement.forecast.published.ages import by_year_group
from services.placement.forecast.published.series import PublishedSeries
from services.placement.forecast.rates.england import England
from services.placement.forecast.rates.rates import AGE_COUNT, FloatArray
from services.placement.forecast.rates.shrinkage import shrunk_ratios

BANDS = {"0-4": (0, 4), "5-10": (5, 10), "11-15": (11, 15), "16-19": (16, 19), "20-25": (20, 25)}
"""Age bands on 31 August before the January: first and last age."""
YEARS_OF_AGES = 2
CEASING_YOUNGEST = 16
"""From this age plans cease because education ends, which authorities decide differently."""
CEASING_SIZE = 60.0
"""Ceased plans at which an authority's own rate of ceasing counts half against England's."""


@dataclass(frozen=True, eq=False)
class CohortModel:
    """float64[A, 26] each: chance that a plan ceases in the year, and the ages of new plans (rows sum to 1)."""

    cease: FloatArray
    new_shares: FloatArray

    def step(self, ages: FloatArray, totals: FloatArray) -> FloatArray:
        """float64[A, 26], plans by age a year on, which sum to `totals` (float64[A]); `ages` is float64[A, 26]."""
        kept = np.zeros_like(ages)
        kept[:, 1:] = (ages * (1.0 - self.cease))[:, :-1]
        wanted = totals - kept.sum(axis=1)
        grown = kept + np.maximum(wanted, 0.0)[:, np.newaxis] * self.new_shares
        result: FloatArray = grown * (totals / np.maximum(grown.sum(axis=1), 1e-9))[:, np.newaxis]
        return result


def fit_cohort(series: PublishedSeries, england: England) -> CohortModel:
    """Fit from the series' last years of new and ceased plans, with England's rates by age."""
    own = np.nan_to_num(series.local.new_ages[:, -YEARS_OF_AGES:]).sum(axis=1)
    prior = england.new_plans / england.new_plans.sum()
    shares = np.stack([_shrunk_shares(counts, prior) for counts in own])
    return CohortModel(_cease(series, england), shares)


def _shrunk_shares(counts: FloatArray, prior: FloatArray) -> FloatArray:
    total = float(counts.sum())
    shares = prior if total == 0 else prior * shrunk_ratios(counts, total * prior)
    by_group = by_year_group(np.asarray(shares, dtype=np.float64))
    result: FloatArray = by_group / by_group.sum()
    return result


def _cease(series: PublishedSeries, england: England) -> FloatArray:
    """England's chances, from 16 on moved by how many more or fewer plans the authority ceased than its size says."""
    chances = np.tile(england.cease_chances(), (len(series.authorities), 1))
    rate = series.england.ceased[0, -1] / series.england.plans[0, -1]
    expected = rate * np.nan_to_num(series.local.plans[:, -1])
    ceased = np.where(np.isfinite(series.local.ceased[:, -1]), series.local.ceased[:, -1], expected)
    ratio = (ceased + CEASING_SIZE) / (expected + CEASING_SIZE)
    if not np.isfinite(rate):
        return chances
    older = np.arange(AGE_COUNT) >= CEASING_YOUNGEST
    moved = 1.0 - (1.0 - chances) ** ratio[:, np.newaxis]
    result: FloatArray = np.where(older, moved, chances)
    return result


def in_bands(ages: FloatArray) -> FloatArray:
    """float64[..., 5], counts by BANDS of counts by age in the last axis."""
    return np.stack([ages[..., first : last + 1].sum(axis=-1) for first, last in BANDS.values()], axis=-1)


def opening_ages(series: PublishedSeries, england: England) -> FloatArray:
    """float64[A, 26], plans by age in the last January; England's ages of the authority's total where it has none."""
    totals = np.nan_to_num(series.local.plans[:, -1])
    shape = totals[:, np.newaxis] * england.plans / england.plans.sum()
    if series.ages is None:
        return np.asarray(shape, dtype=np.float64)
    known = has_ages(series)
    own = np.nan_to_num(series.ages)
    own = own * (totals / np.maximum(own.sum(axis=1), 1e-9))[:, np.newaxis]
    result: FloatArray = np.where(known[:, np.newaxis], own, shape)
    return result


def has_ages(series: PublishedSeries) -> NDArray[np.bool_]:
    """bool[A], whether the authority's plans by age are published for the last January."""
    if series.ages is None:
        return np.zeros(len(series.authorities), dtype=np.bool_)
    return np.asarray(np.nan_to_num(series.ages).sum(axis=1) > 0, dtype=np.bool_)
