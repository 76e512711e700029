"""What children who come later would lose by a place that is given today, and the terms that weigh it.

A place given in September is not there for the child who comes in November. Over sampled arrivals to the year's end,
each sample is planned as if all of it were known, and the knock-ons of its plan say what one place fewer would do to
it: exactly, tier by tier. Their mean over samples is what keeping a place is worth. So prices of sampled futures guide
decisions that cannot wait for them, as in Ahani, Gölz, Procaccia, Teytelboym and Trapp, "Dynamic placement in refugee
resettlement" (2021). `later_prices.py` finds them; here is what they mean.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from services.placement.model.groups import IndexArray, IntArray
from services.placement.model.problem import PlacementProblem

THOUSAND = 1_000
UNSETTLED = ("unplaced", "needs_judgement")
AWAY = ("request_not_given", "inmss_or_out_of_borough")
COST = "annual_cost_pence"
LATER_TERMS = ("later_arrivals_unsettled", "away_with_later_arrivals", "cost_with_later_arrivals_pence")
"""Terms of a policy that keeps places for later arrivals, as `later_terms` makes them."""


@dataclass(frozen=True, eq=False)
class LaterArrivals:
    """Sampled arrivals and what they would lose by each pool's place.

    Parameters
    ----------
    samples
        How many changes were summed, 1 or more.
    tiers
        Names of the tiers: "unplaced" and then the terms of the samples' problems.
    lost
        int64[T + 1, P], the change of the best plan if one place in each pool were taken, summed over sampled futures.
    """

    samples: int
    tiers: tuple[str, ...]
    lost: IntArray

    def unsettled_thousandths(self) -> IntArray:
        """int64[P], thousandths of a later child expected to have, for want of a place, none or an unsettled one."""
        return self._mean(UNSETTLED, THOUSAND)

    def away_thousandths(self) -> IntArray:
        """int64[P], thousandths of one expected in INMSS or out of borough, or without the setting asked for."""
        return self._mean(AWAY, THOUSAND)

    def cost_pence(self) -> IntArray:
        """int64[P], what later children's places are expected to cost more a year; below 0 where fewer have one."""
        return self._mean((COST,), 1)

    def _mean(self, names: tuple[str, ...], unit: int) -> IntArray:
        """The nearest whole numbers to the mean over samples, halves up."""
        rows = [self.tiers.index(name) for name in names if name in self.tiers]
        total = self.lost[rows].sum(axis=0) * unit
        found: IntArray = (2 * total + self.samples) // (2 * self.samples)
        return found


def later_terms(
    away: npt.NDArray[np.bool_], cost: IntArray, pool: IntArray | IndexArray, later: LaterArrivals | None
) -> dict[str, IntArray]:
    """Return int64[A] for each of LATER_TERMS.

    - later_arrivals_unsettled: thousandths of a later child expected to have no place, or one that needs judgement,
      because this one is taken.
    - away_with_later_arrivals: thousandths of a child. 1,000 where the place itself is INMSS or out of borough, and
      those of later children expected there, or not to get the setting asked for, because it is taken.
    - cost_with_later_arrivals_pence: the place's annual cost, and what it is expected to add to later children's.

    Parameters
    ----------
    away, cost, pool
        bool[A], int64[A], integer[A], of each option: INMSS or out of borough, pence a year, and the pool's row.
    later
        None where nothing is known of later arrivals: the terms are then the option's own.
    """
    nothing = np.zeros(pool.size, dtype=np.int64)
    unsettled = later.unsettled_thousandths()[pool] if later else nothing
    more_away = later.away_thousandths()[pool] if later else nothing
    more_cost = later.cost_pence()[pool] if later else nothing
    terms = (unsettled, away.astype(np.int64) * THOUSAND + more_away, cost + more_cost)
    return dict(zip(LATER_TERMS, terms, strict=True))


def joined(now: PlacementProblem, future: PlacementProblem) -> PlacementProblem:
    """Return the children due now and those of a future as one problem, with the places of the first.

    Raises ValueError if the two differ in their pools or terms, or share a case.
    """
    if (now.pool_ids, now.terms) != (future.pool_ids, future.terms):
        raise ValueError("future: has other pools or terms than the problem of those due now.")
    return replace(
        now,
        case_ids=(*now.case_ids, *future.case_ids),
        option_case=np.concatenate([now.option_case, future.option_case + np.int32(now.case_count)]),
        option_pool=np.concatenate([now.option_pool, future.option_pool]),
        option_terms=np.concatenate([now.option_terms, future.option_terms], axis=1),
    )


def keeping_places(problem: PlacementProblem, later: LaterArrivals, terms: tuple[str, ...]) -> PlacementProblem:
    """Return a problem of the usual terms with the terms of a policy that keeps places; its rows stay as they are."""
    known = dict(zip(problem.terms, problem.option_terms, strict=True))
    known |= later_terms(known[AWAY[-1]] > 0, known[COST], problem.option_pool, later)
    return replace(problem, terms=terms, option_terms=np.stack([known[name] for name in terms]))
