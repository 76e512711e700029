"""The record behind a decision, whole and as it was on the day, for the family, a tribunal and the ombudsman."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from inborough.caseload.v1 import caseload_pb2
from inborough.common.v1 import common_pb2
from inborough.placement.v1 import consultations_pb2, decisions_pb2, placement_pb2
from inborough.provision.v1 import provision_pb2
from services.placement.domain import deciding
from services.placement.domain.records import Compared, why_not
from services.placement.gather import Gathered
from services.placement.model.facts import INMSS_KINDS, CaseFacts
from services.placement.model.rules import RULES

UNSETTLING = frozenset(rule.code for rule in RULES if rule.unsettles)


@dataclass(frozen=True)
class Seen:
    """What a decision is made on."""

    case: caseload_pb2.Case
    facts: CaseFacts
    recommendation: placement_pb2.Recommendation
    gathered: Gathered
    consultations: list[consultations_pb2.Consultation]
    pool: provision_pb2.PlacePool | None
    chosen: deciding.Chosen | None


def build_record(
    request: decisions_pb2.RecordDecisionRequest, seen: Seen, pool_id: str
) -> decisions_pb2.DecisionRecord:
    """What is kept for ever; how the decision and its panel stand is added when it is read."""
    recommendation = seen.recommendation
    shown = {option.pool_id for option in recommendation.options} | {pool_id}
    chosen = find_option(recommendation, pool_id)
    runner_up = find_runner_up(recommendation, pool_id)
    return decisions_pb2.DecisionRecord(
        case=seen.case,
        recommendation=recommendation,
        pools=[_without_others(pool) for pool in seen.gathered.pools if pool.pool_id in shown],
        consultations=seen.consultations,
        reason=request.reason,
        refusals=request.refusals,
        views_of_child=request.views_of_child,
        views_of_parents=request.views_of_parents,
        section_33_steps=request.section_33_steps,
        urgency=request.urgency,
        runner_up=runner_up,
        runner_up_because=_because(pool_id, chosen, runner_up),
        facts_hash=recommendation.facts_hash,
    )


def find_option(recommendation: placement_pb2.Recommendation, pool_id: str) -> placement_pb2.Option | None:
    """The option of a pool, ranked or not; None where it is not among them."""
    return next((option for option in recommendation.options if pool_id and option.pool_id == pool_id), None)


def find_runner_up(recommendation: placement_pb2.Recommendation, pool_id: str) -> placement_pb2.Option | None:
    """The best ranked option that was not chosen."""
    ranked = (option for option in recommendation.options if option.rank and option.pool_id != pool_id)
    return min(ranked, key=lambda option: option.rank, default=None)


def _because(pool_id: str, chosen: placement_pb2.Option | None, runner_up: placement_pb2.Option | None) -> str:
    if runner_up is None:
        return ""
    if pool_id and chosen is None:
        return f"The place chosen was not among the options ranked; {runner_up.setting_name} was the best of them."
    return why_not(_compared(chosen) if chosen else None, _compared(runner_up))


def _compared(option: placement_pb2.Option) -> Compared:
    """An option's own terms, as far as it says them, and its effect on the other children."""
    own = {
        "needs_judgement": int(_needs_judgement(option.verdicts)),
        "inmss_or_out_of_borough": int(option.kind in INMSS_KINDS or not option.in_borough),
        "annual_cost_pence": option.annual_budget_cost_pence if option.HasField("annual_budget_cost_pence") else None,
        "travel_minutes": option.travel_minutes if option.HasField("travel_minutes") else None,
    }
    others = dict(option.knock_on.terms) if option.HasField("knock_on") else None
    return Compared(option.setting_name, {name: value for name, value in own.items() if value is not None}, others)


def _needs_judgement(verdicts: Collection[common_pb2.Verdict]) -> bool:
    return any(v.rule in UNSETTLING and v.outcome == common_pb2.OUTCOME_NEEDS_JUDGEMENT for v in verdicts)


def _without_others(pool: provision_pb2.PlacePool) -> provision_pb2.PlacePool:
    """A pool with its numbers, and without the ids of the other children who hold or are offered its places."""
    kept = provision_pb2.PlacePool()
    kept.CopyFrom(pool)
    kept.ClearField("held_by")
    kept.ClearField("offered_to")
    return kept
