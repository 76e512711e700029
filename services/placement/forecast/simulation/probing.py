"""What more places would save in a year's plan: one more anywhere, and a probe's whole number."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from services.placement.forecast.simulation.deciding import Decided, told
from services.placement.forecast.simulation.outcome import SAVED, Int64Array
from services.placement.forecast.simulation.prepare import Prepared
from services.placement.forecast.simulation.pricing import Pricing
from services.placement.forecast.simulation.world import IntArray
from services.placement.model.solve import solve


def value_of_probes(prepared: Prepared, decided: Decided, price: IntArray, pricing: Pricing) -> Int64Array:
    """Return int64[Q, 5], by SAVED: what the year's plan would save had each probe alone all its places.

    A probe of which one place saves nothing saves nothing with more: each further place saves no more than the one
    before it. A High Needs unit counts with its whole block, and not at all below its least number of pupils.
    """
    found = np.zeros((len(prepared.definition.probes), len(SAVED)), dtype=np.int64)
    for at, probe in enumerate(prepared.definition.probes):
        pool = prepared.told_count + at
        if not price[pool].any():
            continue
        if probe.places == 1 and probe.kind != "hn_unit":
            found[at] = price[pool]
            continue
        found[at] = _saved(prepared, decided, pool, probe.places, pricing)
    return found


def _saved(prepared: Prepared, decided: Decided, pool: int, count: int, pricing: Pricing) -> IntArray:
    problem = decided.problem
    places = problem.pool_places.copy()
    places[pool] = count
    solution = solve(replace(problem, pool_places=places))
    saved: IntArray = told(problem, (decided.solution.totals - solution.totals)[:, None])[0]
    if pool in prepared.units:
        pupils = int((solution.assigned_pool == pool).sum())
        if pupils < prepared.definition.levers.hn_units.min_pupils:
            return np.zeros_like(saved)
        saved[-1] += pupils * pricing.for_place[pool] - pricing.unit_block[pool]
    return saved
