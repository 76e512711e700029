"""Record what precedes and follows a decision in law: representation, mediation, an appeal. Dates and codes alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection

from inborough.placement.v1 import appeals_pb2, decisions_pb2
from services.placement.appeal_wire import KINDS, OUTCOMES, appeal_facts
from services.placement.decision_wire import decision_message
from services.placement.domain.appeal_rules import Draft, find_breach
from services.placement.domain.appeals import Step
from services.placement.operations.changing import get_unchanged
from services.placement.operations.context import Context
from services.placement.steps.hands import actor, get_decision
from services.placement.storage import appeals, decisions
from services.placement.storage.appeals import StoredStep
from services.placement.storage.decisions import StoredDecision
from shared import clock, days
from shared.errors import InvalidInput, WrongState
from shared.event_log import record_event
from shared.event_log.requests import answer_once

Answer = decisions_pb2.RecordAppealStepResponse


def record_appeal_step(
    context: Context, request: decisions_pb2.RecordAppealStepRequest, happened_on: date | None
) -> Answer:
    """Add a step to a decision's representation and appeal, when the rules hold of all of them together.

    Raises NotFound, InvalidInput, WrongState, ChangedMeanwhile and AlreadyExists, as the proto says.
    """
    if request.kind not in KINDS:
        raise InvalidInput("kind", "say what happened, such as draft_sent or appeal_registered")

    def record(connection: Connection) -> Answer:
        decision = get_unchanged(connection, request.decision_id, request.etag, for_change=True)
        before = appeals.list_steps(connection, [decision.decision_id]).get(decision.decision_id, [])
        step = _step(request, happened_on, len(before) + 1)
        _check(decision, before, step)
        stored = _stored(decision.decision_id, step)
        appeals.keep_step(connection, stored)
        decisions.set_values(connection, decision.decision_id, [decision.state])
        changed = get_decision(connection, decision.decision_id)
        answer = Answer(decision=with_appeal(changed, [*before, stored]))
        _tell(connection, decision, step)
        return answer

    return answer_once(context.engine, request, Answer, record)


def with_appeal(decision: StoredDecision, steps: Sequence[StoredStep]) -> decisions_pb2.Decision:
    """A decision as it stands today, with its facts of representation and appeal."""
    message = decision_message(decision)
    message.appeal.CopyFrom(appeal_facts(steps, decision.appeal_letter_on, clock.today()))
    return message


def _step(request: decisions_pb2.RecordAppealStepRequest, happened_on: date | None, number: int) -> Step:
    outcome = OUTCOMES.get(request.outcome)
    if outcome is None and request.outcome != appeals_pb2.APPEAL_OUTCOME_UNSPECIFIED:
        raise InvalidInput("outcome", "must be withdrawn, conceded, dismissed, upheld in part or upheld")
    return Step(number, KINDS[request.kind], happened_on, outcome, request.reference, request.replaces)


def _check(decision: StoredDecision, before: Sequence[StoredStep], step: Step) -> None:
    """Raises InvalidInput for a field to mend, WrongState where something else comes first."""
    kept = tuple(each.step for each in before)
    breach = find_breach(Draft(step, kept, decision.state, decision.decided_day, clock.today()))
    if breach is not None:
        raise InvalidInput(breach.field, breach.why) if breach.field else WrongState(breach.why)


def _stored(decision_id: str, step: Step) -> StoredStep:
    return StoredStep(
        decision_id=decision_id,
        number=step.number,
        kind=step.kind,
        happened_on=step.happened_on,
        outcome=step.outcome or "",
        reference=step.reference,
        replaces=step.replaces,
        recorded_by=actor(),
        recorded_at_utc=days.now_utc(),
    )


def _tell(connection: Connection, decision: StoredDecision, step: Step) -> None:
    """Write the event, without the Tribunal's number, by which others could find the family."""
    record_event(
        connection,
        "appeal_step_recorded",
        case_ids=[decision.case_id],
        decision_id=decision.decision_id,
        step=step.kind,
        step_number=step.number,
        happened_on=step.happened_on,
        outcome=step.outcome,
        replaces=step.replaces or None,
    )
