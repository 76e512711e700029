"""From naming: provision confirms the offer, caseload places the case, and the decision is named."""

from __future__ import annotations

from inborough.caseload.v1 import caseload_pb2
from inborough.provision.v1 import provision_pb2
from services.placement.domain.decisions import State
from services.placement.steps.hands import Hands, move_and_tell, step_request_id
from services.placement.storage.decisions import StoredDecision
from shared import days
from shared.database import writing
from shared.errors import NotFound, WrongState
from shared.failpoints import failpoint

PARTS = {
    "whole_setting": caseload_pb2.PLACEMENT_PART_WHOLE_SETTING,
    "resource_base": caseload_pb2.PLACEMENT_PART_RESOURCE_BASE,
    "sen_unit": caseload_pb2.PLACEMENT_PART_SEN_UNIT,
}
NO_LONGER_OPEN = "The plan ceased, or the case went, before the place could be named."


def name(hands: Hands, decision: StoredDecision) -> None:
    """Confirm, place and name; a decision whose offer or plan has gone meanwhile ends instead."""
    try:
        _confirm(hands, decision)
    except (WrongState, NotFound):
        _end(hands, decision, State.EXPIRED, "decision_expired", undo_due=bool(decision.refused_urns))
        return
    try:
        _place(hands, decision)
    except (WrongState, NotFound):
        _end(hands, decision, State.WITHDRAWING, "decision_withdrawing", withdrawn_because=NO_LONGER_OPEN)
        return
    with writing(hands.engine) as connection:
        move_and_tell(connection, decision, [State.NAMING], State.NAMED, "decision_named")
        if __debug__:
            failpoint("placement.named.before_commit")


def _confirm(hands: Hands, decision: StoredDecision) -> None:
    request_id = step_request_id(decision.decision_id, "confirm")
    hands.neighbours.confirm_place(provision_pb2.ConfirmPlaceRequest(request_id=request_id, offer_id=decision.offer_id))
    if __debug__:
        failpoint("placement.confirm.after_call")


def _place(hands: Hands, decision: StoredDecision) -> None:
    hands.neighbours.record_placement(
        caseload_pb2.RecordPlacementRequest(
            request_id=step_request_id(decision.decision_id, "place"),
            case_id=decision.case_id,
            urn=decision.urn,
            part=PARTS[decision.part],
            pool_id=decision.pool_id,
            first_day=days.to_wire(decision.first_day),
            decision_id=decision.decision_id,
        )
    )
    if __debug__:
        failpoint("placement.placed.after_call")


def _end(hands: Hands, decision: StoredDecision, after: State, event: str, **values: object) -> None:
    with writing(hands.engine) as connection:
        move_and_tell(connection, decision, [State.NAMING], after, event, **values)
