"""A placement plan as JSON. Documented in docs/json.md; it only grows."""

from __future__ import annotations

from typing import Any

from inborough.placement.v1 import placement_pb2, travel_pb2
from services.words import iso


def plan_json(given: placement_pb2.PlacementPlan) -> dict[str, Any]:
    """The whole plan."""
    return {
        "plan_id": given.plan_id,
        "first_day": iso(given.first_day),
        "status": given.status,
        "policy": given.policy,
        "rules_version": given.rules_version,
        "as_of_time": given.as_of_time,
        "facts_hash": given.facts_hash,
        "decisions_due": given.decisions_due,
        "options_judged": given.options_judged,
        "options_open": given.options_open,
        "solve_seconds": given.solve_seconds,
        "assignment": dict(given.assignment),
        "unplaced": [{"case_id": case.case_id, "reasons": list(case.reasons)} for case in given.unplaced],
        "totals": dict(given.totals),
        "by_kind": {totals.kind: _kind(totals) for totals in given.by_kind},
        "greedy": {"totals": dict(given.greedy_totals)},
        "practice": {"totals": dict(given.practice_totals)},
        "shadow_prices": {pool: dict(price.terms) for pool, price in given.shadow_prices.items()},
        "requests_not_given": [
            {"case_id": refusal.case_id, "urn": refusal.urn, "why": refusal.why, "reason": refusal.reason}
            for refusal in given.requests_not_given
        ],
    }


def joint_json(made: travel_pb2.JointPlan) -> dict[str, Any]:
    """The whole plan, with what planning it together with its runs has done."""
    rounds = [
        {
            "number": each.number,
            "tried": each.tried,
            "annual_pence": each.annual_pence,
            "runs_annual_pence": each.runs_annual_pence,
            "changed": each.changed,
        }
        for each in made.rounds
    ]
    changes = [
        {
            "case_id": change.case_id,
            "separate_pool_id": change.separate_pool_id,
            "joint_pool_id": change.joint_pool_id,
        }
        for change in made.changes
    ]
    joint = {
        "separate_annual_pence": made.separate_annual_pence,
        "joint_annual_pence": made.joint_annual_pence,
        "least_annual_pence": made.least_annual_pence,
        "rounds": rounds,
        "changes": changes,
    }
    return {**plan_json(made.plan), "joint": joint}


def _kind(totals: placement_pb2.KindTotals) -> dict[str, int]:
    return {
        "placed": totals.placed,
        "annual_budget_cost_pence": totals.annual_budget_cost_pence,
        "annual_marginal_cost_pence": totals.annual_marginal_cost_pence,
    }
