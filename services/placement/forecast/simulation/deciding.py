"""The decisions due in one year, planned by the model's own optimiser, with its prices."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from services.placement.forecast.simulation.categories import KEEPS_PLACE, STAGE_OF_AGE
from services.placement.forecast.simulation.options import Options
from services.placement.forecast.simulation.prepare import Prepared
from services.placement.forecast.simulation.pricing import Pricing
from services.placement.forecast.simulation.state import State
from services.placement.forecast.simulation.world import BoolArray, IntArray
from services.placement.model.groups import GroupForest
from services.placement.model.knock_on import KnockOns
from services.placement.model.later import THOUSAND, later_terms
from services.placement.model.objective import UNKNOWN_MINUTES
from services.placement.model.problem import PlacementProblem
from services.placement.model.solution import Solution
from services.placement.model.solve import solve

_NEVER = np.iinfo(np.int64).max
TELLS = (
    (("unplaced", 1),),
    (("needs_judgement", 1),),
    (("request_not_given", 1),),
    (("inmss_or_out_of_borough", 1), ("away_with_later_arrivals", THOUSAND)),
    (("annual_cost_pence", 1), ("cost_with_later_arrivals_pence", 1)),
)
"""Tiers of which a price is told, in the order of `outcome.SAVED`: whichever the policy has, and its unit. A year's
decisions are planned together, so a policy that keeps places for later arrivals has none to keep them for."""


@dataclass(frozen=True, eq=False)
class Room:
    """Free places for the decisions of a year.

    Parameters
    ----------
    pools, groups
        int64[N] and int64[G]; as many as there are decisions where there is no fixed number.
    """

    pools: IntArray
    groups: IntArray


@dataclass(frozen=True, eq=False)
class Decided:
    """A year's plan.

    Parameters
    ----------
    options, problem, solution
        What was asked and answered.
    pool
        int64[D], the pool of each child with a decision due, or -1.
    live
        bool[D], whether the family has a live request; `given`: whether the plan gives it.
    shut
        Units that did not open, for too few pupils.
    """

    options: Options
    problem: PlacementProblem
    solution: Solution
    pool: IntArray
    live: BoolArray
    given: BoolArray
    shut: tuple[int, ...]

    def saved_by_one_more_place(self) -> IntArray:
        """int64[N, 5], by TELLS."""
        if not self.problem.case_count:
            return np.zeros((self.problem.pool_count, len(TELLS)), dtype=np.int64)
        return told(self.problem, KnockOns(self.solution).saved_by_one_more_place())


def told(problem: PlacementProblem, tiers: IntArray) -> IntArray:
    """int64[n, 5], the tiers of TELLS from int64[T + 1, n]; 0 for one that the policy does not have."""
    found = np.zeros((tiers.shape[1], len(TELLS)), dtype=np.int64)
    for at, names in enumerate(TELLS):
        for name, unit in names:
            if name in problem.tiers:
                found[:, at] = tiers[problem.tiers.index(name)] // unit
    return found


def held_places(prepared: Prepared, state: State) -> tuple[IntArray, IntArray]:
    """int64[N] and int64[G], children who hold a place: those who have no decision due, and those who await a move."""
    holds = (state.pool >= 0) & ((state.due == 0) | KEEPS_PLACE[state.due])
    held = np.bincount(state.pool[holds], minlength=prepared.pools.count)
    return held, of_groups(prepared, held)


def of_groups(prepared: Prepared, by_pool: IntArray) -> IntArray:
    """int64[G], sums over each group's pools, also by way of groups inside it."""
    pools = prepared.pools
    found = np.zeros(len(pools.group_ids), dtype=np.int64)
    for pool in np.flatnonzero((pools.group >= 0) & (by_pool > 0)).tolist():
        group = int(pools.group[pool])
        while group >= 0:
            found[group] += by_pool[pool]
            group = int(pools.group_parent[group])
    return found


def room_of(prepared: Prepared, state: State, places: IntArray, group_places: IntArray) -> Room:
    """Return what is free once everybody without a decision due has kept their place; never below 0."""
    held, in_groups = held_places(prepared, state)
    everybody = int((state.due != 0).sum())
    free = np.where(places < 0, everybody, np.maximum(places - held, 0))
    return Room(free, np.where(group_places < 0, everybody, np.maximum(group_places - in_groups, 0)))


