"""Take a decision as far as it goes by itself, now or after an interruption."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from services.placement.domain.decisions import State
from services.placement.metrics import decisions_resumed
from services.placement.steps import naming, offering, withdrawing
from services.placement.steps.hands import ITSELF, Hands, get_decision
from services.placement.storage import decisions
from services.placement.storage.decisions import StoredDecision
from shared.database import reading
from shared.days import now_utc
from shared.errors import InboroughError, NeighbourDown
from shared.identity import NOBODY, SERVICE, Identity, acting_as, current
from shared.logs import log

MOST_STEPS = 8
WAIT_SECONDS = 5
"""How long a decision rests before the events process goes on with it, so as not to race the call that is at it."""
Step = Callable[[Hands, StoredDecision], None]


def find_step(decision: StoredDecision) -> Step | None:
    """What is to be done next without anybody's word; None when it waits for people or has ended."""
    steps: dict[State, Step] = {
        State.REQUESTED: offering.carry_out,
        State.NAMING: naming.name,
        State.WITHDRAWING: withdrawing.take_back,
    }
    has_left_something = decision.undo_due and decision.state in withdrawing.ENDED
    return withdrawing.undo if has_left_something else steps.get(decision.state)


def follow(hands: Hands, decision_id: str) -> StoredDecision:
    """Do every step that can be done; the decision as it stands then. Raises NeighbourDown if one does not answer."""
    decision = _read(hands, decision_id)
    for _ in range(MOST_STEPS):
        step = find_step(decision)
        if step is None:
            break
        step(hands, decision)
        decision = _read(hands, decision_id)
    return decision


def follow_now(hands: Hands, decision_id: str) -> StoredDecision:
    """`follow`, for the call in hand: what cannot be done now is left to the events process, and logged."""
    try:
        return follow(hands, decision_id)
    except InboroughError as error:
        log("decision_left_half_done", "warning", decision_id=decision_id, error_type=type(error).__name__)
        return _read(hands, decision_id)


def undo_what_is_left(hands: Hands, case_id: str) -> None:
    """Finish what ended decisions about a case left, before it is decided again. Raises NeighbourDown."""
    with reading(hands.engine) as connection:
        waiting = decisions.list_undo_due(connection, case_id)
    for decision_id in waiting:
        follow(hands, decision_id)


def resume_half_done(hands: Hands, wait_seconds: float = WAIT_SECONDS) -> int:
    """Go on with every decision that has waited for a step this long; how many were taken further.

    A decision that cannot be gone on with is logged, and the others are gone on with all the same.
    """
    with reading(hands.engine) as connection:
        waiting = decisions.list_half_done(connection, now_utc() - timedelta(seconds=wait_seconds))
    with acting_as(Identity(ITSELF, frozenset({SERVICE})) if current() is NOBODY else current()):
        return sum(_resume(hands, decision_id) for decision_id in waiting)


def _resume(hands: Hands, decision_id: str) -> bool:
    try:
        decision = follow(hands, decision_id)
    except Exception as error:
        level = "warning" if isinstance(error, NeighbourDown) else "error"
        log("decision_not_resumed", level, decision_id=decision_id, error_type=type(error).__name__)
        return False
    decisions_resumed.labels(decision.state).inc()
    log("decision_resumed", decision_id=decision_id)
    return True


def _read(hands: Hands, decision_id: str) -> StoredDecision:
    with reading(hands.engine) as connection:
        return get_decision(connection, decision_id)
