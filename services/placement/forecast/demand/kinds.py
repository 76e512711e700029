"""Growth of each kind of placement at an authority beyond the same kind's growth in England.

A kind that leapt up or down by a third is most often a fault of recording, which mends itself; a share far from
England's comes back to it slowly; and where many placements are not recorded, every kind is short of its true count.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from services.placement.forecast.demand.huber import huber_regression
from services.placement.forecast.demand.national import past_growth
from services.placement.forecast.demand.totals import TotalModel
from services.placement.forecast.published.kinds import KINDS
from services.placement.forecast.published.series import PublishedSeries
from services.placement.forecast.rates.rates import FloatArray

RIDGE = 0.05
SIZE = 20.0
"""Children at which a kind's own signal counts half."""
LEAP = 0.3
"""Log growth beyond England's above which a change of a kind is taken for a change of recording."""
_LARGEST_LEAP = 2.5
UNRECORDED_FROM = 0.05
"""Share of placements of no forecast kind, beyond England's, from which they are taken for unrecorded ones."""
UNRECORDED_FOUND = 0.8
"""Share of those that are recorded a year later, by kind in proportion."""
FEWEST = 5
"""Fewer children than this teach the model nothing."""
PLANNED = KINDS.index("resource_base_or_unit")
"""Bases and units are where an authority decided to build them: their share does not come back to England's."""
GROWTH, LEAP_UP, LEAP_DOWN, LEVEL, TOTAL, NEW = range(1, 7)
_FEATURES = 7


@dataclass(frozen=True, eq=False)
class KindModel:
    """float64[6, 7], coefficients by KINDS of (constant, growth, leap up, leap down, level, total's excess, new)."""

    coefficients: FloatArray

    def excess(self, series: PublishedSeries, totals: TotalModel) -> FloatArray:
        """float64[A, 6], expected log growth by KINDS beyond England's in the year after the last January."""
        time = len(series.januaries) - 1
        own = [kind_features(series, totals, time, kind) @ self.coefficients[kind] for kind in range(len(KINDS))]
        return np.column_stack(own) + unrecorded(series, time)[:, np.newaxis]

    def later_excess(self, level: FloatArray, total_excess: FloatArray) -> FloatArray:
        """float64[A, 6], the same for a later year: of level (float64[A, 6]) and total (float64[A]) only."""
        result: FloatArray = level * self.coefficients[:, LEVEL] + total_excess[:, None] * self.coefficients[:, TOTAL]
        return result


def fit_kinds(series: PublishedSeries, totals: TotalModel) -> KindModel:
    """Fit each kind on every authority and every January of the series from the third on."""
    rows = [_fit_kind(series, totals, kind) for kind in range(len(KINDS))]
    return KindModel(np.stack(rows))


def _fit_kind(series: PublishedSeries, totals: TotalModel, kind: int) -> FloatArray:
    counts = series.local.kinds[:, :, kind]
    excess = past_growth(counts) - past_growth(series.england.kinds[:, :, kind])
    features, outcomes, weights = [], [], []
    for time in range(1, len(series.januaries) - 1):
        outcome = excess[:, time + 1] - unrecorded(series, time)
        used = np.isfinite(outcome) & (np.fmax(counts[:, time], counts[:, time - 1]) >= FEWEST)
        features.append(kind_features(series, totals, time, kind)[used])
        outcomes.append(outcome[used])
        weights.append(_sized(counts[used, time]))
    if not features:
        return np.zeros(_FEATURES)
    return huber_regression(np.concatenate(features), np.concatenate(outcomes), np.concatenate(weights), RIDGE)


def kind_features(series: PublishedSeries, totals: TotalModel, time: int, kind: int) -> FloatArray:
    """float64[A, 7], what a January says of a kind in the year after; 0 where it is not known."""
    counts, england = series.local.kinds[:, :, kind], series.england.kinds[:, :, kind]
    now, before = np.maximum(counts[:, time], 0.5), np.maximum(counts[:, time - 1], 0.5)
    grown = np.log(now / before) - np.log(england[0, time] / england[0, time - 1])
    share_new = series.local.new_kinds[:, time, kind] / now - series.england.new_kinds[0, time, kind] / england[0, time]
    columns = [
        np.ones(len(now)),
        np.clip(grown, -LEAP, LEAP) * _sized(counts[:, time]),
        np.clip(grown - LEAP, 0.0, _LARGEST_LEAP) * _sized(counts[:, time]),
        np.clip(grown + LEAP, -_LARGEST_LEAP, 0.0) * _sized(counts[:, time - 1]),
        kind_level(now, series.local.plans[:, time], england[0, time] / series.england.plans[0, time], kind),
        totals.excess_at(series, time),
        np.clip(share_new, -0.3, 0.3) * _sized(counts[:, time]),
    ]
    known: FloatArray = np.nan_to_num(np.column_stack(columns))
    return known


def kind_level(counts: FloatArray, plans: FloatArray, england_share: float, kind: int) -> FloatArray:
    """float64[A], log of a kind's share over England's, cut at 1.5 and shrunk by size; 0 for PLANNED."""
    if kind == PLANNED:
        return np.zeros_like(counts)
    level = np.log(np.maximum(counts, 0.5) / np.maximum(plans, 1.0)) - np.log(england_share)
    result: FloatArray = np.clip(level, -1.5, 1.5) * _sized(counts)
    return result


def unrecorded(series: PublishedSeries, time: int) -> FloatArray:
    """float64[A], log growth of every kind when the placements that a January left unrecorded are recorded."""
    local = 1.0 - series.local.kinds[:, time].sum(axis=1) / series.local.plans[:, time]
    england = 1.0 - series.england.kinds[0, time].sum() / series.england.plans[0, time]
    missing = np.clip(np.nan_to_num(local - england) - UNRECORDED_FROM, 0.0, 0.8)
    result: FloatArray = -UNRECORDED_FOUND * np.log(1.0 - missing)
    return result


def _sized(counts: FloatArray) -> FloatArray:
    known = np.nan_to_num(counts)
    result: FloatArray = known / (known + SIZE)
    return result
