"""Empirical-Bayes shrinkage: small counts borrow from the shape of a larger population.

The more an authority's cells differ from what the larger population would give them, beyond what chance explains, the
more its own counts are believed. Gamma-Poisson for counts (Clayton and Kaldor, 1987; the moment estimate is Marshall's,
1991) and beta-binomial for chances, after Efron and Morris (1975).
"""

from __future__ import annotations

from math import lgamma

import numpy as np

from services.placement.forecast.rates.rates import FloatArray

_STRENGTHS = np.geomspace(2.0, 2000.0, 61)
"""Prior sizes, in plans, among which the beta-binomial chooses by its likelihood."""


def spread_between(counts: FloatArray, expected: FloatArray) -> float:
    """Variance between cells of the true ratio of count to expectation, 0 or more; both float64[cells].

    What is left of the observed spread after the Poisson noise of the counts is taken out.
    """
    total = float(expected.sum())
    if total <= 0:
        return 0.0
    known = expected > 0
    ratios = counts[known] / expected[known]
    observed = float((expected[known] * (ratios - 1.0) ** 2).sum()) / total
    noise = float(known.sum()) / total
    return max(observed - noise, 0.0)


def shrunk_ratios(counts: FloatArray, expected: FloatArray) -> FloatArray:
    """Posterior mean of each cell's ratio to its expectation: between 1 and the observed ratio; 1 with no spread."""
    spread = spread_between(counts, expected)
    if spread == 0:
        return np.ones_like(expected)
    prior = 1.0 / spread
    return np.asarray((counts + prior) / (expected + prior), dtype=np.float64)


def shrunk_chances(events: FloatArray, exposed: FloatArray, prior: FloatArray) -> FloatArray:
    """Posterior mean chance by cell, between `prior` and the observed share; the likeliest size of prior decides."""
    size = _STRENGTHS[int(np.argmax([_likelihood(events, exposed, prior, size) for size in _STRENGTHS]))]
    return np.asarray((events + size * prior) / (exposed + size), dtype=np.float64)


def _likelihood(events: FloatArray, exposed: FloatArray, prior: FloatArray, size: float) -> float:
    """Log likelihood of a beta-binomial with means `prior` and that size, up to a constant."""
    total = 0.0
    for gone, there, chance in zip(events, exposed, np.clip(prior, 1e-4, 1 - 1e-4), strict=True):
        a, b = size * float(chance), size * (1.0 - float(chance))
        total += _log_beta(a + float(gone), b + float(there - gone)) - _log_beta(a, b)
    return total


def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)
