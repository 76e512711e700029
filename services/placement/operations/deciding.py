"""Record a panel's decision. Once it is recorded it is never lost, whatever then happens to any process."""

from __future__ import annotations

from sqlalchemy import Connection

from inborough.placement.v1 import decisions_pb2
from services.placement.metrics import decisions_reached
from services.placement.operations.context import Context
from services.placement.operations.going_on import answer_and_go_on
from services.placement.operations.preparing import Prepared, prepare
from services.placement.steps.follow import undo_what_is_left
from services.placement.steps.hands import tell
from services.placement.storage import decisions, panels
from shared.errors import InvalidInput, NotAllowed, NotFound, WrongState
from shared.event_log.requests import answer_once, check_request_id
from shared.failpoints import failpoint
from shared.identity import PANEL_CHAIR, current
from shared.ids import content_id

LIVE_ALREADY = (
    "The case has a decision in hand already. See `inborough decisions list`; withdraw that one, or name its place."
)


def record_decision(
    context: Context, request: decisions_pb2.RecordDecisionRequest
) -> decisions_pb2.RecordDecisionResponse:
    """Record what people decided, and ask for the place that it gives.

    Raises InvalidInput, NotFound, WrongState, ChangedMeanwhile, AlreadyExists, NotAllowed and NeighbourDown as the
    proto says; then nothing is recorded. A neighbour that goes down afterwards leaves the decision REQUESTED.
    """
    decision_id = content_id("dec", check_request_id(request))
    _check_who_decides(request)

    def begin() -> None:
        undo_what_is_left(context, request.case_id)
        prepared = prepare(context, request, decision_id)
        answer_once(
            context.engine,
            request,
            decisions_pb2.RecordDecisionResponse,
            lambda connection: _keep(connection, prepared),
        )
        if __debug__:
            failpoint("placement.decision.after_commit")

    return answer_and_go_on(context, request, decisions_pb2.RecordDecisionResponse, decision_id, begin)


def _check_who_decides(request: decisions_pb2.RecordDecisionRequest) -> None:
    """A panel decides at its meeting; outside one only a chair, who says why it could not wait."""
    if request.panel_id and request.urgency:
        raise InvalidInput("urgency", "leave it out: a panel decided")
    if request.panel_id:
        return
    if PANEL_CHAIR not in current().roles:
        raise NotAllowed("Only a panel chair decides outside a panel. Name the panel that decided.")
    if not request.urgency.strip():
        raise InvalidInput("urgency", "say why it could not wait for a panel, or name the panel that decided")


def _keep(connection: Connection, prepared: Prepared) -> decisions_pb2.RecordDecisionResponse:
    """In one transaction: the panel still decides, the case has no decision in hand, and the decision is kept."""
    decision = prepared.decision
    if decision.panel_id:
        _check_panel(connection, decision.panel_id, decision.case_id)
    if decisions.has_live_decision(connection, decision.case_id):
        raise WrongState(LIVE_ALREADY)
    if not decisions.keep_decision(connection, decision, prepared.record):
        raise WrongState(LIVE_ALREADY)  # another one came between
    tell(connection, decision, "decision_recorded")
    decisions_reached.labels(decision.state).inc()
    if __debug__:
        failpoint("placement.decision.before_commit")
    return decisions_pb2.RecordDecisionResponse()


def _check_panel(connection: Connection, panel_id: str, case_id: str) -> None:
    panel = panels.find_panel(connection, panel_id, for_change=True)
    if panel is None:
        raise NotFound("panel", panel_id, "See `inborough panel list`.")
    if not panel.is_open:
        raise WrongState("The panel is closed and signed. Decide at another: `inborough panel open`.")
    if case_id not in {item.case_id for item in panels.list_agenda(connection, panel_id)}:
        raise WrongState("The case is not on this panel's agenda. Put it there first: `inborough panel add`.")
