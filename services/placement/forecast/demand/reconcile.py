"""Making the kinds of placement add up to the total.

Each kind and the rest is moved in proportion to its variance, which is the least-squares way to make a hierarchy
coherent when errors are taken for independent (Hyndman et al., 2011; Wickramasuriya et al., 2019, with a diagonal).
"""

from __future__ import annotations

import numpy as np

from services.placement.forecast.rates.rates import FloatArray

SPREADS = np.array([0.10, 0.20, 0.06, 0.15, 0.20, 0.40, 0.40])
"""float64[7], spread of the log error of KINDS and of the rest a year ahead, as the backtest has them, rounded."""
NOISE_SIZE = 100.0
"""Children at which counting noise doubles the variance of a log error."""


def reconciled(parts: FloatArray, totals: FloatArray) -> FloatArray:
    """float64[A, 7], KINDS and the rest, 0 or more, that sum to `totals` (float64[A]); `parts` are the forecasts."""
    variance = (SPREADS * parts) ** 2 * (1.0 + NOISE_SIZE / np.maximum(parts, 1.0))
    gap = totals - parts.sum(axis=1)
    shares = variance / np.maximum(variance.sum(axis=1, keepdims=True), 1e-12)
    moved = np.maximum(parts + gap[:, np.newaxis] * shares, 0.0)
    result: FloatArray = moved * (totals / np.maximum(moved.sum(axis=1), 1e-12))[:, np.newaxis]
    return result
