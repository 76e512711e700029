"""Answers of the services, as the command gets them, with everything defaulted."""

from __future__ import annotations

from datetime import date
from typing import Any

from inborough.caseload.v1 import caseload_pb2
from inborough.common.v1 import common_pb2
from inborough.cost.v1 import cost_pb2
from inborough.placement.v1 import placement_pb2
from inborough.provision.v1 import provision_pb2
from shared.days import to_wire

CASE_ID = "case_5f0c9a7be21d4433"
FIRST_DAY = to_wire(date(2024, 9, 2))
DEADLINE = to_wire(date(2024, 2, 15))


def a_case(**changes: Any) -> caseload_pb2.Case:
    """A Year 7 child with SEMH then autism, whose phase transfer is due."""
    facts: dict[str, Any] = {
        "case_id": CASE_ID,
        "needs": [caseload_pb2.Need(rank=1, code="SEMH"), caseload_pb2.Need(rank=2, code="ASD")],
        "year_group": 7,
        "on_day": FIRST_DAY,
        "stage": caseload_pb2.CASE_STAGE_OPEN_PLAN,
        "decision_due": caseload_pb2.DecisionDue(
            reason=caseload_pb2.DUE_REASON_PHASE_TRANSFER, first_day=FIRST_DAY, deadline=DEADLINE
        ),
    }
    return caseload_pb2.Case(**{**facts, **changes})


def an_option(rank: int = 1, **changes: Any) -> placement_pb2.Option:
    """A resource base near home with three places free, which costs nobody else anything."""
    facts: dict[str, Any] = {
        "rank": rank,
        "pool_id": "pool_ASTMOOR-SEMH",
        "setting_name": "Astmoor Primary School",
        "urn": 111217,
        "kind": "resource_base",
        "in_borough": True,
        "distance_metres": 3900,
        "travel_minutes": 8,
        "annual_budget_cost_pence": 1_850_000,
        "annual_marginal_cost_pence": 1_250_000,
        "cost_lines": [a_line("Top-up", 1_250_000)],
        "places_free": 3,
        "verdicts": [a_verdict("year_group", common_pb2.OUTCOME_MEETS, "Takes Years 7 to 11.")],
        "knock_on": placement_pb2.KnockOn(terms={"inmss_or_out_of_borough": 0, "annual_cost_pence": 0}),
    }
    return placement_pb2.Option(**{**facts, **changes})


def a_line(label: str, pence: int) -> placement_pb2.CostLine:
    """A line of the budget ledger from the rate card."""
    return placement_pb2.CostLine(
        label=label,
        ledger=cost_pb2.LEDGER_BUDGET,
        annual_pence=pence,
        basis="rate_card",
        source="demonstration-2024 v1",
    )


def a_verdict(rule: str, outcome: common_pb2.Outcome.ValueType, reason: str) -> common_pb2.Verdict:
    """What a rule said, with its evidence."""
    return common_pb2.Verdict(rule=rule, outcome=outcome, reason=reason, evidence="place pool")


def a_refusal(name: str, rule: str = "year_group", reason: str = "Takes Reception to Year 6.") -> Any:
    """A pool refused by one rule."""
    verdict = a_verdict(rule, common_pb2.OUTCOME_FAILS, reason)
    return placement_pb2.RefusedOption(pool_id=f"pool_{name}", setting_name=name, verdicts=[verdict])


def a_recommendation(**changes: Any) -> placement_pb2.Recommendation:
    """One option and nothing refused."""
    facts: dict[str, Any] = {
        "recommendation_id": "rec_0000000000000001",
        "case_id": CASE_ID,
        "first_day": FIRST_DAY,
        "as_of_time": "2024-02-01T09:30:00Z",
        "rules_version": "2024.1",
        "policy": "suitable-then-near/1",
        "options": [an_option()],
    }
    return placement_pb2.Recommendation(**{**facts, **changes})


def a_policy(**changes: Any) -> placement_pb2.Policy:
    """The default policy, with a few of its terms."""
    facts: dict[str, Any] = {
        "name": "suitable-then-near",
        "version": 1,
        "summary": "Near home.",
        "terms": ["inmss_or_out_of_borough", "annual_cost_pence"],
        "is_default": True,
        "request_threshold_pence": 1_000_000,
    }
    return placement_pb2.Policy(**{**facts, **changes})


def a_plan(**changes: Any) -> placement_pb2.PlacementPlan:
    """Two decisions due, one of them placed; case by case would have used an INMSS place."""
    facts: dict[str, Any] = {
        "plan_id": "plan_0000000000000001",
        "first_day": FIRST_DAY,
        "status": "optimal",
        "policy": "suitable-then-near/1",
        "decisions_due": 2,
        "assignment": {CASE_ID: "pool_ASTMOOR-SEMH"},
        "unplaced": [
            placement_pb2.UnplacedCase(case_id="case_0000000000000002", reasons=["No pool takes Year 14 with SEMH."])
        ],
        "totals": {"unplaced": 1, "placed": 1, "inmss": 0, "annual_budget_cost_pence": 1_850_000},
        "greedy_totals": {"unplaced": 1, "placed": 1, "inmss": 1, "annual_budget_cost_pence": 7_100_000},
        "by_kind": [
            placement_pb2.KindTotals(kind="resource_base", placed=1, annual_budget_cost_pence=1_850_000),
        ],
        "shadow_prices": {"pool_ASTMOOR-SEMH": placement_pb2.KnockOn(terms={"unplaced": 1})},
        "solve_seconds": 0.004,
    }
    return placement_pb2.PlacementPlan(**{**facts, **changes})


def a_pool(**changes: Any) -> provision_pb2.PlacePool:
    """A resource base with sixteen places, three of them free."""
    facts: dict[str, Any] = {
        "pool_id": "pool_ASTMOOR-SEMH",
        "setting": provision_pb2.Setting(urn=111217, name="Astmoor Primary School", in_borough=True),
        "kind": "resource_base",
        "needs": ["SEMH"],
        "year_group_low": 0,
        "year_group_high": 6,
        "places_commissioned": 16,
        "places_filled": 13,
        "places_free": 3,
        "confirmed": True,
    }
    return provision_pb2.PlacePool(**{**facts, **changes})


def a_report(**changes: Any) -> common_pb2.ImportReport:
    """An import that went well."""
    facts: dict[str, Any] = {"import_id": "imp_1", "accepted": True, "rows_read": 2, "created": 2}
    return common_pb2.ImportReport(**{**facts, **changes})


def a_refused_row(**changes: Any) -> common_pb2.RowProblem:
    """A date that is none."""
    facts: dict[str, Any] = {
        "file": "pools.csv",
        "row": 3,
        "column": "first_day",
        "value": "31/02/2024",
        "reason": "no such day in the calendar; write 2024-09-02 or 02/09/2024",
    }
    return common_pb2.RowProblem(**{**facts, **changes})
