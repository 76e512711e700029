"""Recommend options for a case. Advice only: the software never decides."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from inborough.caseload.v1 import caseload_pb2
from inborough.cost.v1 import cost_pb2
from inborough.placement.v1 import placement_pb2
from services.placement import option_wire
from services.placement.model.ranking import CaseOptions
from services.placement.model.rules import FAILS, RULES_VERSION
from services.placement.operations.case_options import options_of_due_case, options_of_other_case
from services.placement.operations.context import Context, StandingPlan, get_policy
from services.placement.operations.leaving_out import Question, check_left_out, left_out_settings
from services.placement.operations.pair_flags import flags_of_case
from services.placement.operations.views import record_view
from services.placement.recommendation_wire import GivenRecommendation, give_recommendation
from services.placement.refused_wire import refused_options
from services.placement.storage import repository
from shared import days
from shared.database import reading, writing
from shared.errors import InboroughError, InvalidInput, NotFound, WrongState
from shared.event_log import record_event

DEFAULT_TOP = 5
NEAREST_TOLD = 5
MOST_OPTIONS = 50


def recommend_options(
    context: Context,
    case_id: str,
    first_day: date | None,
    top: int,
    policy_name: str,
    excluded_urns: Sequence[int] = (),
) -> GivenRecommendation:
    """Rank the places that could meet a case's needs, and keep the recommendation with its facts.

    `excluded_urns` are settings that a what-if leaves out. Raises InvalidInput (a field out of range, a setting left
    out that is not on file), NotFound (case, policy), WrongState (nothing to rank on, a plan that has ceased, no
    decision due and no day given), NeighbourDown.
    """
    if not 0 <= top <= MOST_OPTIONS:
        raise InvalidInput("top", f"must be from 1 to {MOST_OPTIONS}, or 0 for {DEFAULT_TOP}")
    question = Question(case_id, top or DEFAULT_TOP, check_left_out(excluded_urns))
    policy = get_policy(policy_name)
    day = first_day or context.first_day_known(case_id) or _first_day_due(context, case_id)
    asked = context.ask_standing_plan(day, policy)
    known = context.find_standing_plan(day, policy)
    advice = _tentative_advice(context, known, question) if known else None
    standing = asked.result()
    if advice is None or standing is not known:
        advice = _advice(context, standing, question)
    if advice.cost_revision != standing.quoted.revision:
        standing = context.standing_plan(day, policy, cost_revision=advice.cost_revision)
        advice = _advice(context, standing, question)
    _keep(context, standing, advice)
    return advice.given


def get_recommendation(context: Context, recommendation_id: str) -> placement_pb2.Recommendation:
    """A recommendation as it was given. Raises NotFound."""
    with reading(context.engine) as connection:
        content = repository.find_recommendation(connection, recommendation_id)
    if content is None:
        raise NotFound("recommendation", recommendation_id)
    recommendation = placement_pb2.Recommendation.FromString(content)
    record_view(
        context, "recommendation_viewed", [recommendation.case_id], recommendation_id=recommendation.recommendation_id
    )
    return recommendation


def _first_day_due(context: Context, case_id: str) -> date:
    case = context.neighbours.get_case(case_id)
    if case.stage == caseload_pb2.CASE_STAGE_CEASED:
        raise WrongState("This case's plan has ceased; there is nothing to recommend.")
    if not case.HasField("decision_due"):
        raise WrongState("No decision is due for this case. Give a first day (--first-day) to see them all the same.")
    return days.from_wire(case.decision_due.first_day, "first_day")


class _Ranked:
    """A case's options with those chosen to be shown: the best, and whatever the family asked for and is not left out.

    `shown` holds (rank, option row); `barred` the pool rows of requested settings where some rule fails, one a setting.
    """

    def __init__(self, options: CaseOptions, question: Question) -> None:
        self.options = options
        order = list(enumerate(options.best_first(), start=1))
        requested = set(options.requested_rows())
        self.best = order[0][1] if order else -1
        self.shown = [(rank, row) for rank, row in order if rank <= question.top or row in requested]
        self.not_shown = len(order) - len(self.shown)
        self.barred = self._barred_requests(question.left_out)

    def _barred_requests(self, left_out: Collection[int]) -> list[int]:
        judgement, open_pools = self.options.judgement, set(self.options.pool.tolist())
        asked = [request.urn for request in self.options.case.requests if request.urn not in left_out]
        places = [judgement.pools_at(urn) for urn in asked]
        return [
            min(pools, key=lambda pool: (self._failures(pool), pool))
            for pools in places
            if pools and not open_pools.intersection(pools)
        ]

    def _failures(self, pool: int) -> int:
        verdicts = self.options.judgement.verdicts(self.options.case_row, pool)
        return sum(verdict.judged.outcome == FAILS for verdict in verdicts)

    def pool_rows(self) -> list[int]:
        """Pool rows to be shown and priced, in order."""
        return [int(self.options.pool[row]) for _, row in self.shown] + self.barred

    def nearest_rows(self) -> list[int]:
        """Pool rows priced beside those, though not shown: the nearest that would do, in the light of which travel is
        owed or may be left to a family.
        """
        shown = set(self.pool_rows())
        rows = [int(self.options.pool[row]) for row in self.options.nearest_settled()]
        return [row for row in rows if row not in shown][:NEAREST_TOLD]


@dataclass(frozen=True)
class _Advice:
    """A recommendation on a standing plan, the revision at which cost priced its options, and its case's etag."""

    given: GivenRecommendation
    cost_revision: str
    case_etag: str


