"""Metrics of the placement service. No label says anything of a child."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from prometheus_client import Counter, Gauge, Histogram

from inborough.placement.v1 import placement_pb2
from shared import clock
from shared.metrics import SECONDS

solve_seconds = Histogram("inborough_solve_seconds", "Time inside the optimiser for one plan.", buckets=SECONDS)
options_judged = Counter("inborough_options_judged", "Pairs of case and pool that the rules judged for plans.")
recommendations = Counter("inborough_recommendations", "Recommendations given.", ["policy"])
decisions_reached = Counter("inborough_decisions_reached", "Decisions that reached a state.", ["state"])
decisions_resumed = Counter(
    "inborough_decisions_resumed", "Interrupted decisions that were gone on with, by the state they reached.", ["state"]
)
decisions_standing = Gauge("inborough_decisions", "Decisions by how they stand, when last counted.", ["state"])
scenario_shards_ended = Counter(
    "inborough_scenario_shards_ended",
    "Shards of scenarios that a worker of this process looked at, by what became of them.",
    ["became"],
)
scenario_shards_standing = Gauge(
    "inborough_scenario_shards", "Shards of scenarios under way by how they stand, when last counted.", ["state"]
)
scenario_wait_seconds = Gauge(
    "inborough_scenario_shard_wait_seconds", "How long the shard that waits longest has been ready; 0: none waits."
)
scenario_workers = Gauge("inborough_scenario_workers", "Worker processes of this process, idle ones too.")
replicate_seconds = Histogram(
    "inborough_scenario_replicate_seconds", "Time that one replicate of a scenario took.", buckets=SECONDS
)
plan_cases = Gauge("inborough_plan_cases", "Cases in the last plan proposed, by what became of them.", ["outcome"])

consultations = Gauge("inborough_consultations", "Consultations without a reply today, by how they stand.", ["state"])


def observe_plan(plan: placement_pb2.PlacementPlan) -> None:
    """Count a plan that was proposed."""
    solve_seconds.observe(plan.solve_seconds)
    options_judged.inc(plan.options_judged)
    for outcome in ("placed", "unplaced", "inmss", "out_of_borough"):
        plan_cases.labels(outcome).set(plan.totals[outcome])


def observe_recommendation(recommendation: placement_pb2.Recommendation) -> None:
    """Count a recommendation that was given."""
    recommendations.labels(recommendation.policy).inc()


def observe_consultations(awaiting_by_due: Mapping[date, int]) -> None:
    """Show how many consultations await their reply, by the day it is due; when one becomes overdue, so does the gauge.

    Of several placement processes each shows what it counted after its own last change.
    """
    consultations.labels("awaiting").set_function(lambda: sum(awaiting_by_due.values()) - _overdue(awaiting_by_due))
    consultations.labels("overdue").set_function(lambda: _overdue(awaiting_by_due))


def _overdue(awaiting_by_due: Mapping[date, int]) -> int:
    today = clock.today()
    return sum(count for due, count in awaiting_by_due.items() if due < today)
