"""The answer to a problem file as plain values: what `inborough solve --json` prints."""

from __future__ import annotations

from typing import Any

from services.placement.model.groups import IntArray
from services.placement.model.knock_on import Effects, KnockOns
from services.placement.model.problem import PlacementProblem
from services.placement.model.solution import NOT_PLACED, Solution


def answer_of(solution: Solution, knock_on_case: str | None = None) -> dict[str, Any]:
    """Return the plan, its totals and its prices, every key in order of id or, for terms, of importance.

    Parameters
    ----------
    knock_on_case
        Id of a case of the problem; its options' effects are then given as `knock_on` (the whole plan's totals
        against the optimum, when the case is made to take the pool) and `knock_on_others` (the other cases' totals
        against their best without it). A pool that can hold nobody is left out.
    """
    problem, prices = solution.problem, KnockOns(solution)
    pool_of_case = dict(zip(problem.case_ids, solution.assigned_pool.tolist(), strict=True))
    placed = {one: problem.pool_ids[pool] for one, pool in sorted(pool_of_case.items()) if pool != NOT_PLACED}
    answer = {
        "status": solution.status,
        "assignment": placed,
        "unplaced": sorted(one for one, pool in pool_of_case.items() if pool == NOT_PLACED),
        "totals": dict(zip(problem.terms, solution.totals[1:].tolist(), strict=True)),
        "shadow_prices": _by_pool(problem, list(range(problem.pool_count)), prices.saved_by_one_more_place()),
    }
    if knock_on_case is not None:
        case = problem.case_ids.index(knock_on_case)
        answer["knock_on"] = _possible(problem, prices.effect_of_options(case))
        answer["knock_on_others"] = _possible(problem, prices.effect_on_others(case))
    return answer


def _possible(problem: PlacementProblem, effects: Effects) -> dict[str, dict[str, int]]:
    return _by_pool(problem, effects.pools[effects.possible].tolist(), effects.change[:, effects.possible])


def _by_pool(problem: PlacementProblem, pools: list[int], tiers: IntArray) -> dict[str, dict[str, int]]:
    """Return each pool's tiers by name, in order of pool id."""
    columns = zip(pools, tiers.T.tolist(), strict=True)
    named = {problem.pool_ids[pool]: dict(zip(problem.tiers, column, strict=True)) for pool, column in columns}
    return dict(sorted(named.items()))
