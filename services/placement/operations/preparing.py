"""Make a decision ready to be kept: the facts as they are today, the rules, and the whole record behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from inborough.caseload.v1 import caseload_pb2
from inborough.placement.v1 import consultations_pb2, decisions_pb2, placement_pb2
from inborough.provision.v1 import provision_pb2
from services.placement import facts_wire
from services.placement.decision_wire import KINDS
from services.placement.domain import deciding
from services.placement.domain.decisions import Ground, Kind, State, grounds_as_text, last_day_in_pool, part_of_kind
from services.placement.gather import Gathered
from services.placement.model.facts import CaseFacts, PlacementFacts
from services.placement.model.judge import Judgement
from services.placement.model.rules import FAILS
from services.placement.operations.consultations import list_of_case
from services.placement.operations.context import Context
from services.placement.operations.papers import Seen, build_record
from services.placement.operations.same_facts import check_same_facts, get_advice
from services.placement.steps.hands import actor
from services.placement.storage.decisions import StoredDecision
from shared import clock, days
from shared.errors import InvalidInput, NotFound, WrongState


@dataclass(frozen=True)
class Prepared:
    """A decision with its record, serialised."""

    decision: StoredDecision
    record: bytes


def prepare(context: Context, request: decisions_pb2.RecordDecisionRequest, decision_id: str) -> Prepared:
    """The decision that a request asks for, when every rule holds.

    Raises NotFound, InvalidInput, WrongState, ChangedMeanwhile and NeighbourDown, as RecordDecision says.
    """
    seen = _see(context, request)
    draft = _draft(request)
    breach = deciding.find_breach(draft, _rule_facts(seen))
    if breach is not None:
        raise InvalidInput(breach.field, breach.why) if breach.field else WrongState(breach.why)
    decision = _decision(request, decision_id, draft, seen)
    return Prepared(decision, build_record(request, seen, draft.pool_id).SerializeToString(deterministic=True))


def _see(context: Context, request: decisions_pb2.RecordDecisionRequest) -> Seen:
    advice = get_advice(context, request.recommendation_id)
    recommendation = advice.recommendation
    if recommendation.case_id != request.case_id:
        raise InvalidInput("recommendation_id", "is a recommendation for another case")
    first_day = days.from_wire(recommendation.first_day, "first_day")
    case = context.neighbours.get_case(request.case_id, first_day)
    check_same_facts(context, advice, case, request.case_etag)
    gathered = context.gather(first_day)
    facts = facts_wire.case_facts(case, facts_wire.pools_at_urn(gathered.pools))
    pool, chosen = _choice(gathered, facts, recommendation, request.pool_id) if request.pool_id else (None, None)
    return Seen(case, facts, recommendation, gathered, list_of_case(context, request.case_id), pool, chosen)


def _choice(
    gathered: Gathered, case: CaseFacts, recommendation: placement_pb2.Recommendation, pool_id: str
) -> tuple[provision_pb2.PlacePool, deciding.Chosen]:
    """The pool chosen as it is today, with its rank and the rules that fail."""
    row = next((row for row, pool in enumerate(gathered.pools) if pool.pool_id == pool_id), None)
    if row is None:
        raise NotFound("such place pool", "on file", "See `inborough pools`.")
    pool = gathered.pools[row]
    option = next((option for option in recommendation.options if option.pool_id == pool_id), placement_pb2.Option())
    chosen = deciding.Chosen(
        pool_id=pool_id,
        urn=pool.setting.urn,
        kind=pool.kind,
        rank=option.rank,
        level_with_best=option.level_with_best,
        failing=_failing(gathered, case, row),
    )
    return pool, chosen


def _failing(gathered: Gathered, case: CaseFacts, pool_row: int) -> tuple[str, ...]:
    """Codes of the rules that fail for a case in a pool, as facts stand."""
    facts = gathered.facts
    alone = PlacementFacts(facts.first_day, (case,), (facts.pools[pool_row],))
    return tuple(v.rule for v in Judgement(alone).verdicts(0, 0) if v.judged.outcome == FAILS)


def _draft(request: decisions_pb2.RecordDecisionRequest) -> deciding.Draft:
    deferred = request.HasField("deferred_until")
    return deciding.Draft(
        kind=KINDS[request.kind],
        today=clock.today(),
        pool_id=request.pool_id,
        over_number=request.over_number,
        reason=request.reason,
        refusals=tuple(
            deciding.Refused(refused.urn, refused.ground, refused.evidence, refused.not_consulted_because)
            for refused in request.refusals
        ),
        section_33_steps=request.section_33_steps,
        deferred_until=days.from_wire(request.deferred_until, "deferred_until") if deferred else None,
    )


def _rule_facts(seen: Seen) -> deciding.Facts:
    withdrawn = consultations_pb2.CONSULTATION_STATE_WITHDRAWN
    return deciding.Facts(
        requests=tuple(
            deciding.Asked(request.urn, request.rank, request.ground)
            for request in seen.facts.requests
            if request.s38_3
        ),
        chosen=seen.chosen,
        consulted_urns=frozenset(found.urn for found in seen.consultations if found.state != withdrawn),
        is_what_if=bool(seen.recommendation.left_out),
    )


def _decision(
    request: decisions_pb2.RecordDecisionRequest, decision_id: str, draft: deciding.Draft, seen: Seen
) -> StoredDecision:
    now, pool = datetime.now(UTC), seen.pool  # to the microsecond: it says which of two decisions came later
    first_day = seen.gathered.facts.first_day
    return StoredDecision(
        decision_id=decision_id,
        case_id=request.case_id,
        panel_id=request.panel_id,
        recommendation_id=request.recommendation_id,
        kind=draft.kind,
        state=State.DEFERRED if draft.kind == Kind.DEFER else State.REQUESTED,
        pool_id=request.pool_id,
        urn=pool.setting.urn if pool else 0,
        setting_name=pool.setting.name if pool else "",
        part=part_of_kind(pool.kind) if pool else "",
        first_day=first_day,
        last_day=_last_day(seen, first_day),
        gives_up_place=seen.case.decision_due.reason == caseload_pb2.DUE_REASON_PHASE_TRANSFER,
        over_number=draft.over_number,
        rank=seen.chosen.rank if seen.chosen else 0,
        grounds=grounds_as_text([Ground(refused.urn, refused.ground) for refused in draft.refusals]),
        deferred_until=draft.deferred_until,
        decided_by=actor(),
        decided_on=draft.today,
        of_what_if=bool(seen.recommendation.left_out),
        decided_at_utc=now,
        changed_at_utc=now,
    )


def _last_day(seen: Seen, first_day: date) -> date | None:
    pool = seen.pool
    return last_day_in_pool(first_day, seen.case.year_group, pool.year_group_high) if pool else None
