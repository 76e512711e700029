"""A plan as a message: assignment, what could not be placed and why, totals, comparisons and prices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from inborough.placement.v1 import placement_pb2
from services.placement.model import explain
from services.placement.model.groups import IntArray
from services.placement.model.judge import Int32Array
from services.placement.model.objective import PricedOptions
from services.placement.model.problem import UNPLACED
from services.placement.model.rules import RULES_VERSION
from shared import days

if TYPE_CHECKING:
    from services.placement.operations.context import StandingPlan

OPTIMAL, JOINT = "optimal", "joint"


def plan_message(standing: StandingPlan) -> placement_pb2.PlacementPlan:
    """The plan that a standing plan with comparisons proposes, without its id."""
    priced, solution = standing.priced, standing.solution
    comparisons = solution.comparisons
    assert comparisons is not None  # asked for with every plan that is to be proposed
    message = assignment_message(standing, priced, solution.option_of_case)
    message.status = OPTIMAL
    message.greedy_totals.update(totals(priced, comparisons.greedy_option_of_case))
    message.practice_totals.update(totals(priced, comparisons.practice_option_of_case))
    for pool_id, price in _shadow_prices(standing).items():
        message.shadow_prices[pool_id].CopyFrom(price)
    message.solve_seconds = solution.solve_seconds
    return message


def assignment_message(
    standing: StandingPlan, priced: PricedOptions, option_of_case: IntArray
) -> placement_pb2.PlacementPlan:
    """Who goes where and what that comes to, at these prices of a standing plan's options: without id and status."""
    facts = standing.gathered.facts
    pool_of_case = _pool_of_case(priced, option_of_case)
    return placement_pb2.PlacementPlan(
        first_day=days.to_wire(facts.first_day),
        policy=priced.policy.label,
        rules_version=RULES_VERSION,
        as_of_time=facts.as_of_time,
        assignment={
            case.case_id: facts.pools[pool].pool_id
            for case, pool in zip(facts.cases, pool_of_case.tolist(), strict=True)
            if pool >= 0
        },
        unplaced=_unplaced(priced, pool_of_case),
        totals=totals(priced, option_of_case),
        by_kind=_by_kind(priced, option_of_case),
        requests_not_given=[
            placement_pb2.RequestNotGiven(
                case_id=facts.cases[found.case_row].case_id, urn=found.urn, why=found.why, reason=found.reason
            )
            for found in explain.requests_not_given(priced, pool_of_case)
        ],
        decisions_due=len(facts.cases),
        options_judged=len(facts.cases) * len(facts.pools),
        options_open=priced.options.case.size,
        facts_hash=standing.facts_hash,
    )


def summary(plan: placement_pb2.PlacementPlan) -> placement_pb2.PlacementPlan:
    """The plan without what is long: its assignment, unplaced cases, prices and requests."""
    short = placement_pb2.PlacementPlan()
    short.CopyFrom(plan)
    short.ClearField("assignment")
    short.ClearField("unplaced")
    short.ClearField("shadow_prices")
    short.ClearField("requests_not_given")
    return short


def totals(priced: PricedOptions, option_of_case: IntArray) -> dict[str, int]:
    """Sums over the cases placed: every term of the policy, both ledgers, and how many are placed and where."""
    rows = option_of_case[option_of_case >= 0]
    kinds = np.array([pool.is_inmss for pool in priced.facts.pools], dtype=np.bool_)
    away = np.array([not pool.in_borough for pool in priced.facts.pools], dtype=np.bool_)
    pools = priced.options.pool[rows]
    found = dict(zip(priced.policy.terms, priced.terms[:, rows].sum(axis=1).tolist(), strict=True))
    return found | {
        UNPLACED: int(option_of_case.size - rows.size),
        "placed": int(rows.size),
        "inmss": int(kinds[pools].sum()),
        "out_of_borough": int(away[pools].sum()),
        "annual_budget_cost_pence": int(priced.quotes.budget_pence[rows].sum()),
        "annual_marginal_cost_pence": int(priced.quotes.marginal_pence[rows].sum()),
    }


def _pool_of_case(priced: PricedOptions, option_of_case: IntArray) -> Int32Array:
    """int32[K], the pool row of each case; -1 when unplaced."""
    if not priced.options.pool.size:
        return np.full(option_of_case.size, -1, np.int32)
    return np.where(option_of_case >= 0, priced.options.pool[option_of_case], -1).astype(np.int32)


def _unplaced(priced: PricedOptions, pool_of_case: Int32Array) -> list[placement_pb2.UnplacedCase]:
    return [
        placement_pb2.UnplacedCase(
            case_id=priced.facts.cases[row].case_id, reasons=explain.why_unplaced(priced.judgement, int(row))
        )
        for row in np.flatnonzero(pool_of_case < 0)
    ]


def _by_kind(priced: PricedOptions, option_of_case: IntArray) -> list[placement_pb2.KindTotals]:
    """What is placed in each kind of place, by the kinds' names; a kind in which nobody is is left out."""
    rows = option_of_case[option_of_case >= 0]
    kinds = sorted({pool.kind for pool in priced.facts.pools})
    at = {kind: row for row, kind in enumerate(kinds)}
    kind_of_option = np.array([at[pool.kind] for pool in priced.facts.pools], dtype=np.int64)[priced.options.pool[rows]]
    placed = np.bincount(kind_of_option, minlength=len(kinds)).tolist()
    budget, marginal = np.zeros(len(kinds), np.int64), np.zeros(len(kinds), np.int64)
    np.add.at(budget, kind_of_option, priced.quotes.budget_pence[rows])
    np.add.at(marginal, kind_of_option, priced.quotes.marginal_pence[rows])
    sums = zip(kinds, placed, budget.tolist(), marginal.tolist(), strict=True)
    return [
        placement_pb2.KindTotals(
            kind=kind, placed=count, annual_budget_cost_pence=spent, annual_marginal_cost_pence=more
        )
        for kind, count, spent, more in sums
        if count
    ]


def _shadow_prices(standing: StandingPlan) -> dict[str, placement_pb2.KnockOn]:
    """What one more place in each pool would save, term by term."""
    names = (UNPLACED, *standing.priced.policy.terms)
    saved = standing.solution.shadow_prices.T.tolist()
    return {
        pool.pool_id: placement_pb2.KnockOn(terms=dict(zip(names, by_term, strict=True)))
        for pool, by_term in zip(standing.gathered.facts.pools, saved, strict=True)
    }
