"""New plans of a year: how many by age and need, and whom each new child is like."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from services.placement.forecast.rates.rates import NEEDS, FloatArray
from services.placement.forecast.simulation.categories import NEW_PLAN, NOT_DUE, PHASE_OF_AGE, PHASES
from services.placement.forecast.simulation.draws import CountArray, Draws, counts
from services.placement.forecast.simulation.prepare import Prepared
from services.placement.forecast.simulation.state import State
from services.placement.forecast.simulation.world import ELSEWHERE_ROW, NO_PLACE


@dataclass(frozen=True, eq=False)
class Joiners:
    """The new children of a year, and how many more there would be but for plans that nobody needs."""

    state: State
    not_needed: int


def joiners(prepared: Prepared, draws: Draws, year: int) -> Joiners:
    """Return the children whose plans are new in the year of an index from 0."""
    academic_year = prepared.definition.first_year + year
    mean = expected(prepared, draws, year)
    uniform = draws.uniforms("new_plans", academic_year, mean.shape)
    dispersion = prepared.world.rates.dispersion
    without = prepared.definition.levers.opportunities.no_plan_needed
    everybody = counts(mean, dispersion, uniform)
    needed = counts(mean * (1 - without), dispersion, uniform) if without else everybody.copy()
    if not prepared.world.children.count:
        needed[:] = 0
    return Joiners(_children(prepared, draws, needed, year), int((everybody - needed).sum()))


def expected(prepared: Prepared, draws: Draws, year: int) -> FloatArray:
    """Return float64[26, 14], plans expected to begin in a year, on this replicate's path of demand."""
    rates, levers = prepared.world.rates, prepared.definition.levers
    log_level = rates.level_sd * draws.normal("level") - rates.level_sd**2 / 2
    for step in range(1, year + 1):
        log_level += rates.growth + np.log1p(levers.growth) + rates.growth_sd * draws.normal("growth", step)
    mean: FloatArray = rates.new_plans * np.exp(log_level)
    for one in levers.demand:
        if prepared.definition.first_year + year >= one.from_year:
            ages = np.array([one.phase in ("", PHASES[phase]) for phase in PHASE_OF_AGE])
            needs = np.array([one.need in ("", need) for need in NEEDS])
            mean[np.ix_(ages, needs)] *= one.factor
    return mean


def _children(prepared: Prepared, draws: Draws, needed: CountArray, year: int) -> State:
    """The children of counts by age and need. Child 3 of a cell is the same child whatever the other counts."""
    academic_year = prepared.definition.first_year + year
    age, need = (np.repeat(index, needed.ravel()) for index in np.divmod(np.arange(needed.size), len(NEEDS)))
    (ids, seeds), children = prepared.new_ids.of(academic_year, needed), prepared.world.children
    row = prepared.templates.choose(age, need, draws.uniform_of("template", academic_year, seeds)).astype(np.int64)
    away = children.pool[row] == ELSEWHERE_ROW
    return State(
        ids=ids,
        seeds=seeds,
        row=row,
        age=age,
        need=need,
        area=children.area[row].astype(np.int64),
        pool=np.where(away, ELSEWHERE_ROW, NO_PLACE),
        due=np.where(away, NOT_DUE, NEW_PLAN),
        on_file=np.zeros(age.size, dtype=np.bool_),
        advice=np.zeros(age.size, dtype=np.int64),
        joined=np.full(age.size, year, dtype=np.int64),
        seated=np.full(age.size, -1, dtype=np.int64),
    )
