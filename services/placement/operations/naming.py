"""Name the place that a decision gives in section I of the plan."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from inborough.placement.v1 import decisions_pb2
from services.placement.domain.decisions import State
from services.placement.operations.changing import get_unchanged
from services.placement.operations.context import Context
from services.placement.operations.going_on import answer_and_go_on
from services.placement.steps.hands import get_decision, move_and_tell, tell
from services.placement.storage import decisions, panels
from services.placement.storage.decisions import StoredDecision
from shared import clock, days
from shared.database import reading, writing
from shared.errors import ChangedMeanwhile, InvalidInput, WrongState
from shared.event_log.requests import answer_once
from shared.failpoints import failpoint

Answer = decisions_pb2.NamePlacementResponse


def name_placement(context: Context, request: decisions_pb2.NamePlacementRequest) -> Answer:
    """Begin to name the place, and go on as far as can be at once.

    A decision that is named already takes the day of the appeal letter, once. Raises NotFound, InvalidInput,
    WrongState, ChangedMeanwhile and AlreadyExists, as the proto says.
    """
    letter = (
        days.from_wire(request.appeal_letter_on, "appeal_letter_on") if request.HasField("appeal_letter_on") else None
    )
    if letter is not None and letter > clock.today():
        raise InvalidInput("appeal_letter_on", "must not be after today; leave it out until the letter is sent")

    def begin() -> None:
        _look_for_extension(context, request.decision_id)
        answer_once(context.engine, request, Answer, lambda connection: _begin(connection, request, letter))
        if __debug__:
            failpoint("placement.naming.after_commit")

    return answer_and_go_on(context, request, Answer, request.decision_id, begin)


def _look_for_extension(context: Context, decision_id: str) -> None:
    """Provision knows first of an offer that was extended; its event may be on its way. Raises NeighbourDown."""
    with reading(context.engine) as connection:
        decision = get_decision(connection, decision_id)
    if decision.state != State.OFFERED or not _has_run_out(decision):
        return
    offer = context.neighbours.find_offer(decision.case_id, decision.offer_id)
    if offer is not None and offer.expires_on != days.to_wire(decision.offer_expires_on or date.min):
        with writing(context.engine) as connection:
            expires_on = days.from_wire(offer.expires_on, "expires_on")
            decisions.set_values(connection, decision_id, [State.OFFERED], offer_expires_on=expires_on)


def _has_run_out(decision: StoredDecision) -> bool:
    return decision.offer_expires_on is not None and decision.offer_expires_on < clock.today()


def _begin(connection: Connection, request: decisions_pb2.NamePlacementRequest, letter: date | None) -> Answer:
    decision = get_unchanged(connection, request.decision_id, request.etag)
    if decision.state == State.NAMED and letter is not None and decision.appeal_letter_on is None:
        decisions.set_values(connection, decision.decision_id, [State.NAMED], appeal_letter_on=letter)
        tell(connection, get_decision(connection, decision.decision_id), "appeal_letter_recorded")
        return Answer()
    _check_can_be_named(connection, decision)
    moved = move_and_tell(
        connection, decision, [State.OFFERED], State.NAMING, "decision_naming", appeal_letter_on=letter
    )
    if not moved:
        raise ChangedMeanwhile("The decision changed this moment. Read it again: `inborough decisions show`.")
    if __debug__:
        failpoint("placement.naming.before_commit")
    return Answer()


def _check_can_be_named(connection: Connection, decision: StoredDecision) -> None:
    """A place is held for the child, the offer has not run out, and the panel that decided has signed."""
    if decision.state != State.OFFERED:
        raise WrongState(f"The decision is {decision.state.in_words}: it has no standing offer to name.")
    if _has_run_out(decision):
        raise WrongState(
            "The offer has run out. Extend it (`inborough offers extend`) while it stands, or decide again."
        )
    panel = panels.find_panel(connection, decision.panel_id) if decision.panel_id else None
    if panel is not None and panel.is_open:
        raise WrongState("The panel that decided is not signed off. Close it first: `inborough panel close`.")
