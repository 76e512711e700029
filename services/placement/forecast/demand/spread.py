"""How far from the forecast the truth may be: split conformal prediction on the last years' errors.

Errors are logarithms, scaled for the noise of small counts; the half width of the 80 % interval is their quantile in
years that the forecast had not seen (Lei et al., 2018). The level asked for follows how the intervals of the years
before did (adaptive conformal inference: Gibbs and Candès, 2021). Years ahead widen it as a random walk does.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from services.placement.forecast.demand.point import BREAKDOWNS, TOTAL
from services.placement.forecast.rates import FloatArray

MISSES = 0.2
"""Share of truths that an 80 % interval leaves out."""
STEP = 0.25
"""How much of a year's excess of misses is taken off the misses allowed for the next."""
NOISE_SIZE = 100.0
"""Children at which counting noise doubles the variance of a log error."""
UNTESTED = np.array([0.055, 0.20, 0.06, 0.06, 0.075, 0.17, 0.10, 0.30, 0.065, 0.15, 0.20, 0.37])
"""float64[12], half widths by BREAKDOWNS where no year could be tested: the backtest's to January 2024, rounded."""


@dataclass(frozen=True, eq=False)
class Spread:
    """float64[12], half widths of the log of an 80 % interval a year ahead for a large count, by BREAKDOWNS."""

    half_widths: FloatArray

    def interval(self, centre: FloatArray) -> tuple[FloatArray, FloatArray]:
        """The 10 % and 90 % points of forecasts float64[A, years, 12]; below half a child is none."""
        years = np.sqrt(1.0 + np.arange(centre.shape[1]))[np.newaxis, :, np.newaxis]
        factor = np.exp(self.half_widths * noise(centre) * years)
        low, high = centre / factor, centre * factor
        return np.where(low < 0.5, 0.0, low), high


def noise(centre: FloatArray) -> FloatArray:
    """How much wider than for a large count the log error of these counts is."""
    return np.asarray(np.sqrt(1.0 + NOISE_SIZE / np.maximum(centre, 1.0)), dtype=np.float64)


def log_errors(centre: FloatArray, truth: FloatArray) -> FloatArray:
    """Scaled log errors, of the shape of both; NaN where there is no truth. Half a child keeps zeros finite."""
    result: FloatArray = np.log((truth + 0.5) / (centre + 0.5)) / noise(centre)
    return result


def fit_spread(errors: Mapping[int, FloatArray]) -> Spread:
    """Fit on scaled log errors, float64[A, 12] by January tested.

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
        widths[group] = np.where(np.isfinite(fitted), fitted, widths[group])
    return Spread(widths)


def _group_widths(errors: Mapping[int, FloatArray], used: list[int], group: list[int], allowed: float) -> FloatArray:
    pooled = np.abs(np.concatenate([errors[january][:, group] for january in used]))
    return np.array([conformal_quantile(column, 1.0 - allowed) for column in pooled.T])


def _missed(errors: FloatArray, widths: FloatArray) -> float:
    """Share of errors beyond their widths; what is allowed where there are none."""
    known = np.isfinite(errors) & np.isfinite(widths)
    return float((np.abs(errors) > widths)[known].mean()) if known.any() else MISSES


def conformal_quantile(sizes: FloatArray, level: float) -> float:
    """The size that a further one is within with at least this chance; NaN of none."""
    known = np.sort(sizes[np.isfinite(sizes)])
    if not known.size:
        return math.nan
    return float(known[min(known.size - 1, math.ceil((known.size + 1) * level) - 1)])
