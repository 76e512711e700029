"""From requested: grounds are written down with caseload, then provision is asked to hold the place."""

from __future__ import annotations

from inborough.caseload.v1 import caseload_pb2
from inborough.provision.v1 import provision_pb2
from services.placement.domain.decisions import State
from services.placement.steps.hands import Hands, move_and_tell, step_request_id
from services.placement.storage.decisions import StoredDecision
from shared import days
from shared.database import writing
from shared.errors import AlreadyExists, InboroughError, InvalidInput, NotFound, WrongState
from shared.failpoints import failpoint
from shared.logs import log

NOT_TO_BE_HAD = (WrongState, AlreadyExists, NotFound, InvalidInput)
"""What provision says when asking again would not help. Anything else is asked again later."""


def carry_out(hands: Hands, decision: StoredDecision) -> None:
    """Write the grounds down, then hold the place, or end a refusal that gives none."""
    record_grounds(hands, decision)
    if not decision.gives_place:
        with writing(hands.engine) as connection:
            move_and_tell(connection, decision, [State.REQUESTED], State.REFUSED, "decision_refused")
        return
    try:
        offer = ask_for_place(hands, decision)
    except NOT_TO_BE_HAD as refusal:
        _not_offered(hands, decision, refusal)
    else:
        _offered(hands, decision, offer)


def record_grounds(hands: Hands, decision: StoredDecision) -> None:
    """Write the ground of each refused request down."""
    for ground in decision.listed_grounds:
        ask_for_ground(hands, decision, ground.urn, ground.code, f"ground {ground.urn}")


def ask_for_ground(hands: Hands, decision: StoredDecision, urn: int, code: str, step: str) -> None:
    """Ask caseload to write a ground down ("" takes it back). For a request that is no longer on file, nothing is."""
    request = caseload_pb2.RecordGroundRequest(
        request_id=step_request_id(decision.decision_id, step),
        case_id=decision.case_id,
        urn=urn,
        ground=code,
        decision_id=decision.decision_id,
    )
    try:
        hands.neighbours.record_ground(request)
    except NotFound as error:
        log("ground_not_recorded", "warning", decision_id=decision.decision_id, error_type=type(error).__name__)


def ask_for_place(hands: Hands, decision: StoredDecision) -> provision_pb2.Offer:
    """Ask provision to hold the place: the same request whenever it is asked, so the same offer."""
    request = provision_pb2.OfferPlaceRequest(
        request_id=step_request_id(decision.decision_id, "offer"),
        case_id=decision.case_id,
        pool_id=decision.pool_id,
        first_day=days.to_wire(decision.first_day),
        last_day=days.to_wire(decision.last_day) if decision.last_day else None,
        decision_id=decision.decision_id,
        over_number=decision.over_number,
        gives_up_place=decision.gives_up_place,
    )
    if __debug__:
        failpoint("placement.offer.before_call")
    offer = hands.neighbours.offer_place(request)
    if __debug__:
        failpoint("placement.offer.after_call")
    return offer


def _offered(hands: Hands, decision: StoredDecision, offer: provision_pb2.Offer) -> None:
    values = {
        "offer_id": offer.offer_id,
        "offer_expires_on": days.from_wire(offer.expires_on, "expires_on"),
        "over_number": offer.over_number,  # asked for, and found to be needed
    }
    with writing(hands.engine) as connection:
        move_and_tell(connection, decision, [State.REQUESTED], State.OFFERED, "decision_offered", **values)
        if __debug__:
            failpoint("placement.offered.before_commit")
    if __debug__:
        failpoint("placement.offered.after_commit")


def _not_offered(hands: Hands, decision: StoredDecision, refusal: InboroughError) -> None:
    """The panel decides again, and of everything: the grounds that this decision wrote down are taken back."""
    values = {"not_offered_because": refusal.message, "undo_due": bool(decision.refused_urns)}
    with writing(hands.engine) as connection:
        move_and_tell(connection, decision, [State.REQUESTED], State.NOT_OFFERED, "decision_not_offered", **values)
