"""Fitting an authority's demand rates: its own history, shrunk towards the larger population.

Three levels, each a gamma-Poisson: ages, needs, then cells, so that a whole age or need that differs is believed sooner
than a single cell that does. Ceasing is a beta-binomial by age. See docs/decisions/0023.
"""

from __future__ import annotations

import math

import numpy as np

from services.placement.forecast.rates.history import PlanHistory
from services.placement.forecast.rates.published_rates import PublishedRates, england_rates
from services.placement.forecast.rates.rates import DemandRates, FloatArray
from services.placement.forecast.rates.shrinkage import shrunk_chances, shrunk_ratios, spread_between

SHAPE_YEARS = 3
"""Years of own new plans that give the shape by age and need; the level is the latest year's."""

OWN_GROWTH_SHARE = 1 / 3
"""What an authority's own growth beyond England's is worth a year later, by the regression of docs/decisions/0022."""

_MOST_GROWTH = 0.35
"""Own yearly log growth beyond this is a change of recording or a backlog rather than demand."""


def fit_rates(history: PlanHistory | None, published: PublishedRates | None) -> DemandRates:
    """Fit the rates of the first year after `history.as_of`, or after the published January where there is no history.

    Without `published`, the figures for England that the product carries are the prior. Raises ValueError where neither
    a year of history nor a published level of new plans is there: nothing says how large the authority is.
    """
    prior = published or england_rates()
    if history is not None and history.years:
        return _from_history(history, prior)
    if math.isnan(prior.new_plans):
        raise ValueError(
            "the demand rates need a year of the authority's own plans, or its published tables: import SEN2, or name "
            "the folder of the Department's tables"
        )
    return _from_published(prior)


def _from_published(prior: PublishedRates) -> DemandRates:
    profile = prior.profile
    own = prior.own_new_plans
    counts = np.zeros_like(profile) if own is None else _spread_over_needs(own, profile)
    shape, dispersion = (profile, 0.0) if own is None else _shrunk_shape(counts, profile, needs_known=False)
    return DemandRates(
        new_plans=shape * prior.new_plans,
        cease=prior.cease.copy(),
        growth=prior.growth,
        growth_sd=prior.growth_sd,
        level_sd=prior.level_sd,
        dispersion=dispersion,
        source=f"No own history; {prior.source}.",
    )


def _from_history(history: PlanHistory, prior: PublishedRates) -> DemandRates:
    shape_years = min(history.years, SHAPE_YEARS)
    counts = np.sum([history.new_plans(ago) for ago in range(shape_years)], axis=0)
    shape, dispersion = _shrunk_shape(counts, prior.profile, needs_known=True)
    exposed, gone = np.sum([history.exposed(ago) for ago in range(shape_years)], axis=0)
    latest = max(float(history.new_plans(0).sum()), 1.0)
    return DemandRates(
        new_plans=shape * latest * math.exp(prior.first_growth + _own_excess_growth(history, prior)),
        cease=shrunk_chances(gone, exposed, prior.cease),
        growth=prior.growth,
        growth_sd=prior.growth_sd,
        level_sd=math.hypot(prior.level_sd, 1 / math.sqrt(latest)),
        dispersion=dispersion,
        source=f"Own plans of {shape_years} year(s) to {history.as_of}, shrunk towards {prior.source}.",
    )


def _own_excess_growth(history: PlanHistory, prior: PublishedRates) -> float:
    """A third of the own latest growth beyond what is expected of England; 0 with one year of history."""
    if history.years < 2:
        return 0.0
    now, before = (max(float(history.new_plans(ago).sum()), 1.0) for ago in (0, 1))
    growth = min(max(math.log(now / before), -_MOST_GROWTH), _MOST_GROWTH)
    certain = 1 / (1 + (1 / now + 1 / before) / max(prior.level_sd**2, 1e-9))
    return OWN_GROWTH_SHARE * certain * (growth - prior.first_growth)


def _spread_over_needs(by_age: FloatArray, profile: FloatArray) -> FloatArray:
    within = profile / np.maximum(profile.sum(axis=1, keepdims=True), 1e-12)
    result: FloatArray = by_age[:, np.newaxis] * within
    return result


def _shrunk_shape(counts: FloatArray, profile: FloatArray, *, needs_known: bool) -> tuple[FloatArray, float]:
    """Shares by age and need that sum to 1, and the dispersion of a cell's count about them.

    A cell that the larger population has nobody in, such as Down syndrome, which is not published, is believed as
    it is.
    """
    total = float(counts.sum())
    if total == 0:
        return profile, 0.0
    profile = np.where(profile > 0, profile, counts / total)
    profile = profile / profile.sum()
    shape = profile * shrunk_ratios(counts.sum(axis=1), total * profile.sum(axis=1))[:, np.newaxis]
    dispersion = 0.0
    if needs_known:
        shape = shape / shape.sum()
        shape = shape * shrunk_ratios(counts.sum(axis=0), total * shape.sum(axis=0))
        shape = shape / shape.sum()
        dispersion = spread_between(counts.ravel(), total * shape.ravel())
        shape = shape * shrunk_ratios(counts.ravel(), total * shape.ravel()).reshape(shape.shape)
    result: FloatArray = shape / shape.sum()
    return result, min(dispersion, 1.0)
