"""Take a decision back and free its place. It stays on the record, with the reason."""

from __future__ import annotations

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from inborough.placement.v1 import decisions_pb2
from services.placement.domain.decisions import WITHDRAWABLE, State
from services.placement.operations.changing import get_unchanged
from services.placement.operations.context import Context
from services.placement.operations.going_on import answer_and_go_on
from services.placement.steps.hands import move_and_tell
from services.placement.storage import decisions
from services.placement.storage.decisions import StoredDecision
from shared.errors import ChangedMeanwhile, InvalidInput, WrongState
from shared.event_log.requests import answer_once
from shared.failpoints import failpoint

Answer = decisions_pb2.WithdrawDecisionResponse
READ_AGAIN = "The decision changed this moment. Read it again: `inborough decisions show`."


def withdraw_decision(context: Context, request: decisions_pb2.WithdrawDecisionRequest) -> Answer:
    """Begin to take a decision back, and go on as far as can be at once.

    Raises NotFound, InvalidInput, WrongState, ChangedMeanwhile and AlreadyExists, as the proto says.
    """
    if not request.reason.strip():
        raise InvalidInput("reason", "say why the decision is taken back; the record will show it")

    def begin() -> None:
        try:
            answer_once(context.engine, request, Answer, lambda connection: _begin(connection, request))
        except IntegrityError:  # another decision about the case came to be in hand this moment
            raise ChangedMeanwhile(READ_AGAIN) from None
        if __debug__:
            failpoint("placement.withdrawing.after_commit")

    return answer_and_go_on(context, request, Answer, request.decision_id, begin)


def _begin(connection: Connection, request: decisions_pb2.WithdrawDecisionRequest) -> Answer:
    decision = get_unchanged(connection, request.decision_id, request.etag)
    _check_can_be_withdrawn(connection, decision)
    values = {"withdrawn_because": request.reason}
    if not move_and_tell(connection, decision, WITHDRAWABLE, State.WITHDRAWING, "decision_withdrawing", **values):
        raise ChangedMeanwhile(READ_AGAIN)
    return Answer()


def _check_can_be_withdrawn(connection: Connection, decision: StoredDecision) -> None:
    """It is in hand, or put off, or a refusal: and no later decision about the case is in hand."""
    if decision.state in (State.NAMING, State.NAMED):
        raise WrongState("The place is named already. A change of it is a new decision, when one is due.")
    if decision.state not in WITHDRAWABLE:
        raise WrongState(f"The decision is {decision.state.in_words} already; nothing is left of it.")
    if decision.state in (State.DEFERRED, State.REFUSED) and decisions.has_live_decision(connection, decision.case_id):
        raise WrongState("A later decision about the case is in hand. Withdraw that one first.")
