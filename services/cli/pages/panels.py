"""Panels: one with its agenda, and a list."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table

from inborough.placement.v1 import panels_pb2
from services import words
from services.cli import terminal
from services.cli.pages.paging import more
from services.cli.typed import typed
from services.words import decisions as decision_words
from services.words.cases import agenda_item


def panel_page(panel: panels_pb2.Panel) -> Iterator[RenderableType]:
    """The panel, its agenda with needs, what the papers lack and what was decided, and what to do next."""
    closed = _closed(panel)
    yield terminal.heading(f"{panel.panel_id}, {words.day(panel.meets_on)}: {'closed' if closed else 'open'}")
    if panel.agenda:
        yield _agenda(panel, papers=not closed)
    if closed:
        yield from attendance_lines(panel)
    yield f"\nNext: {_next(panel)}"


def agenda_page(panel: panels_pb2.Panel) -> Iterator[RenderableType]:
    """The agenda just changed, in order; what the papers lack is looked at with `panel show`."""
    many = words.counted(len(panel.agenda), "case is", "cases are")
    yield f"{many} on the agenda of {panel.panel_id} for {words.day(panel.meets_on)}."
    yield from (f"{place}. {item.case_id}" for place, item in enumerate(panel.agenda, start=1))
    yield f"Next: {typed(f'panel show {panel.panel_id}')}"


def _closed(panel: panels_pb2.Panel) -> bool:
    return panel.state == panels_pb2.PANEL_STATE_CLOSED


def _agenda(panel: panels_pb2.Panel, papers: bool) -> Table:
    """`papers`: with what each case's papers lack, while that can still be mended."""
    columns = ("#", "Case", "Decide by", *(("The papers lack",) if papers else ()), "Decided")
    rows = [_item(place, item, papers) for place, item in enumerate(panel.agenda, start=1)]
    return terminal.table(columns, rows, right=("#",), whole=("Case", "Decide by"))


def _item(place: int, item: panels_pb2.AgendaItem, papers: bool) -> tuple[str, ...]:
    deadline = words.short_day(item.deadline) if item.HasField("deadline") else ""
    lacking = (decision_words.missing(item.missing) or "nothing",) if papers else ()
    decided = "carried over" if item.carried_over else item.decision_id or "not yet"
    appeal = "\nappeal under way" if item.appeal_under_way else ""
    case = "\n".join(filter(None, (item.case_id, agenda_item(item))))
    return str(place), case, deadline, *lacking, f"{decided}{appeal}"


def _next(panel: panels_pb2.Panel) -> str:
    if _closed(panel):
        return typed(f"decisions list --panel {panel.panel_id}")
    if not panel.agenda:
        return typed(f"panel add {panel.panel_id} CASE_ID")
    waiting = next((item.case_id for item in panel.agenda if not (item.decision_id or item.carried_over)), "")
    if waiting:
        return typed(f"recommend {waiting}")
    return typed(f"panel close {panel.panel_id} --sat USER_ID=chair")


def attendance_lines(panel: panels_pb2.Panel) -> Iterator[str]:
    """Who sat and who signed."""
    for sat in panel.attendance:
        yield f"- {sat.user_id}, {sat.capacity.replace('_', ' ')}"
    yield f"Signed by {panel.signed_by}, {words.instant(panel.signed_time)}."


def panels_page(page: panels_pb2.ListPanelsResponse, only_open: bool) -> Iterator[RenderableType]:
    """Newest day first; when there are none, how to open one."""
    if not page.panels:
        yield f"No panel is {'open' if only_open else 'on record yet'}."
        yield f"Open one: {typed('panel open --on DAY')}"
        return
    columns = ("Panel", "Meets", "State", "Cases", "Signed by")
    yield terminal.table(columns, [_row(panel) for panel in page.panels], right=("Cases",), whole=("Panel", "Meets"))
    yield from more(page.next_page_token)
    yield f"Next: {typed('panel show PANEL_ID')}"


def _row(panel: panels_pb2.Panel) -> tuple[str, ...]:
    state = "closed" if _closed(panel) else "open"
    return panel.panel_id, words.short_day(panel.meets_on), state, f"{panel.cases:,}", panel.signed_by
