"""The first page after sign-in: what waits for this person, by role."""

from __future__ import annotations

import asyncio

from starlette.responses import Response

from inborough.caseload.v1 import caseload_pb2
from inborough.placement.v1 import consultations_pb2, panels_pb2
from services.web.calls import READ_SECONDS
from services.web.pages.planning.start import planners_work
from services.web.visit import Visit

LISTED = 5


async def show(visit: Visit) -> Response:
    """Open panels, the most urgent deadlines and overdue replies; for others where their work is."""
    if not visit.may_see("cases"):
        work = await planners_work(visit)
        return await visit.show("start.html", panels=None, deadlines=None, awaited=None, work=work)
    panels, deadlines, awaited = await asyncio.gather(
        visit.services.panels.ListPanels(
            panels_pb2.ListPanelsRequest(only_open=True, page_size=LISTED), timeout=READ_SECONDS
        ),
        visit.services.caseload.ListDeadlines(
            caseload_pb2.ListDeadlinesRequest(page_size=LISTED), timeout=READ_SECONDS
        ),
        visit.services.consultations.ListConsultations(
            consultations_pb2.ListConsultationsRequest(only_awaiting=True, page_size=LISTED), timeout=READ_SECONDS
        ),
    )
    return await visit.show("start.html", panels=panels.panels, deadlines=deadlines, awaited=awaited.consultations)
