"""Run plans that are kept, and planning another: the form, how far it has come, and what it comes to."""

from __future__ import annotations

from starlette.responses import Response

from inborough.common.v1 import common_pb2
from inborough.cost.v1 import transport_pb2
from inborough.placement.v1 import travel_pb2
from services.web.calls import READ_SECONDS
from services.web.forms import Answers
from services.web.pages.planning.work import find_task
from services.web.tasks import Task
from services.web.visit import Visit
from shared.days import to_wire

A_PAGE = 50
RUNS_SECONDS = 1800.0
WAIT_SECONDS = 1.0
SAID = {"module": "run planning"}


async def show_all(visit: Visit) -> Response:
    """Those that are kept, newest first, and the form to plan another."""
    return await _show_all(visit, Answers())


async def _show_all(visit: Visit, form: Answers) -> Response:
    request = transport_pb2.ListRunPlansRequest(page_size=A_PAGE, page_token=visit.asked("after"))
    page = await visit.services.transport.ListRunPlans(request, timeout=READ_SECONDS)
    return await visit.show("runs/all.html", 422 if form.errors else 200, form=form, page=page)


async def plan(visit: Visit) -> Response:
    """Begin to plan, and go on to where it says how far it is."""
    form = Answers(visit.sent)
    first_day = form.day("first_day")
    if form.errors:
        return await _show_all(visit, form)
    wire_day = to_wire(first_day) if first_day else None
    task_id = visit.house.tasks.do(visit.session.user_id, lambda task: _work(visit, wire_day, task), SAID)
    await visit.house.tasks.wait_a_little(task_id, WAIT_SECONDS)
    return await visit.go(visit.url("planned_runs", task_id=task_id))


async def _work(visit: Visit, first_day: common_pb2.Date | None, task: Task) -> None:
    task.step = "Gathering who travels where"
    request = travel_pb2.PlanSchoolRunsRequest(first_day=first_day)
    async for answer in visit.services.travel.PlanSchoolRuns(request, timeout=RUNS_SECONDS):
        if answer.HasField("run_plan"):
            task.answer = {"run_plan": answer.run_plan}
        else:
            far = answer.progress
            task.step = f"Planning runs: {far.done:,} of {far.total:,} groups of settings"


async def show_planned(visit: Visit) -> Response:
    """How far it has come, and what it comes to once it is made."""
    task = find_task(visit)
    made = task.answer["run_plan"] if task.answer else None
    return await visit.show("runs/planned.html", task=task, plan=made, back=visit.url("runs"))


async def stop(visit: Visit) -> Response:
    """Stop it: the services hear that nobody waits any more, and keep nothing."""
    visit.house.tasks.stop(find_task(visit))
    return await visit.go(visit.url("runs"), "Stopped. No run plan was kept.")
