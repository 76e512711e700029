"""The measures that a council watches, quarter by quarter."""

from __future__ import annotations

import re

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from inborough.placement.v1 import monitoring_pb2
from services.planning.refused import Refused
from services.web.calls import CHANGE_SECONDS
from services.web.failures import in_words
from services.web.forms import Answers
from services.web.pages.downloads import as_download
from services.web.visit import Visit
from shared.errors import InvalidInput
from shared.imports.report import SourceFile

USUAL_QUARTERS, MOST_QUARTERS = 5, 20
QUARTER = re.compile(r"((19|20)\d\dQ[1-4])?", re.ASCII)


async def show(visit: Visit) -> Response:
    """What is counted from what is on file."""
    asked = {"last": [visit.asked("last").upper()], "quarters": [visit.asked("quarters") or str(USUAL_QUARTERS)]}
    return await _report(visit, Answers(asked), None)


async def act(visit: Visit) -> Response:
    """With what the council supplies; nothing of the file is kept."""
    form = Answers(visit.sent)
    files = visit.files.get("supplied", [])
    if not files:
        form.wrong("supplied", "Choose the file of measures")
    return await _report(visit, form, files[0] if files else None)


async def _report(visit: Visit, form: Answers, file: SourceFile | None) -> Response:
    from services.planning.measures import report as said
    from services.planning.measures.supplied import read_supplied

    quarters = form.number("quarters")
    if not QUARTER.fullmatch(form.text("last").upper()):
        form.wrong("last", "Enter a quarter such as 2024Q1, or leave it empty for the last that has ended")
    if not 1 <= quarters <= MOST_QUARTERS:
        form.wrong("quarters", f"Enter 1 to {MOST_QUARTERS} quarters")
    supplied = {}
    if file is not None and not form.errors:
        try:
            supplied = await run_in_threadpool(read_supplied, file)
        except Refused as error:
            form.wrong("supplied", f"{error.message} {error.advice}".strip())
    found = [] if form.errors else await _read(visit, form, quarters)
    report = said.measured(found[0], supplied) if found else []
    if report and visit.asked("get") == "xlsx":
        from services.planning.exports.sheets import as_xlsx

        return as_download(as_xlsx(said.kpi_sheets(report)), "measures-by-quarter", "xlsx")
    lines: dict[str, list[str]] = {}
    for one in report:
        lines.setdefault(one.words, [one.words]).append(said.shown(one))
    return await visit.show(
        "planning/measures.html",
        422 if form.errors else 200,
        form=form,
        quarters=list(dict.fromkeys(one.quarter for one in report)),
        rows=list(lines.values()),
        said=said,
        unknown=any(one.value == said.NOT_RECORDED for one in report),
        as_of=found[0].as_of_day if found else None,
        shown_supplied=file is not None,
    )


async def _read(visit: Visit, form: Answers, quarters: int) -> list[monitoring_pb2.GetQuarterlyReportResponse]:
    """The report, or nothing and why on the form."""
    request = monitoring_pb2.GetQuarterlyReportRequest(last_quarter=form.text("last").upper(), quarters=quarters)
    try:
        return [await visit.services.monitoring.GetQuarterlyReport(request, timeout=CHANGE_SECONDS)]
    except InvalidInput as error:
        form.wrong("last", in_words(error))
        return []
