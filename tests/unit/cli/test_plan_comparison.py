"""The headline says what the policy puts before money, before money."""

from __future__ import annotations

from inborough.placement.v1 import placement_pb2
from services.cli.pages.plan_comparison import comparison_lines


def against(**greedy: int) -> str:
    plan = placement_pb2.PlacementPlan(
        totals={"needs_judgement": 3, "request_not_given": 2, "inmss": 4, "annual_budget_cost_pence": 900_000_00},
        greedy_totals={"inmss": 4, "annual_budget_cost_pence": 800_000_00, **greedy},
    )
    return list(comparison_lines(plan))[1]


def test_what_a_dearer_plan_gives_is_said_before_its_cost() -> None:
    assert against(needs_judgement=4, request_not_given=10) == (
        "Against case by case: 1 fewer place that needs judgement; 8 more families are given what they asked for; "
        "as many children in INMSS or without a place; £100,000 a year more, with transport."
    )


def test_what_it_takes_away_is_said_too() -> None:
    assert against(needs_judgement=1, request_not_given=1).startswith(
        "Against case by case: 2 more places that need judgement; 1 fewer family is given what they asked for;"
    )


def test_where_they_are_level_nothing_is_said() -> None:
    assert against(needs_judgement=3, request_not_given=2).startswith("Against case by case: as many children")
