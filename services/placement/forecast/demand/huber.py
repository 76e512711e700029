"""Robust linear regression."""

from __future__ import annotations

import numpy as np

from services.placement.forecast.rates.rates import FloatArray

TUNING = 1.345
"""Residuals beyond this many standard deviations pull no harder (Huber, 1964; 95 % efficient for normal errors)."""
_ROUNDS = 50
_MAD_TO_SD = 1.4826


def huber_regression(features: FloatArray, outcome: FloatArray, weights: FloatArray, ridge: float) -> FloatArray:
    """float64[F], coefficients by iteratively reweighted least squares.

    Parameters
    ----------
    features
        float64[N, F]; the first column is the constant, which is not penalised.
    outcome, weights
        float64[N]; weights above 0.
    ridge
        Penalty on the square of each other coefficient, above 0: with it there is one answer however few rows.
    """
    penalty = ridge * np.eye(features.shape[1])
    penalty[0, 0] = 1e-9
    pulled = weights.copy()
    coefficients: FloatArray = np.zeros(features.shape[1])
    for _ in range(_ROUNDS):
        weighted = features * pulled[:, np.newaxis]
        solved = np.linalg.solve(weighted.T @ features + penalty, weighted.T @ outcome)
        coefficients = np.asarray(solved, dtype=np.float64)
        size = np.abs(outcome - features @ coefficients) * np.sqrt(weights)
        scale = max(_MAD_TO_SD * float(np.median(size)), 1e-9)
        pulled = weights * np.minimum(1.0, TUNING * scale / np.maximum(size, 1e-12))
    return coefficients
