"""A scenario's result as a file for others, small counts left out as the command leaves them out."""

from __future__ import annotations

import asyncio
import base64

from starlette.responses import Response

from inborough.placement.v1 import scenarios_pb2
from services.planning.exports.wanted import FORMS, PROCESS, wanted_of
from services.web.calls import CHANGE_SECONDS, READ_SECONDS
from services.web.pages.downloads import as_download
from services.web.pages.planning.result import read_pools
from services.web.pages.planning.work import find_task, show_task
from services.web.visit import Visit
from shared.errors import InvalidInput


async def start(visit: Visit) -> Response:
    """Begin to make the file: which counts may be shown takes some seconds to work out."""
    form = "".join(visit.sent.get("form", [""]))
    if form not in FORMS:
        raise InvalidInput("form", f"is one of {', '.join(FORMS)}")
    scenario_id = visit.part("scenario_id")
    found, result = await asyncio.gather(
        visit.services.scenarios.GetScenario(
            scenarios_pb2.GetScenarioRequest(scenario_id=scenario_id), timeout=READ_SECONDS
        ),
        visit.services.scenarios.GetScenarioResult(
            scenarios_pb2.GetScenarioResultRequest(scenario_id=scenario_id), timeout=CHANGE_SECONDS
        ),
    )
    pools = await read_pools(visit, found.scenario)
    kinds = {pool.pool_id: pool.kind for pool in pools} | _kinds_of_levers(found.scenario.definition)
    said = {"name": f"{found.scenario.name}-{FORMS[form]}", "what": f"{found.scenario.name} as a file"}
    wanted = wanted_of(result, form, kinds, {pool.pool_id: pool.setting.name for pool in pools})
    task_id = visit.house.tasks.start(visit.session.user_id, PROCESS, wanted, said)
    return await visit.go(visit.url("exported", scenario_id=scenario_id, task_id=task_id))


async def show(visit: Visit) -> Response:
    """How far it has come; the file itself once it is there."""
    task = find_task(visit)
    if task.answer and visit.asked("get"):
        content = base64.b64decode(task.answer["content"])
        return as_download(content, task.said["name"], task.answer["suffix"])
    scenario = visit.url("scenario", scenario_id=visit.part("scenario_id"))
    return await show_task(visit, task, "planning/exported.html", scenario)


async def stop(visit: Visit) -> Response:
    """Stop making it."""
    visit.house.tasks.stop(find_task(visit))
    return await visit.go(visit.url("scenario", scenario_id=visit.part("scenario_id")), "Stopped. No file was made.")


def _kinds_of_levers(definition: str) -> dict[str, str]:
    """Kinds of the pools that the scenario opens, by the ids that its figures give them."""
    from services.placement.forecast.simulation.levers import read_definition_file

    return {f"lever:{one.name}": one.kind for one in read_definition_file(definition).levers.open}
