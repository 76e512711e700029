"""How far from the forecast the truth may be: split conformal prediction on the last years' errors.

Errors are logarithms, less the noise of small counts; the half width of the 80 % interval is their quantile in years
that the forecast had not seen (Lei et al., 2018), and that noise again. The level asked for follows how the intervals
of the years before did (adaptive conformal inference: Gibbs and Candès, 2021). Years ahead widen it as a random walk.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from services.placement.forecast.demand.point import AGE_BANDS, BREAKDOWNS, TOTAL
from services.placement.forecast.rates.rates import FloatArray

MISSES = 0.2
"""Share of truths that an 80 % interval leaves out."""
STEP = 0.25
"""How much of a year's excess of misses is taken off the misses allowed for the next."""
LEAST = 0.01
"""The least half width: errors may all lie within counting noise by luck."""
COUNT_NOISE = 2.5
"""Square of the half width of an 80 % interval that counting alone gives a count of one, of the log: 1.2816 squared,
and half as much again because children of one school and panel come and go together."""
_HALF = 0.5
"""Added to counts before their logarithm, so that zeros have one."""
UNTESTED = np.array([0.05, 0.23, 0.045, 0.04, 0.06, 0.19, 0.10, 0.40, 0.03, 0.17, 0.22, 0.60])
"""float64[12], half widths by BREAKDOWNS where no year could be tested: the backtest's to January 2024, rounded."""

AGES_UNKNOWN = np.array([0.32, 0.13, 0.095, 0.145, 0.57])
"""float64[5], half widths by age band a year ahead where England's ages stand in for an authority's own: January 2024,
forecast from tables that had no ages yet."""


@dataclass(frozen=True, eq=False)
class Spread:
    """float64[12], half widths of the log of an 80 % interval a year ahead for a large count, by BREAKDOWNS."""

    half_widths: FloatArray

    def without_ages(self) -> Spread:
        """The spread for an authority whose plans by age are not published."""
        widths = self.half_widths.copy()
        widths[AGE_BANDS] = np.maximum(widths[AGE_BANDS], AGES_UNKNOWN)
        return Spread(widths)

    def interval(self, centre: FloatArray) -> tuple[FloatArray, FloatArray]:
        """The 10 % and 90 % points of forecasts float64[A, years, 12]; below half a child is none."""
        years = 1.0 + np.arange(centre.shape[1])[np.newaxis, :, np.newaxis]
        factor = np.exp(np.sqrt(self.half_widths**2 * years + _noise(centre)))
        low, high = (centre + _HALF) / factor - _HALF, (centre + _HALF) * factor - _HALF
        return np.where(low < _HALF, 0.0, low), high


def errors_beyond_noise(centre: FloatArray, truth: FloatArray) -> FloatArray:
    """Sizes of log errors with counting noise taken out, of the shape of both; NaN where there is no truth.

    A truth is within the interval of half width w exactly where this is at most w.
    """
    squares = np.log((truth + _HALF) / (centre + _HALF)) ** 2 - _noise(centre)
    return np.asarray(np.sqrt(np.maximum(squares, 0.0)), dtype=np.float64)


def _noise(centre: FloatArray) -> FloatArray:
    """Square of the half width that counting alone gives."""
    return np.asarray(COUNT_NOISE / (centre + _HALF), dtype=np.float64)


def fit_spread(errors: Mapping[int, FloatArray]) -> Spread:
    """Fit on `errors_beyond_noise`, float64[A, 12] by January tested.

    The total's spread has grown from year to year, so its last tested year alone is used. Kinds depend on breaks of
    recording, which come in some years: all tested years are used. Breakdowns without errors keep UNTESTED.
    """
    if not errors:
        return Spread(UNTESTED.copy())
    januaries = sorted(errors)
    widths = UNTESTED.copy()
    groups = ([TOTAL], list(range(1, len(BREAKDOWNS))))
    for group, recent in zip(groups, (True, False), strict=True):
        allowed = MISSES
        for tested, later in pairwise(januaries):
            used = [tested] if recent else [january for january in januaries if january <= tested]
            seen = _group_widths(errors, used, group, allowed)
            allowed = float(np.clip(allowed + STEP * (MISSES - _missed(errors[later][:, group], seen)), 0.05, 0.5))
        fitted = _group_widths(errors, januaries[-1:] if recent else januaries, group, allowed)
        widths[group] = np.where(np.isfinite(fitted), np.maximum(fitted, LEAST), widths[group])
    return Spread(widths)


def _group_widths(errors: Mapping[int, FloatArray], used: list[int], group: list[int], allowed: float) -> FloatArray:
    pooled = np.concatenate([errors[january][:, group] for january in used])
    return np.array([conformal_quantile(column, 1.0 - allowed) for column in pooled.T])


def _missed(errors: FloatArray, widths: FloatArray) -> float:
    """Share of errors beyond their widths; what is allowed where there are none."""
    known = np.isfinite(errors) & np.isfinite(widths)
    return float((errors > widths)[known].mean()) if known.any() else MISSES


def conformal_quantile(sizes: FloatArray, level: float) -> float:
    """The size that a further one is within with at least this chance; NaN of none."""
    known = np.sort(sizes[np.isfinite(sizes)])
    if not known.size:
        return math.nan
    return float(known[min(known.size - 1, math.ceil((known.size + 1) * level) - 1)])
