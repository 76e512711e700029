"""The journal: who saw, ranked, decided and changed what."""

from __future__ import annotations

from starlette.responses import Response

from inborough.journal.v1 import journal_pb2
from services.web.calls import READ_SECONDS
from services.web.visit import Visit

A_PAGE = 50
FILTERS = ("case", "actor", "source", "name")
OLDEST = "oldest"


async def show(visit: Visit) -> Response:
    """Entries with a filter, newest first unless the oldest are asked for first."""
    wanted = {name: visit.asked(name) for name in FILTERS}
    oldest_first = visit.asked("order") == OLDEST
    request = journal_pb2.ListEntriesRequest(
        case_id=wanted["case"],
        actor=wanted["actor"],
        source=wanted["source"],
        name=wanted["name"],
        newest_first=not oldest_first,
        page_size=A_PAGE,
        page_token=visit.asked("after"),
    )
    page = await visit.services.journal.ListEntries(request, timeout=READ_SECONDS)
    order = OLDEST if oldest_first else ""
    return await visit.show("journal/all.html", page=page, wanted=wanted, order=order, turned="" if order else OLDEST)
