"""Panels: the list, and opening one."""

from __future__ import annotations

from starlette.responses import Response

from inborough.placement.v1 import panels_pb2
from services.web.calls import CHANGE_SECONDS, READ_SECONDS
from services.web.failures import CAN_BE_MENDED, in_words
from services.web.forms import REQUEST_ID, Answers
from services.web.pages.reading import MOST_PANELS
from services.web.visit import Visit
from services.words.panels import same_day
from shared.clock import today
from shared.days import to_wire
from shared.errors import InboroughError

A_PAGE = 50


async def show_all(visit: Visit) -> Response:
    """Panels, newest day first."""
    only_open = visit.asked("open") == "yes"
    request = panels_pb2.ListPanelsRequest(only_open=only_open, page_size=A_PAGE, page_token=visit.asked("after"))
    page = await visit.services.panels.ListPanels(request, timeout=READ_SECONDS)
    return await visit.show("panels/all.html", page=page, only_open=only_open)


async def show_open(visit: Visit) -> Response:
    """The form that opens a panel, for today unless another day is said."""
    form = await visit.answers()
    if not form.kept:
        form.put_day("meets_on", today())
    return await _form(visit, form)


async def open_one(visit: Visit) -> Response:
    """Open it, and go on to its agenda, with a warning where another that is not closed meets on that day."""
    form = await visit.answers()
    day = form.day("meets_on", "Enter the day that the panel meets")
    if form.errors or day is None:
        return await _form(visit, form)
    request = panels_pb2.OpenPanelRequest(request_id=form.text(REQUEST_ID), meets_on=to_wire(day))
    still_open = panels_pb2.ListPanelsRequest(only_open=True, page_size=MOST_PANELS)
    before = await visit.services.panels.ListPanels(still_open, timeout=READ_SECONDS)
    try:
        opened = (await visit.services.panels.OpenPanel(request, timeout=CHANGE_SECONDS)).panel
    except CAN_BE_MENDED as error:
        return await _form(visit, _with(form, error))
    await visit.drop()
    notice = f"The panel is open. {same_day(opened, before.panels)}".strip()
    return await visit.go(visit.url("change_agenda", panel_id=opened.panel_id), notice)


def _with(form: Answers, error: InboroughError) -> Answers:
    form.wrong("meets_on", in_words(error))
    return form


async def _form(visit: Visit, form: Answers) -> Response:
    return await visit.show("panels/open.html", 422 if form.errors else 200, form=form, back=visit.url("panels"))
