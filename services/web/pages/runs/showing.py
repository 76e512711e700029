"""One run plan with its runs, the sheet of one run with its map, and both as a file."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from inborough.cost.v1 import transport_pb2
from services.planning.exports.run_sheets import run_plan_sheets
from services.planning.exports.sheets import as_xlsx
from services.web.calls import READ_SECONDS
from services.web.pages.downloads import as_download
from services.web.pages.reading import read_names
from services.web.pages.runs.drawing import map_of_run
from services.web.visit import Visit
from services.words.runs import Names
from shared.errors import NotFound


async def show(visit: Visit) -> Response:
    """The whole of it: totals, every run, every setting, and who is not carried."""
    plan, names = await _read(visit)
    return await visit.show("runs/run_plan.html", plan=plan, names=names, back=visit.url("runs"))


async def show_run(visit: Visit) -> Response:
    """One run: where it goes, who gets in when, and what it costs."""
    plan, names = await _read(visit)
    number = visit.part("number")
    run = next((run for run in plan.runs if str(run.number) == number), None)
    if run is None:
        raise NotFound("run", number, "Choose one from the run plan.")
    drawn = map_of_run(run, names, await visit.house.outline.rings())
    back = visit.url("run_plan", run_plan_id=plan.run_plan_id)
    return await visit.show("runs/run.html", plan=plan, run=run, names=names, map=drawn, back=back)


async def download(visit: Visit) -> Response:
    """Every stop, every run and who is not carried, as a workbook."""
    plan, names = await _read(visit)
    content = await run_in_threadpool(lambda: as_xlsx(run_plan_sheets(plan, names)))
    return as_download(content, plan.run_plan_id, "xlsx")


async def _read(visit: Visit) -> tuple[transport_pb2.RunPlan, Names]:
    """The run plan that the address names, and the names of the settings that it speaks of. Raises NotFound."""
    request = transport_pb2.GetRunPlanRequest(run_plan_id=visit.part("run_plan_id"))
    plan = (await visit.services.transport.GetRunPlan(request, timeout=READ_SECONDS)).run_plan
    told = [*(one.urn for one in plan.destinations), *(child.urn for child in plan.not_carried)]
    return plan, await read_names(visit, told)
