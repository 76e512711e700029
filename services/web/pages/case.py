"""One case: what a panel needs to know before it looks at options."""

from __future__ import annotations

import asyncio

from starlette.responses import Response

from inborough.caseload.v1 import caseload_pb2
from inborough.placement.v1 import consultations_pb2, decisions_pb2
from services.web.calls import READ_SECONDS
from services.web.pages.reading import panels_with, read_case, read_names, urns_of
from services.web.visit import Visit
from services.words.cases import case_facts
from services.words.decisions import IN_HAND


async def show(visit: Visit) -> Response:
    """Needs, where the child is, what was asked for, deadlines, decisions, consultations and panels."""
    case_id = visit.part("case_id")
    case, deadlines, decisions, consultations, panels = await asyncio.gather(
        read_case(visit, case_id),
        visit.services.caseload.ListDeadlines(
            caseload_pb2.ListDeadlinesRequest(case_id=case_id, page_size=50), timeout=READ_SECONDS
        ),
        visit.services.decisions.ListDecisions(
            decisions_pb2.ListDecisionsRequest(case_id=case_id, page_size=50), timeout=READ_SECONDS
        ),
        visit.services.consultations.ListConsultations(
            consultations_pb2.ListConsultationsRequest(case_id=case_id, page_size=50), timeout=READ_SECONDS
        ),
        panels_with(visit, case_id),
    )
    names = await read_names(visit, urns_of(case))
    return await visit.show(
        "cases/case.html",
        case=case,
        facts=case_facts(case, names),
        deadlines=deadlines.deadlines,
        decisions=decisions.decisions,
        in_hand=next((each for each in decisions.decisions if each.state in IN_HAND), None),
        consultations=consultations.consultations,
        panels=panels,
        back=visit.url("cases"),
        back_text="Cases due",
    )
