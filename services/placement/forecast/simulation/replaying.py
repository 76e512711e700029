"""Replay a year panel by panel, one way of deciding against another, and against hindsight."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from services.placement.forecast.simulation.arrivals import YearOfArrivals
from services.placement.forecast.simulation.world import IntArray
from services.placement.model.greedy import greedy
from services.placement.model.later import joined, keeping_places
from services.placement.model.later_prices import price_joint_plans
from services.placement.model.policy import find_policy
from services.placement.model.problem import PlacementProblem
from services.placement.model.solve import solve

KEEPS_PLACES = "keeps-places-for-later-arrivals"
Plan = Callable[[YearOfArrivals, PlacementProblem, IntArray, int], IntArray]
"""Of the year, the panel's problem, places taken so far and the panel: the row of each case's option, or -1."""


@dataclass(frozen=True, eq=False)
class Replayed:
    """What a way of deciding comes to over a year: the totals of its tiers, "unplaced" first, int64[T + 1]."""

    tiers: tuple[str, ...]
    totals: IntArray

    def of(self, tier: str) -> int:
        """One tier's total."""
        return int(self.totals[self.tiers.index(tier)])


def replay(year: YearOfArrivals, plan: Plan) -> Replayed:
    """Return what a year comes to when each panel decides for good by what it knows."""
    taken = np.zeros(year.problem.pool_count, dtype=np.int64)
    totals = np.zeros(len(year.problem.tiers), dtype=np.int64)
    for panel in range(int(year.panel.max(initial=0)) + 1):
        cases = year.coming(panel)
        if not cases.size:
            continue
        problem = year.part(cases, taken)
        chosen = plan(year, problem, taken, panel)
        placed = chosen[chosen >= 0]
        totals += np.concatenate([[chosen.size - placed.size], problem.option_terms[:, placed].sum(axis=1)])
        taken += np.bincount(problem.option_pool[placed], minlength=taken.size)
    return Replayed(year.problem.tiers, totals)


def in_hindsight(year: YearOfArrivals) -> Replayed:
    """Return the best that the year could have come to, had everybody been known on the first day."""
    everybody = year.part(year.everybody(), np.zeros(year.problem.pool_count, dtype=np.int64))
    return Replayed(year.problem.tiers, solve(everybody).totals)


def one_by_one(year: YearOfArrivals, problem: PlacementProblem, taken: IntArray, panel: int) -> IntArray:
    """Each case in turn takes the best place left."""
    return greedy(problem, range(problem.case_count))


def for_now(year: YearOfArrivals, problem: PlacementProblem, taken: IntArray, panel: int) -> IntArray:
    """The best plan of the panel's cases, whoever may come."""
    return solve(problem).chosen


def for_later_too(year: YearOfArrivals, problem: PlacementProblem, taken: IntArray, panel: int) -> IntArray:
    """The best plan of the panel's cases, each place priced by what it is expected to be worth to all who want it."""
    futures = (joined(problem, year.part(year.still_to_come(sample, panel), taken)) for sample in range(year.samples))
    policy = find_policy(KEEPS_PLACES)
    assert policy is not None  # it is shipped
    return solve(keeping_places(problem, price_joint_plans(futures), policy.terms)).chosen
