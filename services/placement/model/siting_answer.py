"""What siting gives: the set of bids to fund, how sure that is, and the sets that come next."""

from __future__ import annotations

from dataclasses import dataclass

from services.placement.model.siting_problem import FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class FundedSet:
    """A set of bids that the budget allows, and what it costs over the whole period.

    Parameters
    ----------
    bids
        Indices, ascending; without places that exist already.
    capital_pence
        Of the set.
    path_pence
        int64[S]: capital, running cost and every child's cost on each path, discounted.
    expected_pence
        The mean over the paths, rounded.
    children
        float64[T, B]: expected children in each bid by year.
    otherwise
        float64[T]: expected children in none of the bids by year.
    expected_regret_pence, worst_regret_pence
        How much dearer the set is than the best one for the path that comes, on average and at most. 0 or more.
    worst_path
        The path of the worst regret.
    """

    bids: tuple[int, ...]
    capital_pence: int
    path_pence: IntArray
    expected_pence: int
    children: FloatArray
    otherwise: FloatArray
    expected_regret_pence: int = 0
    worst_regret_pence: int = 0
    worst_path: int = 0


@dataclass(frozen=True, eq=False)
class SitingAnswer:
    """The best set and those after it.

    Parameters
    ----------
    best
        The least expected cost found.
    runners_up
        The next best sets, in order of expected cost; the tie rule is that of `solve_siting`.
    nothing
        Funding no bid.
    bound_pence
        No set's expected cost is below this.
    gap
        How far the best may be from the least cost, as a share of what the best saves against `nothing`: stricter than
        a share of the cost. 0 or more; 0 when nothing can be saved.
    hindsight_pence
        int64[S]: the cost of each path had it been known beforehand. Its mean is a lower bound too, and what lies
        between that and the best is what knowing the future would be worth.
    seconds
        That the engine took, all told.
    """

    best: FundedSet
    runners_up: tuple[FundedSet, ...]
    nothing: FundedSet
    bound_pence: int
    gap: float
    hindsight_pence: IntArray
    seconds: float

    @property
    def saving_pence(self) -> int:
        """Expected, whole period, net of capital: against funding no bid."""
        return self.nothing.expected_pence - self.best.expected_pence
