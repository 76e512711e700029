"""A recommendation as JSON. Documented in docs/json.md; it only grows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from inborough.common.v1 import common_pb2
from inborough.cost.v1 import cost_pb2
from inborough.placement.v1 import placement_pb2
from services.words import iso

Number = Literal[
    "distance_metres", "travel_minutes", "annual_budget_cost_pence", "annual_marginal_cost_pence", "places_free"
]
LEDGERS = {cost_pb2.LEDGER_BUDGET: "budget", cost_pb2.LEDGER_MARGINAL: "marginal"}
OUTCOMES = {
    common_pb2.OUTCOME_MEETS: "meets",
    common_pb2.OUTCOME_FAILS: "fails",
    common_pb2.OUTCOME_NEEDS_JUDGEMENT: "needs_judgement",
}


def recommendation_json(
    given: placement_pb2.Recommendation, later: placement_pb2.LaterArrivals | None = None
) -> dict[str, Any]:
    """The whole recommendation, with what was worked out of children who come later; null where nothing was."""
    return {
        "recommendation_id": given.recommendation_id,
        "case_id": given.case_id,
        "first_day": iso(given.first_day),
        "as_of_time": given.as_of_time,
        "rules_version": given.rules_version,
        "policy": given.policy,
        "facts_hash": given.facts_hash,
        "travel_method": given.travel_method,
        "options_not_shown": given.options_not_shown,
        "options": [option_json(option) for option in given.options],
        "refused": [
            {"pool_id": pool.pool_id, "setting_name": pool.setting_name, "verdicts": _verdicts(pool.verdicts)}
            for pool in given.refused
        ],
        "left_out": [
            {
                "urn": left.urn,
                "setting_name": left.setting_name,
                "requested": left.requested,
                "legal_note": left.legal_note,
            }
            for left in given.left_out
        ],
        "later_arrivals": _later_json(later) if later else None,
    }


def option_json(option: placement_pb2.Option) -> dict[str, Any]:
    """One option; null where it has no rank or no price."""
    return {
        "rank": option.rank or None,
        "pool_id": option.pool_id,
        "setting_name": option.setting_name,
        "urn": option.urn,
        "kind": option.kind,
        "in_borough": option.in_borough,
        "distance_metres": _known(option, "distance_metres"),
        "travel_minutes": _known(option, "travel_minutes"),
        "annual_budget_cost_pence": _known(option, "annual_budget_cost_pence"),
        "annual_marginal_cost_pence": _known(option, "annual_marginal_cost_pence"),
        "cost_lines": [_cost_line(line) for line in option.cost_lines],
        "places_free": _known(option, "places_free"),
        "verdicts": _verdicts(option.verdicts),
        "knock_on": dict(option.knock_on.terms) if option.HasField("knock_on") else None,
        "no_knock_on": option.no_knock_on or None,
        "level_with_best": option.level_with_best,
        "legal_note": option.legal_note,
        "travel_eligibility": _eligibility(option.travel_eligibility),
        "travel_alternatives": [_cost_line(line) for line in option.travel_alternatives],
        "requested": option.requested,
        "flags": list(option.flags),
    }


def _known(option: placement_pb2.Option, name: Number) -> int | None:
    return int(getattr(option, name)) if option.HasField(name) else None


def _cost_line(line: placement_pb2.CostLine) -> dict[str, Any]:
    return {
        "label": line.label,
        "ledger": LEDGERS.get(line.ledger, "unknown"),
        "annual_pence": line.annual_pence,
        "basis": line.basis,
        "source": line.source,
    }


def _verdicts(verdicts: Iterable[common_pb2.Verdict]) -> list[dict[str, Any]]:
    return [
        {
            "rule": verdict.rule,
            "outcome": OUTCOMES.get(verdict.outcome, "unknown"),
            "reason": verdict.reason,
            "evidence": verdict.evidence,
        }
        for verdict in verdicts
    ]


def _eligibility(found: cost_pb2.TravelEligibility) -> dict[str, Any]:
    return {
        "code": found.code,
        "travel_paid": found.travel_paid,
        "needs_judgement": found.needs_judgement,
        "reason": found.reason,
        "legal_basis": found.legal_basis,
    }


def _later_json(later: placement_pb2.LaterArrivals) -> dict[str, Any]:
    return {
        "as_of_time": later.as_of_time,
        "pools": [
            {
                "pool_id": pool.pool_id,
                "unsettled_thousandths": pool.unsettled_thousandths,
                "away_thousandths": pool.away_thousandths,
                "annual_cost_pence": pool.annual_cost_pence,
            }
            for pool in later.pools
        ],
    }
