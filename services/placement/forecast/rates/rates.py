"""What is expected of an authority's plans in the first simulated year, and how sure that is."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

AGE_COUNT = 26
"""Ages 0 to 25 in years on 31 August before the academic year: index `a` is year group `a - 4`."""

NEEDS = (*"SPLD MLD SLD PMLD SEMH SLCN HI VI MSI PD ASD DS OTH".split(), "")
"""SEN2 codes of primary need, in the order of every array by need; the last is "not recorded"."""

NEED_COUNT = len(NEEDS)


@dataclass(frozen=True, eq=False)
class DemandRates:
    """Rates of new and ceased plans, by age on 31 August before the academic year and by primary need.

    Parameters
    ----------
    new_plans
        float64[26, 14], plans expected to start in the first year.
    cease
        float64[26], chance from 0 to 1 that a plan ceases within a year.
    growth
        Expected log growth a year of new plans after the first year, from -1 to 1.
    growth_sd
        Standard deviation of one year's log growth around that path, 0 or more; it accumulates as a random walk.
    level_sd
        Standard deviation of the log of the first year's total of new plans, 0 or more; it holds for every year.
    dispersion
        Negative-binomial dispersion of the counts by cell, 0 or more: variance is mean + dispersion * mean ** 2.
    source
        One sentence: which years of whose history, shrunk towards what.
    """

    new_plans: FloatArray
    cease: FloatArray
    growth: float
    growth_sd: float
    level_sd: float
    dispersion: float
    source: str

    def __post_init__(self) -> None:
        _check_shape("new_plans", self.new_plans, (AGE_COUNT, NEED_COUNT))
        _check_shape("cease", self.cease, (AGE_COUNT,))
        if not (np.isfinite(self.new_plans).all() and (self.new_plans >= 0).all()):
            raise ValueError("new_plans are numbers of 0 or more")
        if not ((self.cease >= 0) & (self.cease <= 1)).all():
            raise ValueError("cease holds chances from 0 to 1")
        if not -1 <= self.growth <= 1:
            raise ValueError(f"growth is a yearly log growth from -1 to 1, not {self.growth}")
        for name in ("growth_sd", "level_sd", "dispersion"):
            if not (math.isfinite(getattr(self, name)) and getattr(self, name) >= 0):
                raise ValueError(f"{name} is 0 or more, not {getattr(self, name)}")
        if not self.source:
            raise ValueError("source says in a sentence where the rates come from")


def _check_shape(name: str, array: FloatArray, shape: tuple[int, ...]) -> None:
    if array.shape != shape or array.dtype != np.float64:
        raise ValueError(f"{name} is float64{list(shape)}, not {array.dtype}{list(array.shape)}")
