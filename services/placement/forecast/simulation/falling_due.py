"""Whose decision is due on 1 September: nobody else is ever moved.

A decision is due where a pool has closed, where a child has grown out of the place held and no pool of the same group
takes the new year, where early years provision elsewhere ends at Reception, where a placement breaks down, and where
nothing was found last year. A move inside one group is none (as in `services/cli/demo/ageing.py`).
"""

from __future__ import annotations

import numpy as np

from services.placement.forecast.rates.rates import FloatArray
from services.placement.forecast.simulation.categories import (
    BREAKDOWN,
    CLOSURE,
    KEEPS_PLACE,
    NOT_DUE,
    PHASE_TRANSFER,
    PLACE_KINDS,
    STILL_UNMET,
)
from services.placement.forecast.simulation.draws import Draws
from services.placement.forecast.simulation.levers import Breakdowns
from services.placement.forecast.simulation.prepare import Prepared
from services.placement.forecast.simulation.state import State
from services.placement.forecast.simulation.world import ELSEWHERE_ROW, NO_PLACE, BoolArray, IntArray

RECEPTION_AGE = 4
AFTER_BREAKDOWN = {
    "mainstream": ("mainstream", "resource_base", "sen_unit", "state_special"),
    "resource_base": ("resource_base", "sen_unit", "state_special"),
    "sen_unit": ("resource_base", "sen_unit", "state_special"),
    "hn_unit": ("state_special", "non_maintained_special", "independent_special"),
    "state_special": ("state_special", "non_maintained_special", "independent_special"),
    "non_maintained_special": ("state_special", "non_maintained_special", "independent_special"),
    "independent_special": ("state_special", "non_maintained_special", "independent_special"),
    "alternative_provision": ("alternative_provision", "state_special", "independent_special"),
    "further_education": ("further_education", "alternative_provision"),
}
"""Kinds of place that the advice names once a placement has broken down, by its kind: an illustrative assumption."""
_BITS_AFTER = np.array([sum(1 << PLACE_KINDS.index(kind) for kind in AFTER_BREAKDOWN[held]) for held in PLACE_KINDS])


def mark_due(prepared: Prepared, state: State, closed: BoolArray, year: int, draws: Draws) -> State:
    """Return the children with the decisions that are due on 1 September of a year of an index from 0.

    Parameters
    ----------
    closed
        bool[N], pools that have closed.
    """
    due, pool, advice = state.due.copy(), state.pool.copy(), state.advice.copy()
    if year:
        _grown_out(prepared, state, due, pool)
        _broken_down(prepared, state, due, pool, advice, prepared.definition.first_year + year, draws)
    held = np.maximum(pool, 0)
    due[(pool >= 0) & closed[held] & (due != PHASE_TRANSFER)] = CLOSURE
    due[(pool == NO_PLACE) & (due == NOT_DUE)] = STILL_UNMET
    on_file = state.on_file & ((due == state.due) | (due == STILL_UNMET))
    leaves = (due != NOT_DUE) & ~KEEPS_PLACE[due]
    return state.but(due=due, pool=np.where(leaves, NO_PLACE, pool), advice=advice, on_file=on_file)


def _grown_out(prepared: Prepared, state: State, due: IntArray, pool: IntArray) -> None:
    """Those whose pool does not take their new age go on in their group, or have a transfer due."""
    pools = prepared.pools
    grown = np.flatnonzero(pool >= 0)
    grown = grown[~pools.takes[state.age[grown], pool[grown]]]
    needs = prepared.world.children.needs[state.row[grown]]
    caters = (pools.needs == 0) | ((pools.needs & needs[:, None]) != 0)
    goes_on = prepared.kept_in_group[pool[grown]] & pools.takes[state.age[grown]] & caters
    within = goes_on.any(axis=1)
    pool[grown[within]] = goes_on[within].argmax(axis=1)
    due[grown[~within]] = PHASE_TRANSFER
    due[(pool == ELSEWHERE_ROW) & (state.age == RECEPTION_AGE)] = PHASE_TRANSFER


def _broken_down(
    prepared: Prepared,
    state: State,
    due: IntArray,
    pool: IntArray,
    advice: IntArray,
    academic_year: int,
    draws: Draws,
) -> None:
    """Some placements break down; the child holds the place until it is moved."""
    chance = breakdown_chances(prepared.definition.levers.breakdowns)
    settled = np.flatnonzero((pool >= 0) & (due == NOT_DUE))
    kind = prepared.pools.kind[pool[settled]]
    breaks = draws.uniform_of("breakdown", academic_year, state.seeds[settled]) < chance[kind]
    due[settled[breaks]] = BREAKDOWN
    advice[settled[breaks]] = _BITS_AFTER[kind[breaks]]


def breakdown_chances(lever: Breakdowns) -> FloatArray:
    """Return float64[9], the chance within a year by kind of place."""
    base, special, inmss = lever.base_or_unit, lever.special, lever.inmss
    chance = np.array(
        [
            lever.mainstream,
            base,
            base,
            base,
            special,
            inmss,
            inmss,
            lever.alternative_provision,
            lever.further_education,
        ]
    )
    return np.minimum(chance * lever.factor, 1.0)
