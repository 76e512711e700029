"""Open a panel, set its agenda, and close it with who sat and the chair's signature."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeVar

from google.protobuf.message import Message
from sqlalchemy import Connection

from inborough.placement.v1 import panels_pb2
from services.placement.decision_wire import panel_message
from services.placement.domain.agendas import MOST_CASES, left_behind
from services.placement.operations.context import Context
from services.placement.operations.reading_panels import agenda_messages, get_panel
from services.placement.steps.hands import actor
from services.placement.storage import decisions, panels
from services.placement.storage.panels import StoredAttendance, StoredPanel
from shared.database import reading
from shared.errors import ChangedMeanwhile, InvalidInput, WrongState
from shared.event_log import record_event
from shared.event_log.requests import answer_once, find_answer
from shared.ids import content_id

AnswerT = TypeVar("AnswerT", bound=Message)


def open_panel(context: Context, request: panels_pb2.OpenPanelRequest, meets_on: date) -> panels_pb2.OpenPanelResponse:
    """Open a panel for a day, with an empty agenda. Raises AlreadyExists."""

    def begin(connection: Connection) -> panels_pb2.OpenPanelResponse:
        panel = panels.open_panel(connection, content_id("panel", request.request_id), meets_on, actor())
        record_event(connection, "panel_opened", panel_id=panel.panel_id, meets_on=meets_on)
        return panels_pb2.OpenPanelResponse(panel=panel_message(panel, 0))

    return answer_once(context.engine, request, panels_pb2.OpenPanelResponse, begin)


def add_to_agenda(context: Context, request: panels_pb2.AddToAgendaRequest) -> panels_pb2.AddToAgendaResponse:
    """Put cases on the agenda, after those that are there.

    Raises NotFound, WrongState (closed, or nothing is due for a case), ChangedMeanwhile, InvalidInput.
    """
    case_ids = list(dict.fromkeys(request.case_ids))

    def add(connection: Connection) -> panels_pb2.AddToAgendaResponse:
        panel = _open_panel_for_change(connection, request.panel_id, request.etag)
        there = [item.case_id for item in panels.list_agenda(connection, panel.panel_id)]
        if len(set(there) | set(case_ids)) > MOST_CASES:
            raise InvalidInput("case_ids", f"an agenda has at most {MOST_CASES} cases; open another panel")
        added = panels.add_to_agenda(connection, panel.panel_id, case_ids)
        changed = _agenda_changed(connection, panel, added)
        return panels_pb2.AddToAgendaResponse(panel=changed)

    return _once(context, request, panels_pb2.AddToAgendaResponse, add, lambda: _check_all_due(context, case_ids))


def remove_from_agenda(
    context: Context, request: panels_pb2.RemoveFromAgendaRequest
) -> panels_pb2.RemoveFromAgendaResponse:
    """Take cases off the agenda. Raises NotFound, ChangedMeanwhile, WrongState (closed, or a case was decided)."""

    def remove(connection: Connection) -> panels_pb2.RemoveFromAgendaResponse:
        panel = _open_panel_for_change(connection, request.panel_id, request.etag)
        decided = {decision.case_id for decision in decisions.list_of_panel(connection, panel.panel_id)}
        if kept := sorted(decided & set(request.case_ids)):
            raise WrongState(f"This panel has decided {', '.join(kept)}: what it decided stays on its agenda.")
        panels.remove_from_agenda(connection, panel.panel_id, request.case_ids)
        return panels_pb2.RemoveFromAgendaResponse(panel=_agenda_changed(connection, panel, list(request.case_ids)))

    return answer_once(context.engine, request, panels_pb2.RemoveFromAgendaResponse, remove)


def close_panel(context: Context, request: panels_pb2.ClosePanelRequest) -> panels_pb2.ClosePanelResponse:
    """Close a panel: who sat, and the signature of the chair who calls. It is not opened again.

    Raises NotFound, ChangedMeanwhile, InvalidInput, WrongState naming the cases that are left.
    """
    attendance = [StoredAttendance(sat.user_id, sat.capacity) for sat in request.attendance]
    carried_over = list(dict.fromkeys(request.carried_over_case_ids))

    def close(connection: Connection) -> panels_pb2.ClosePanelResponse:
        panel = _open_panel_for_change(connection, request.panel_id, request.etag)
        _check_who_sat(attendance)
        agenda = [item.case_id for item in panels.list_agenda(connection, panel.panel_id)]
        _check_all_dealt_with(connection, panel.panel_id, agenda, carried_over)
        panels.close_panel(connection, panel.panel_id, attendance, carried_over, actor())
        closed = get_panel(connection, panel.panel_id)
        items = agenda_messages(connection, panel.panel_id)
        record_event(
            connection,
            "panel_closed",
            case_ids=agenda,
            panel_id=panel.panel_id,
            attendance=len(attendance),
            carried_over=len(carried_over),
        )
        return panels_pb2.ClosePanelResponse(panel=panel_message(closed, len(agenda), items, attendance))

    return answer_once(context.engine, request, panels_pb2.ClosePanelResponse, close)


def _once(
    context: Context,
    request: panels_pb2.AddToAgendaRequest,
    answer_type: type[AnswerT],
    operation: Callable[[Connection], AnswerT],
    check: Callable[[], None],
) -> AnswerT:
    """`answer_once` for what must ask a neighbour first; a copy is answered without asking."""
    with reading(context.engine) as connection:
        known = find_answer(connection, request, answer_type)
    if known is not None:
        return known
    check()
    return answer_once(context.engine, request, answer_type, operation)


def _check_all_due(context: Context, case_ids: Sequence[str]) -> None:
    if not 0 < len(case_ids) <= MOST_CASES:
        raise InvalidInput("case_ids", f"name from 1 to {MOST_CASES} cases")
    due = context.neighbours.find_cases_due(case_ids)
    for case_id in case_ids:
        if case_id not in due:
            context.neighbours.get_case(case_id)  # raises NotFound for a case that is not there at all
            raise WrongState(f"No decision is due for {case_id}. Import it first: `inborough import due`.")


def _open_panel_for_change(connection: Connection, panel_id: str, etag: str) -> StoredPanel:
    """An open panel that nobody else changes meanwhile. Raises NotFound, WrongState, ChangedMeanwhile."""
    panel = get_panel(connection, panel_id, for_change=True)
    if not panel.is_open:
        raise WrongState("The panel is closed and signed; nothing of it changes any more.")
    if etag and etag != panel.etag:
        cases = panels.count_agendas(connection, [panel_id]).get(panel_id, 0)
        raise ChangedMeanwhile(
            f"The panel's agenda changed since it was read: it has {cases} cases now. Read it again."
        )
    return panel


def _agenda_changed(connection: Connection, panel: StoredPanel, case_ids: Sequence[str]) -> panels_pb2.Panel:
    """Give the panel a new etag and tell of the change, the last write; the panel as it is now."""
    panels.mark_changed(connection, panel.panel_id)
    items = agenda_messages(connection, panel.panel_id)
    changed = get_panel(connection, panel.panel_id)
    record_event(connection, "agenda_changed", case_ids=case_ids, panel_id=panel.panel_id)
    return panel_message(changed, len(items), items)


def _check_who_sat(attendance: Sequence[StoredAttendance]) -> None:
    if not attendance:
        raise WrongState("Nobody is named as having sat. Name everybody who did, the chair included.")
    people = [sat.user_id for sat in attendance]
    if len(set(people)) != len(people):
        raise InvalidInput("attendance", "names somebody twice")
    if actor() not in people:
        raise InvalidInput("attendance", "must name the chair who signs, who is the one that calls")


def _check_all_dealt_with(
    connection: Connection, panel_id: str, agenda: Sequence[str], carried_over: Sequence[str]
) -> None:
    if strangers := sorted(set(carried_over) - set(agenda)):
        raise InvalidInput("carried_over_case_ids", f"not on the agenda: {', '.join(strangers)}")
    latest = {decision.case_id: decision.state for decision in decisions.list_of_panel(connection, panel_id)}
    if left := left_behind(agenda, latest, carried_over):
        raise WrongState(f"Neither decided nor carried over: {', '.join(left)}. Decide them, or carry them over.")