def build(
    prepared: Prepared, state: State, options: Options, room: Room, pricing: Pricing
) -> tuple[PlacementProblem, BoolArray]:
    """Return the problem that the optimiser solves, and bool[A], the options at a family's live request."""
    rows = state.row[options.due][options.case]
    stages = STAGE_OF_AGE[state.age[options.due]][options.case]
    marginal = pricing.marginal(stages, rows, options.pool)
    live = _live(options, marginal, prepared.policy.request_threshold_pence)
    asks = np.zeros(options.due.size, dtype=np.bool_)
    asks[options.case[live]] = True
    minutes = prepared.prices.minutes[rows, options.pool].astype(np.int64)
    terms = {
        "needs_judgement": options.unsettled,
        "request_not_given": asks[options.case] & ~live,
        "inmss_or_out_of_borough": prepared.is_away[options.pool],
        "annual_cost_pence": marginal + pricing.for_place[options.pool],
        "travel_minutes": np.where(minutes < 0, UNKNOWN_MINUTES, minutes),
    }
    if prepared.policy.keeps_places:
        terms |= later_terms(terms["inmss_or_out_of_borough"], terms["annual_cost_pence"], options.pool, None)
    option_terms = np.empty((len(prepared.policy.terms), options.pool.size), dtype=np.int64)
    for at, name in enumerate(prepared.policy.terms):
        option_terms[at] = terms[name]
    pools = prepared.pools
    problem = PlacementProblem(
        pool_ids=pools.ids,
        pool_places=room.pools,
        case_ids=tuple(state.ids[options.due].tolist()),
        terms=prepared.policy.terms,
        option_case=options.case.astype(np.int32),
        option_pool=options.pool.astype(np.int32),
        option_terms=option_terms,
        groups=GroupForest(
            pools.group_ids, room.groups, pools.group_parent.astype(np.int32), pools.group.astype(np.int32)
        ),
    )
    return problem, live


def _live(options: Options, marginal: IntArray, threshold: int) -> BoolArray:
    """bool[A], options at the first request that costs no more than the policy allows, as `objective.py` says."""
    if not options.rank.any():
        return np.zeros(options.case.size, dtype=np.bool_)
    count = options.due.size
    cheapest = np.full(count, _NEVER, dtype=np.int64)
    np.minimum.at(cheapest, options.case[~options.unsettled], marginal[~options.unsettled])
    counts = (options.rank > 0) & (marginal - cheapest[options.case] <= threshold)
    ranks = np.where(counts, options.rank, 127)
    best = np.full(count, 127, dtype=np.int64)
    np.minimum.at(best, options.case, ranks)
    live: BoolArray = counts & (ranks == best[options.case])
    return live


def decide(
    prepared: Prepared, state: State, options: Options, room: Room, pricing: Pricing, running: BoolArray
) -> Decided:
    """Return the year's plan.

    A High Needs unit that is not running opens only with enough pupils. While some would have fewer, the emptiest of
    them stays shut and all is planned anew without it.

    Parameters
    ----------
    running
        bool[N], units that have opened before.
    """
    problem, live = build(prepared, state, options, room, pricing)
    fewest = prepared.definition.levers.hn_units.min_pupils
    shut: list[int] = []
    while True:
        solution = solve(problem)
        taken = np.bincount(solution.assigned_pool[solution.assigned_pool >= 0], minlength=prepared.pools.count)
        short = [unit for unit in prepared.units.tolist() if not running[unit] and 0 < taken[unit] < fewest]
        if not short:
            break
        shut.append(min(short, key=lambda unit: (taken[unit], unit)))
        places = problem.pool_places.copy()
        places[shut[-1]] = 0
        problem = replace(problem, pool_places=places)
    asks = np.zeros(options.due.size, dtype=np.bool_)
    asks[options.case[live]] = True
    placed = solution.chosen >= 0
    given = np.zeros(options.due.size, dtype=np.bool_)
    given[placed] = live[solution.chosen[placed]]
    return Decided(options, problem, solution, solution.assigned_pool.astype(np.int64), asks, given, tuple(shut))
