"""Metrics of the placement service. No label says anything of a child."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

from inborough.placement.v1 import placement_pb2
from shared.metrics import SECONDS

solve_seconds = Histogram("inborough_solve_seconds", "Time inside the optimiser for one plan.", buckets=SECONDS)
options_judged = Counter("inborough_options_judged", "Pairs of case and pool that the rules judged for plans.")
recommendations = Counter("inborough_recommendations", "Recommendations given.", ["policy"])
plan_cases = Gauge("inborough_plan_cases", "Cases in the last plan proposed, by what became of them.", ["outcome"])


def observe_plan(plan: placement_pb2.PlacementPlan) -> None:
    """Count a plan that was proposed."""
    solve_seconds.observe(plan.solve_seconds)
    options_judged.inc(plan.options_judged)
    for outcome in ("placed", "unplaced", "inmss", "out_of_borough"):
        plan_cases.labels(outcome).set(plan.totals[outcome])


def observe_recommendation(recommendation: placement_pb2.Recommendation) -> None:
    """Count a recommendation that was given."""
    recommendations.labels(recommendation.policy).inc()
