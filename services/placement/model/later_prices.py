"""Price each pool's place by sampled futures: what the best plan of those who come would lose without it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

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
    lost: list[np.ndarray[tuple[int, ...], np.dtype[np.int64]]] = []
    known: tuple[tuple[str, ...], tuple[str, ...]] | None = None
    for problem in futures:
        known = known or (problem.pool_ids, problem.tiers)
        if (problem.pool_ids, problem.tiers) != known:
            raise ValueError(f"futures[{len(lost)}]: has other pools or terms than the first.")
        lost.append(KnockOns(solve(problem)).effect_of_place_taken().change)
    if known is None:
        raise ValueError("futures: at least one is needed.")
    return LaterArrivals(len(lost), known[1], np.sum(lost, axis=0))
