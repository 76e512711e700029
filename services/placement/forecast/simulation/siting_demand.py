"""The children for whom new places would be, from a simulation: what siting is decided against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.placement.forecast.rates.rates import AGE_COUNT, NEEDS
from services.placement.forecast.simulation.categories import INMSS, NOT_DUE, PHASE_OF_AGE, PHASES, PLACE_KINDS, UNMET
from services.placement.forecast.simulation.outcome import Outcome
from services.placement.forecast.simulation.world import World
from services.placement.model.facts import INMSS_KINDS

FloatArray = npt.NDArray[np.float64]
Int64Array = npt.NDArray[np.int64]
TRANSFER_AGES = (11, 16)
"""Ages on 31 August before Years 7 and 12, in which every place is decided again."""


@dataclass(frozen=True, eq=False)
class SitingDemand:
    """Children by replicate, year and cell: int64[S, Y, C]; `cells` are need ("" if not recorded), phase and area."""

    cells: tuple[tuple[str, str, str], ...]
    children: Int64Array


def siting_demand(world: World, outcomes: Sequence[Outcome]) -> SitingDemand:
    """Children in INMSS or without a place, less those who were in INMSS already and are not decided on again.

    Nobody is moved to fill a new place, so they are none that it could be for. How many of them still are there is
    expected, not drawn: by the chance that a plan ceases at each age.
    """
    staying = _staying(world, outcomes[0].years)
    found = np.stack([one.children[..., INMSS].sum(axis=-1) + one.children[..., UNMET] for one in outcomes]).astype(
        np.float64
    )
    counts = np.rint(np.maximum(found - staying, 0)).astype(np.int64)
    need, phase, area = np.nonzero(counts.any(axis=(0, 1)))
    cells = [(NEEDS[n], PHASES[p], world.areas[a]) for n, p, a in zip(need, phase, area, strict=True)]
    order = sorted(range(len(cells)), key=cells.__getitem__)
    children = counts[:, :, need, phase, area][:, :, order]
    return SitingDemand(tuple(cells[at] for at in order), children)


def _staying(world: World, years: int) -> FloatArray:
    """float64[Y, 14, 6, A], children expected to be in the INMSS place still that they hold on the first day."""
    children = world.children
    inmss = np.array([kind in INMSS_KINDS for kind in PLACE_KINDS])
    held = np.flatnonzero(children.pool >= 0)
    held = held[inmss[world.pools.kind[children.pool[held]]] & (children.due[held] == NOT_DUE)]
    found = np.zeros((years, len(NEEDS), len(PHASES), len(world.areas)))
    age, still = children.age[held].astype(np.int64), np.ones(held.size)
    for year in range(years):
        if year:
            still = still * (1 - world.rates.cease[np.minimum(age, AGE_COUNT - 1)])
            age = age + 1
            still[np.isin(age, TRANSFER_AGES) | (age >= AGE_COUNT)] = 0.0
        phase = PHASE_OF_AGE[np.minimum(age, AGE_COUNT - 1)]
        np.add.at(found[year], (children.need[held], phase, children.area[held]), still)
    return found
