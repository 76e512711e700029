"""Price each pool's place by sampled futures: for those who come, and for a plan made now.

The two differ where many are due now. What later arrivals lose by *one* place is little while many are free, though the
plan for now is about to take most of them. So a plan is guided by the place's price in the best joint plan of those due
now and those who come, midway between what one place fewer costs and what one more saves: a dual price, in tiers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from services.placement.model.groups import IntArray
from services.placement.model.knock_on import KnockOns
from services.placement.model.later import LaterArrivals
from services.placement.model.problem import PlacementProblem
from services.placement.model.solve import solve


def price_later_arrivals(futures: Iterable[PlacementProblem]) -> LaterArrivals:
    """Return what sampled futures would lose by each pool's place.

    Parameters
    ----------
    futures
        One problem for each, at least one: the children who come in it, with the places free now. All have the same
        pools and terms.

    Raises
    ------
    ValueError
        If there is no future, or two differ in their pools or terms.
    """
    lost = [(problem, KnockOns(solve(problem)).effect_of_place_taken().change) for problem in futures]
    return _summed(lost, 1)


def price_joint_plans(futures: Iterable[PlacementProblem]) -> LaterArrivals:
    """Return what each pool's place is worth to those due now and those who come together.

    Parameters
    ----------
    futures
        As for `price_later_arrivals`, each with the children due now in it: see `later.joined`.

    Raises
    ------
    ValueError
        If there is no future, or two differ in their pools or terms.
    """
    lost = []
    for problem in futures:
        prices = KnockOns(solve(problem))
        lost.append((problem, prices.effect_of_place_taken().change + prices.saved_by_one_more_place()))
    return _summed(lost, 2)


def _summed(lost: Sequence[tuple[PlacementProblem, IntArray]], of_each: int) -> LaterArrivals:
    """The sums over futures, so many of which each has already."""
    if not lost:
        raise ValueError("futures: at least one is needed.")
    first = lost[0][0]
    for at, (problem, _) in enumerate(lost):
        if (problem.pool_ids, problem.terms) != (first.pool_ids, first.terms):
            raise ValueError(f"futures[{at}]: has other pools or terms than the first.")
    return LaterArrivals(of_each * len(lost), first.tiers, np.sum([change for _, change in lost], axis=0))