def _tentative_advice(context: Context, standing: StandingPlan, question: Question) -> _Advice | None:
    """Advice on a plan that may no longer stand, made while that is being asked; None where it cannot be made."""
    try:
        return _advice(context, standing, question)
    except InboroughError:
        return None


def _advice(context: Context, standing: StandingPlan, question: Question) -> _Advice:
    message, ranked, quoted = _ranked_and_quoted(context, standing, question)
    return _Advice(_recommendation(context, standing, question, ranked, quoted), quoted.revision, message.etag)


def _ranked_and_quoted(
    context: Context, standing: StandingPlan, question: Question
) -> tuple[caseload_pb2.Case, _Ranked, cost_pb2.QuoteOptionsResponse]:
    facts, case_id = standing.gathered.facts, question.case_id
    if case_id in facts.case_rows:
        message = standing.gathered.cases[facts.case_rows[case_id]]
        options = options_of_due_case(standing, case_id, question.left_out)
    else:
        message = _living_case(context, case_id, facts.first_day)
        options = options_of_other_case(context, standing, message, question.left_out)
    ranked = _Ranked(options, question)
    rows = ranked.pool_rows() + ranked.nearest_rows()
    pairs = np.arange(len(rows), dtype=np.int32)
    flags = flags_of_case(options.judgement, options.case_row)[rows].tobytes()
    quoted = context.neighbours.quote(
        standing.gathered, [message], rows, np.zeros_like(pairs), pairs, include_lines=True, pair_flags=flags
    )
    return message, ranked, quoted


def _living_case(context: Context, case_id: str, on_day: date) -> caseload_pb2.Case:
    case = context.neighbours.get_case(case_id, on_day)
    if case.stage == caseload_pb2.CASE_STAGE_CEASED:
        raise WrongState("This case's plan has ceased; there is nothing to recommend.")
    return case


def _recommendation(
    context: Context,
    standing: StandingPlan,
    question: Question,
    ranked: _Ranked,
    quoted: cost_pb2.QuoteOptionsResponse,
) -> GivenRecommendation:
    options, facts = ranked.options, standing.gathered.facts
    before = placement_pb2.Recommendation(
        case_id=options.case.case_id,
        first_day=days.to_wire(facts.first_day),
        as_of_time=facts.as_of_time,
        rules_version=RULES_VERSION,
        policy=standing.priced.policy.label,
    )
    _add_shown_options(before, standing, ranked, option_wire.QuotedLines(quoted))
    before.options.extend(_requests_without_pool(context, options, question))
    after = placement_pb2.Recommendation(
        facts_hash=standing.facts_hash,
        options_not_shown=ranked.not_shown,
        travel_method=option_wire.travel_method(quoted),
        left_out=left_out_settings(context, options, question.left_out),
    )
    return give_recommendation(before, refused_options(options, ranked.barred), after)


def _add_shown_options(
    recommendation: placement_pb2.Recommendation,
    standing: StandingPlan,
    ranked: _Ranked,
    lines: option_wire.QuotedLines,
) -> None:
    """Ranked options, then requested ones that some rule fails; pair i of the prices is the i-th of them."""
    for at, (rank, row) in enumerate(ranked.shown):
        option = recommendation.options.add(rank=rank)
        option_wire.fill_ranked(option, ranked.options, row, standing.priced.policy, lines, at)
        option.level_with_best = row != ranked.best and ranked.options.are_level(row, ranked.best)
    for at, pool in enumerate(ranked.barred, start=len(ranked.shown)):
        option_wire.fill_barred(recommendation.options.add(), ranked.options, pool, lines, at)


def _requests_without_pool(context: Context, options: CaseOptions, question: Question) -> list[placement_pb2.Option]:
    """Requested settings that have no place pool on file: still among the options, with what is missing said."""
    asked = (request for request in options.case.requests if request.urn not in question.left_out)
    missing = {request.urn: request for request in asked if not options.judgement.pools_at(request.urn)}
    return [option_wire.option_without_pool(r, context.neighbours.find_setting(r.urn)) for r in missing.values()]


def _keep(context: Context, standing: StandingPlan, advice: _Advice) -> None:
    given = advice.given
    stored = repository.StoredRecommendation(
        recommendation_id=given.recommendation_id,
        case_id=given.beginning.case_id,
        first_day=standing.gathered.facts.first_day,
        facts_hash=standing.facts_hash,
        given_at_utc=days.now_utc(),
        content=given.content,
        case_etag=advice.case_etag,
    )
    try:
        with writing(context.engine) as connection:
            repository.keep_recommendation(connection, stored)
            _record_ranked(connection, given, stored.first_day)
    except IntegrityError:  # the first on these facts: they are not kept yet
        with writing(context.engine) as connection:
            repository.keep_facts(connection, standing.facts_hash, standing.facts_content)
            repository.keep_recommendation(connection, stored)
            _record_ranked(connection, given, stored.first_day)


def _record_ranked(connection: Connection, given: GivenRecommendation, first_day: date) -> None:
    """Also when the same answer is given again: each time a person is shown it."""
    record_event(
        connection,
        "options_ranked",
        case_ids=[given.beginning.case_id],
        recommendation_id=given.recommendation_id,
        first_day=first_day,
        policy=given.beginning.policy,
        rules_version=given.beginning.rules_version,
    )
