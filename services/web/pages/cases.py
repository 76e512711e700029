"""Cases due, with a filter."""

from __future__ import annotations

import asyncio

from starlette.responses import Response

from inborough.caseload.v1 import caseload_pb2
from services.web.calls import READ_SECONDS
from services.web.visit import Visit

A_PAGE = 50
A_FULL_PAGE = 500


async def show(visit: Visit) -> Response:
    """Decisions due, by first day and deadline; the filter looks through all of them."""
    wanted = {name: visit.asked(name) for name in ("need", "year", "reason", "case")}
    if any(wanted.values()):
        found = [case for case in await _all(visit) if _fits(case, wanted)]
        total, shown, token = len(found), found, ""
    else:
        request = caseload_pb2.ListCasesRequest(only_due=True, page_size=A_PAGE, page_token=visit.asked("after"))
        page = await visit.services.caseload.ListCases(request, timeout=READ_SECONDS)
        total, shown, token = page.total, list(page.cases), page.next_page_token
    return await visit.show("cases/all.html", cases=shown, total=total, token=token, wanted=wanted, reasons=REASONS)


REASONS = {
    "new_plan": "new plan",
    "phase_transfer": "phase transfer",
    "breakdown": "breakdown",
    "review_change": "review asks for a change",
}


async def _all(visit: Visit) -> list[caseload_pb2.Case]:
    found: list[caseload_pb2.Case] = []
    token = ""
    while True:
        request = caseload_pb2.ListCasesRequest(only_due=True, page_size=A_FULL_PAGE, page_token=token)
        page = await visit.services.caseload.ListCases(request, timeout=READ_SECONDS)
        found.extend(page.cases)
        token = page.next_page_token
        if not token:
            return found
        await asyncio.sleep(0)


def _fits(case: caseload_pb2.Case, wanted: dict[str, str]) -> bool:
    reason = caseload_pb2.DueReason.Name(case.decision_due.reason).removeprefix("DUE_REASON_").casefold()
    return (
        (not wanted["need"] or wanted["need"].upper() in {need.code for need in case.needs})
        and (not wanted["year"] or wanted["year"] == str(case.year_group))
        and (not wanted["reason"] or wanted["reason"] == reason)
        and (not wanted["case"] or wanted["case"].casefold() in case.case_id)
    )
