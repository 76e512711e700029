"""The making of a scenario, while today's facts are put together: at once when it is quick, else how far it is."""

from __future__ import annotations

from starlette.responses import Response

from inborough.placement.v1 import scenarios_pb2
from services.web.failures import CAN_BE_MENDED, in_words
from services.web.forms import Answers
from services.web.pages.planning.work import find_task
from services.web.tasks import Task
from services.web.visit import Visit
from shared.errors import InboroughError

CREATE_SECONDS = 120.0
WAIT_SECONDS = 1.0


async def make(visit: Visit, form: Answers, request: scenarios_pb2.CreateScenarioRequest) -> Response | str:
    """Make a scenario: the page to go on to, or what is wrong that can be mended on the form.

    Raises what CreateScenario does, when that is known soon and cannot be mended.
    """
    failed: list[InboroughError] = []

    async def work(task: Task) -> None:
        task.step = "Putting today's children, places and prices together"
        try:
            answer = await visit.services.scenarios.CreateScenario(request, timeout=CREATE_SECONDS)
        except CAN_BE_MENDED as error:
            task.wrong = in_words(error)
        except InboroughError as error:
            failed.append(error)
            raise
        else:
            task.answer = {"scenario": answer.scenario}

    tasks = visit.house.tasks
    task_id = tasks.do(visit.session.user_id, work, {"form": visit.path})
    await tasks.wait_a_little(task_id, WAIT_SECONDS)
    task = tasks.find(visit.session.user_id, task_id)
    assert task, "it was begun just now"
    if failed:
        raise failed[0]
    if task.answer:
        await visit.drop()
        made = task.answer["scenario"]
        return await visit.go(visit.url("scenario", scenario_id=made.scenario_id), f"{made.name} is being simulated.")
    if not task.under_way:
        return task.wrong
    await visit.keep(form)
    return await visit.go(visit.url("making_scenario", task_id=task_id))


async def show(visit: Visit) -> Response:
    """How far it is; at its end the way to the scenario, or back to the form, on which everything was kept."""
    task = find_task(visit)
    scenario = task.answer["scenario"] if task.answer else None
    if scenario:
        await visit.drop(task.said["form"])
    return await visit.show(
        "planning/making.html", task=task, scenario=scenario, form_path=task.said["form"], back=visit.url("scenarios")
    )


async def stop(visit: Visit) -> Response:
    """Stop it: placement hears that nobody waits any more, and keeps nothing."""
    task = find_task(visit)
    visit.house.tasks.stop(task)
    return await visit.go(task.said["form"], "Stopped. No scenario was made; what you filled in is kept.")
