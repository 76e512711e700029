"""Read panels: one with its agenda and what each case's papers lack, or a page of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from inborough.caseload.v1 import caseload_pb2
from inborough.placement.v1 import panels_pb2
from services.placement.decision_wire import panel_message
from services.placement.domain.agendas import CasePapers, missing_papers
from services.placement.domain.decisions import DECIDED
from services.placement.operations.context import Context
from services.placement.operations.views import record_view
from services.placement.storage import appeals, consultations, decisions, panels
from services.placement.storage.consultations import StoredConsultation
from services.placement.storage.panels import StoredPanel
from shared.database import reading
from shared.errors import InvalidInput, NotFound

MOST_PANELS = 500
DEFAULT_PANELS = 100


def get_panel(connection: Connection, panel_id: str, *, for_change: bool = False) -> StoredPanel:
    """A panel. Raises NotFound."""
    panel = panels.find_panel(connection, panel_id, for_change=for_change)
    if panel is None:
        raise NotFound("panel", panel_id, "See `inborough panel list`.")
    return panel


def agenda_messages(connection: Connection, panel_id: str) -> list[panels_pb2.AgendaItem]:
    """A panel's cases in order, each with the decision by which the panel dealt with it; without what is missing."""
    latest = {found.case_id: found for found in decisions.list_of_panel(connection, panel_id)}
    dealt_with = {case_id: found.decision_id for case_id, found in latest.items() if found.state in DECIDED}
    return [
        panels_pb2.AgendaItem(
            case_id=item.case_id, decision_id=dealt_with.get(item.case_id, ""), carried_over=item.carried_over
        )
        for item in panels.list_agenda(connection, panel_id)
    ]


def show_panel(context: Context, panel_id: str) -> panels_pb2.Panel:
    """A panel with each case's need, year group and deadline, what its papers lack, what was decided, and whether an
    appeal is under way.

    Raises NotFound, NeighbourDown.
    """
    with reading(context.engine) as connection:
        panel = get_panel(connection, panel_id)
        items = agenda_messages(connection, panel_id)
        attendance = panels.list_attendance(connection, panel_id)
        consulted = {item.case_id: consultations.list_of_case(connection, item.case_id) for item in items}
        appealed = appeals.list_cases_under_appeal(connection, [item.case_id for item in items])
    due = context.neighbours.find_cases_due([item.case_id for item in items]) if items else {}
    for item in items:
        item.appeal_under_way = item.case_id in appealed
        if item.case_id in due:
            _fill(item, due[item.case_id], consulted[item.case_id])
    if items:
        record_view(context, "panel_viewed", [item.case_id for item in items], panel_id=panel_id)
    return panel_message(panel, len(items), items, attendance)


def _fill(item: panels_pb2.AgendaItem, case: caseload_pb2.Case, consulted: Sequence[StoredConsultation]) -> None:
    """Put needs, year group, the deadline and what is missing into an item whose case is due."""
    item.need_codes.extend(need.code for need in case.needs)
    item.year_group = case.year_group
    if case.decision_due.HasField("deadline"):
        item.deadline.CopyFrom(case.decision_due.deadline)
    standing = [found for found in consulted if found.state != consultations.WITHDRAWN]
    s38_3 = caseload_pb2.LEGAL_CLASS_S38_3
    requested = (p.urn for p in case.preferences if p.legal_class == s38_3 and not p.ground_recorded)
    papers = CasePapers(
        has_needs=bool(case.needs),
        has_home=case.HasField("home"),
        has_advice=bool(case.decision_due.advised_kinds),
        requested_urns=frozenset(requested),
        consulted_urns=frozenset(found.urn for found in standing),
        replied_urns=frozenset(found.urn for found in standing if found.reply is not None),
    )
    item.missing.extend(missing_papers(papers))


@dataclass(frozen=True)
class PanelPage:
    """Panels without their agendas, newest day first, and where the next page starts ("" on the last)."""

    panels: list[panels_pb2.Panel]
    next_page_token: str


def list_panels(context: Context, only_open: bool, page_size: int, page_token: str, case_id: str) -> PanelPage:
    """A page of panels. Raises InvalidInput for a page size over 500 or an unknown token."""
    if not 0 <= page_size <= MOST_PANELS:
        raise InvalidInput("page_size", f"must be from 1 to {MOST_PANELS}, or 0 for {DEFAULT_PANELS}")
    most = page_size or DEFAULT_PANELS
    with reading(context.engine) as connection:
        found = panels.list_panels(connection, only_open, most + 1, page_token, case_id)
        if found is None:
            raise InvalidInput("page_token", "was not given by this call; start again without one")
        page = found[:most]
        counts = panels.count_agendas(connection, [panel.panel_id for panel in page])
    messages = [panel_message(panel, counts.get(panel.panel_id, 0)) for panel in page]
    return PanelPage(messages, page[-1].panel_id if len(found) > most else "")
