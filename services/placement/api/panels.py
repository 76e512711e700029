"""PanelService. Wire -> operation -> wire, nothing else."""

from __future__ import annotations

import re

import grpc

from inborough.placement.v1 import panels_pb2, panels_pb2_grpc
from services.placement import operations
from services.placement.api.checks import check_id
from services.placement.operations import panels, reading_panels
from shared import days
from shared.errors import InvalidInput

MOST_SEATS = 50
PERSON_SHAPE = re.compile(r"user_[a-z0-9_]{1,60}")
CAPACITY_SHAPE = re.compile(r"[a-z]+(_[a-z]+)*")
LONGEST_CAPACITY = 60


class PanelServicer(panels_pb2_grpc.PanelServiceServicer):
    """Keeps panels and their agendas. See protos/inborough/placement/v1/panels.proto."""

    def __init__(self, context: operations.Context) -> None:
        self._context = context

    def OpenPanel(
        self, request: panels_pb2.OpenPanelRequest, context: grpc.ServicerContext
    ) -> panels_pb2.OpenPanelResponse:
        return panels.open_panel(self._context, request, days.from_wire(request.meets_on, "meets_on"))

    def AddToAgenda(
        self, request: panels_pb2.AddToAgendaRequest, context: grpc.ServicerContext
    ) -> panels_pb2.AddToAgendaResponse:
        check_id(request.panel_id, "panel_id", "panel")
        for case_id in request.case_ids:
            check_id(case_id, "case_ids", "case")
        return panels.add_to_agenda(self._context, request)

    def RemoveFromAgenda(
        self, request: panels_pb2.RemoveFromAgendaRequest, context: grpc.ServicerContext
    ) -> panels_pb2.RemoveFromAgendaResponse:
        check_id(request.panel_id, "panel_id", "panel")
        if not request.case_ids:
            raise InvalidInput("case_ids", "name the cases to take off")
        for case_id in request.case_ids:
            check_id(case_id, "case_ids", "case")
        return panels.remove_from_agenda(self._context, request)

    def ClosePanel(
        self, request: panels_pb2.ClosePanelRequest, context: grpc.ServicerContext
    ) -> panels_pb2.ClosePanelResponse:
        check_id(request.panel_id, "panel_id", "panel")
        for case_id in request.carried_over_case_ids:
            check_id(case_id, "carried_over_case_ids", "case")
        if len(request.attendance) > MOST_SEATS:
            raise InvalidInput("attendance", f"at most {MOST_SEATS}")
        for sat in request.attendance:
            _check_seat(sat)
        return panels.close_panel(self._context, request)

    def GetPanel(
        self, request: panels_pb2.GetPanelRequest, context: grpc.ServicerContext
    ) -> panels_pb2.GetPanelResponse:
        panel = reading_panels.show_panel(self._context, check_id(request.panel_id, "panel_id", "panel"))
        return panels_pb2.GetPanelResponse(panel=panel)

    def ListPanels(
        self, request: panels_pb2.ListPanelsRequest, context: grpc.ServicerContext
    ) -> panels_pb2.ListPanelsResponse:
        case_id = check_id(request.case_id, "case_id", "case") if request.case_id else ""
        page = reading_panels.list_panels(
            self._context, request.only_open, request.page_size, request.page_token, case_id
        )
        return panels_pb2.ListPanelsResponse(panels=page.panels, next_page_token=page.next_page_token)


def _check_seat(sat: panels_pb2.Attendance) -> None:
    """Nobody's name: an id such as user_ann_example, and a capacity in small letters."""
    if not PERSON_SHAPE.fullmatch(sat.user_id):
        raise InvalidInput("attendance", "each user_id is user_ and then small letters, digits or underscores")
    if not CAPACITY_SHAPE.fullmatch(sat.capacity) or len(sat.capacity) > LONGEST_CAPACITY:
        raise InvalidInput("attendance", "each capacity is lower-case words joined by underscores, at most 60 letters")
