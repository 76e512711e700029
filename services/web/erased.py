"""Forget drafts about cases that were erased: the services say which, and what went with them."""

from __future__ import annotations

from datetime import datetime

from starlette.concurrency import run_in_threadpool

from inborough.keeping.v1.keeping_pb2 import ListErasedCasesRequest
from services.web.calls import READ_SECONDS, Services, calling_as
from services.web.storage.repository import Store
from shared import logs
from shared.errors import InboroughError
from shared.identity import AUDITOR
from shared.keeping.erasing import LOOK_AGAIN

OURSELVES = "user_pages"
"""Who asks: no person is at work. An auditor reads and changes nothing."""
WHO_KNOWS = ("caseload", "placement")
"""Caseload knows each case, placement the decisions and consultations that went with it."""
MOST = 10_000


async def forget_erased(services: Services, store: Store) -> None:
    """Delete every draft that names an erased case, or what went with it. A service that is away is asked later."""
    try:
        with calling_as(services.vouch_for(OURSELVES, (AUDITOR,))):
            until = {each: day for name in WHO_KNOWS for each, day in (await _erased(services, name)).items()}
    except InboroughError as error:
        logs.log("drafts_not_forgotten", "warning", error_type=type(error).__name__)
        return
    if forgotten := await run_in_threadpool(store.forget_naming, until):
        logs.log("drafts_forgotten", rows=forgotten)


async def _erased(services: Services, name: str) -> dict[str, datetime]:
    """By id, until when drafts that name it are about what was erased: later the case may be back."""
    request = ListErasedCasesRequest(most=MOST)
    answer = await services.keeping(name).ListErasedCases(request, timeout=READ_SECONDS)
    return {
        each: datetime.fromisoformat(case.erased_time) + LOOK_AGAIN
        for case in answer.erased
        for each in (case.case_id, *case.with_ids)
    }
