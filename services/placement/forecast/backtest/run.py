"""The backtest: one January forecast from those before it, for every authority that was there in both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.placement.forecast.backtest.measure import MODEL, Line, measure
from services.placement.forecast.backtest.naive import NAIVE
from services.placement.forecast.demand.forecast import fit_spreads
from services.placement.forecast.demand.hindcast import Hindcast, hindcast, testable_januaries
from services.placement.forecast.demand.point import AGE_BANDS, BREAKDOWNS, KINDS_PART
from services.placement.forecast.demand.spread import MISSES, Spread, conformal_quantile, errors_beyond_noise
from services.placement.forecast.published.series import PublishedSeries
from services.placement.forecast.rates.england import England
from services.placement.forecast.rates.rates import FloatArray

ALL = "all"
LEAST_COVERAGE, MOST_COVERAGE = 76.0, 84.0
"""Per cent of truths that an honest 80 % interval holds, given a hundred and fifty authorities."""


@dataclass(frozen=True)
class Backtest:
    """The lines of a January: the total, each age band and all of them, each kind and all of them.

    `authorities` had plans in that January and the one before under the same boundaries.
    """

    january: int
    authorities: int
    lines: tuple[Line, ...]

    def misses(self) -> list[str]:
        """What falls short of the targets, a sentence each: a naive forecaster is better, or coverage is off."""
        short = [
            f"{line.breakdown} {line.value}: a naive forecaster is better" for line in self.lines if not line.is_best
        ]
        pooled = [line for line in self.lines if line.value == ALL]
        short += [
            f"{line.breakdown} {line.value}: the 80 % intervals hold {line.coverage:.1f} %"
            for line in pooled
            if not LEAST_COVERAGE <= line.coverage <= MOST_COVERAGE
        ]
        return short


def run_backtest(series: PublishedSeries, january: int, england: England) -> Backtest:
    """Backtest one January of `series` (as read).

    Nothing of that January or later, and no flow published with it, is used for totals and kinds. Plans by age are
    published for one January only: see docs/decisions/0022 for what is and is not tested by age. Raises ValueError
    where too few Januaries come before.
    """
    if january not in testable_januaries(series):
        can = ", ".join(map(str, testable_januaries(series))) or "none"
        raise ValueError(f"January {january} cannot be tested with these tables; those that can: {can}")
    test = hindcast(series, january, england)
    spread, _ = fit_spreads(series.until(january - 1), england)
    inside = _inside(test, spread)
    forecasts = {MODEL: test.centre, **{name: make(test) for name, make in NAIVE.items()}}
    there = np.isfinite(test.truth[:, 0])
    return Backtest(january, int(there.sum()), tuple(_lines(test.truth, forecasts, inside)))


def _lines(truth: FloatArray, forecasts: Mapping[str, FloatArray], inside: NDArray[np.bool_]) -> list[Line]:
    single = [(name, value, slice(column, column + 1)) for column, (name, value) in enumerate(BREAKDOWNS)]
    ages, kinds = ("age_band", ALL, AGE_BANDS), ("kind", ALL, KINDS_PART)
    ordered = [*single[:1], *single[AGE_BANDS], ages, *single[KINDS_PART], kinds]
    return [
        measure(name, value, truth[:, part], {who: made[:, part] for who, made in forecasts.items()}, inside[:, part])
        for name, value, part in ordered
        if np.isfinite(truth[:, part]).any()
    ]


def _inside(test: Hindcast, spread: Spread) -> NDArray[np.bool_]:
    """bool[A, 12], whether the truth is within the interval.

    No January before has plans by age, so the width of an age band is that of the other half of the authorities'
    errors in the tested January itself.
    """
    low, high = (ends[:, 0] for ends in spread.interval(test.centre[:, np.newaxis]))
    inside = (test.truth >= low) & (test.truth <= high)
    sizes = errors_beyond_noise(test.centre, test.truth)
    halves = np.arange(len(sizes)) % 2 == 0
    for column in range(AGE_BANDS.start, AGE_BANDS.stop):
        for half in (halves, ~halves):
            inside[half, column] = sizes[half, column] <= conformal_quantile(sizes[~half, column], 1.0 - MISSES)
    return np.asarray(inside, dtype=np.bool_)
