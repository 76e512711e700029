"""A panel's papers: a page to print, and the same as a tagged PDF to keep."""

from __future__ import annotations

import asyncio

from starlette.responses import Response

from inborough.placement.v1 import decisions_pb2, panels_pb2, placement_pb2
from services import words
from services.web.calls import READ_SECONDS
from services.web.failures import CAN_BE_MENDED, in_words
from services.web.pages.downloads import as_download
from services.web.pages.reading import read_case, read_names, read_panel, urns_of
from services.web.papers.document import Paper, document_of
from services.web.visit import Visit
from services.web.words import dates
from services.words.appeals import in_full
from services.words.cases import case_facts
from services.words.options import expected_later
from shared.days import now_utc

AT_ONCE = 4  # fewer than a service answers one person at a time (INBOROUGH_SERVICE_CALLS_AT_ONCE)
MOST_OPTIONS = 5
LAST_DECISIONS = 10


async def show(visit: Visit) -> Response:
    """The papers of every case on the agenda, for print: a case a page, ranked now."""
    panel, papers = await _read(visit)
    back = visit.url("panel", panel_id=panel.panel_id)
    return await visit.show("panels/pack.html", panel=panel, papers=papers, back=back)


async def download(visit: Visit) -> Response:
    """The same as a file."""
    panel, papers = await _read(visit)
    ranked = f"on {dates.when(now_utc())}"
    content = await visit.house.typesetter.typeset(document_of(panel, papers, visit.house.settings.council, ranked))
    return as_download(content, f"panel papers {words.iso(panel.meets_on)}", "pdf")


async def _read(visit: Visit) -> tuple[panels_pb2.Panel, list[Paper]]:
    panel = await read_panel(visit, visit.part("panel_id"))
    few = asyncio.Semaphore(AT_ONCE)
    return panel, await asyncio.gather(*(_paper(visit, item.case_id, few) for item in panel.agenda))


async def _appeal(visit: Visit, case_id: str) -> tuple[str, str]:
    """What is on record of representation and appeal about the case's last decisions."""
    request = decisions_pb2.ListDecisionsRequest(case_id=case_id, page_size=LAST_DECISIONS)
    page = await visit.services.decisions.ListDecisions(request, timeout=READ_SECONDS)
    return "Representation and appeal", in_full(page.decisions)


async def _paper(visit: Visit, case_id: str, few: asyncio.Semaphore) -> Paper:
    async with few:
        case = await read_case(visit, case_id)
        facts = [*case_facts(case, await read_names(visit, urns_of(case))), await _appeal(visit, case_id)]
        asked = placement_pb2.RecommendOptionsRequest(case_id=case_id, top=MOST_OPTIONS)
        try:
            answer = await visit.services.placement.RecommendOptions(asked, timeout=READ_SECONDS)
        except CAN_BE_MENDED as error:
            return Paper(case, facts, None, in_words(error))
    return Paper(case, facts, answer.recommendation, later=expected_later(answer.later_arrivals))
