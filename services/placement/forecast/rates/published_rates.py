"""What the Department's tables say about an authority's coming new and ceased plans, before its own history speaks."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from services.placement.forecast.rates.england import carried_england
from services.placement.forecast.rates.rates import AGE_COUNT, NEED_COUNT, FloatArray

ENGLAND_NEW_PLANS = {2019: 53_899, 2020: 60_097, 2021: 62_180, 2022: 66_706, 2023: 84_428}
"""England's new plans by calendar year (Department for Education, *Education, health and care plans*, OGL v3.0)."""

DAMPING = 0.85
"""Share of a trend that is left a year later (damped trend: Gardner and McKenzie, 1985)."""

_LEVEL_SD = 0.24
"""Spread of the log change of one authority's new plans about England's, 2019 to 2023: 1.4826 times the median
absolute deviation over authorities and years of the published table, less the Poisson noise of a middling one."""

_TREND_YEARS = 4


@dataclass(frozen=True, eq=False)
class PublishedRates:
    """The prior of an authority's rates.

    Parameters
    ----------
    profile
        float64[26, 14] summing to 1, share of new plans by age in the academic year and need in the larger population.
    cease
        float64[26], chance that a plan ceases within a year in the larger population.
    new_plans
        Plans expected to start at the authority in the first year, 0 or more; NaN where only its history can tell.
    own_new_plans
        float64[26], the authority's own published new plans of its latest year by age; None where withheld.
    growth, growth_sd, level_sd
        As in DemandRates.
    first_growth
        Expected log growth from the latest year's new plans to the first year's.
    source
        Which tables, of which years.
    """

    profile: FloatArray
    cease: FloatArray
    new_plans: float
    own_new_plans: FloatArray | None
    growth: float
    first_growth: float
    growth_sd: float
    level_sd: float
    source: str

    def __post_init__(self) -> None:
        if self.profile.shape != (AGE_COUNT, NEED_COUNT) or not math.isclose(float(self.profile.sum()), 1.0):
            raise ValueError("profile is float64[26, 14] and sums to 1")
        if self.cease.shape != (AGE_COUNT,) or not ((self.cease >= 0) & (self.cease <= 1)).all():
            raise ValueError("cease holds 26 chances from 0 to 1")
        if self.new_plans < 0:
            raise ValueError("new_plans is 0 or more, or NaN where it is not known")


def england_rates() -> PublishedRates:
    """England's shape and growth with nobody's level, from the figures that the product carries."""
    england = carried_england()
    first, later, spread = damped_growth(np.array(list(ENGLAND_NEW_PLANS.values()), dtype=np.float64))
    return PublishedRates(
        profile=england.profile(),
        cease=england.cease_chances(),
        new_plans=math.nan,
        own_new_plans=None,
        growth=later,
        first_growth=first,
        growth_sd=spread,
        level_sd=_LEVEL_SD,
        source="England's new plans of 2019 to 2023 and plans of January 2024 (Department for Education)",
    )


def damped_growth(new_plans: FloatArray) -> tuple[float, float, float]:
    """Log growth to expect next year, its mean over the four years after, and a year's standard deviation.

    `new_plans` are consecutive years' counts, two or more. The mean growth of at most four years is damped by DAMPING
    a year, so that no trend is carried on for ever.
    """
    steps = np.diff(np.log(new_plans[-_TREND_YEARS - 1 :]))
    mean = float(steps.mean())
    later = mean * float(np.mean(DAMPING ** np.arange(2, 2 + _TREND_YEARS)))
    return mean * DAMPING, later, float(steps.std())
