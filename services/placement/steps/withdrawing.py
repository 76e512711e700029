"""From withdrawing, and after an end that left something: the place is given back and grounds are taken back."""

from __future__ import annotations

from inborough.provision.v1 import provision_pb2
from services.placement.domain.decisions import State
from services.placement.steps.hands import Hands, move_and_tell, step_request_id
from services.placement.steps.offering import NOT_TO_BE_HAD, ask_for_ground, ask_for_place
from services.placement.storage import decisions
from services.placement.storage.decisions import StoredDecision
from shared.database import writing
from shared.errors import NotFound, WrongState
from shared.failpoints import failpoint

ENDED = (State.NOT_OFFERED, State.EXPIRED, State.WITHDRAWN)
WITHDRAWN, MISTAKEN = "withdrawn", "mistaken"
"""Why a place is given back, as codes: the decision was withdrawn, or the offer came after it had ended."""


def take_back(hands: Hands, decision: StoredDecision) -> None:
    """Give the place back, take the grounds back, and end."""
    offer_id = decision.offer_id or _offer_under_way(hands, decision)
    if offer_id:
        _release(hands, decision, offer_id, WITHDRAWN)
    _take_grounds_back(hands, decision)
    values = {"offer_id": offer_id} if offer_id else {}
    with writing(hands.engine) as connection:
        move_and_tell(connection, decision, [State.WITHDRAWING], State.WITHDRAWN, "decision_withdrawn", **values)


def undo(hands: Hands, decision: StoredDecision) -> None:
    """Take back what an ended decision left: its grounds, and an offer that was made when it had ended already."""
    if decision.offer_id and decision.state != State.EXPIRED:
        _release(hands, decision, decision.offer_id, MISTAKEN)
    _take_grounds_back(hands, decision)
    with writing(hands.engine) as connection:
        decisions.set_values(connection, decision.decision_id, ENDED, undo_due=False)


def _offer_under_way(hands: Hands, decision: StoredDecision) -> str:
    """The offer of a decision withdrawn while its place was being asked for; "" for none.

    Asking again with the same request settles it: the same offer comes back, or there is none to have. Should a call
    that is still under way make one later, provision's log tells of it and it is given back then.
    """
    if not decision.gives_place:
        return ""
    try:
        return str(ask_for_place(hands, decision).offer_id)
    except NOT_TO_BE_HAD:
        return ""


def _release(hands: Hands, decision: StoredDecision, offer_id: str, reason_code: str) -> None:
    """Give a place back. One that is gone already, or became a placement, is left as it is."""
    request = provision_pb2.ReleasePlaceRequest(
        request_id=step_request_id(decision.decision_id, f"release {offer_id} {reason_code}"),
        offer_id=offer_id,
        reason_code=reason_code,
    )
    try:
        hands.neighbours.release_place(request)
    except (NotFound, WrongState):
        return
    if __debug__:
        failpoint("placement.release.after_call")


def _take_grounds_back(hands: Hands, decision: StoredDecision) -> None:
    for urn in decision.refused_urns:
        ask_for_ground(hands, decision, urn, "", f"ground back {urn}")
