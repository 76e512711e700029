"""Errors and coverage of the model and of the naive forecasters, by breakdown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.placement.forecast.rates.rates import FloatArray

MODEL = "model"


@dataclass(frozen=True)
class Errors:
    """Absolute percentage errors over authorities: mean and median, in per cent."""

    mean: float
    median: float


@dataclass(frozen=True)
class Line:
    """One line of the backtest.

    `count` is how many truths above 0 it is over, the same for each forecaster; `errors` is by forecaster, without
    those that published too little; `coverage` is the share of truths within the 80 % interval, in per cent.
    """

    breakdown: str
    value: str
    count: int
    errors: Mapping[str, Errors]
    coverage: float

    @property
    def is_best(self) -> bool:
        """Whether the model has a lower mean and a lower median error than every naive forecaster."""
        model = self.errors[MODEL]
        rest = [errors for name, errors in self.errors.items() if name != MODEL]
        return all(model.mean < other.mean and model.median < other.median for other in rest)


def measure(
    breakdown: str,
    value: str,
    truth: FloatArray,
    forecasts: Mapping[str, FloatArray],
    inside: NDArray[np.bool_],
) -> Line:
    """One line, over arrays of one shape.

    A forecaster that has a number for fewer than half of the truths is left out; the errors are over the truths that
    all others have a number for.
    """
    there = np.isfinite(truth) & np.isfinite(forecasts[MODEL])
    enough = {
        name: made for name, made in forecasts.items() if np.isfinite(made[there]).sum() * 2 >= max(there.sum(), 1)
    }
    shared = there & (truth > 0)
    for made in enough.values():
        shared &= np.isfinite(made)
    return Line(
        breakdown,
        value,
        int(shared.sum()),
        {name: _errors(made[shared], truth[shared]) for name, made in enough.items()},
        100.0 * float(inside[there].mean()) if there.any() else float("nan"),
    )


def _errors(made: FloatArray, truth: FloatArray) -> Errors:
    if not truth.size:
        return Errors(float("nan"), float("nan"))
    sizes = 100.0 * np.abs(made / truth - 1.0)
    return Errors(float(sizes.mean()), float(np.median(sizes)))
