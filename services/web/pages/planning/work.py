"""Pages about long work: how far it has come, and where it is no more."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from services.web.tasks import Task
from services.web.visit import Visit
from shared.errors import NotFound


def find_task(visit: Visit) -> Task:
    """The work that the address names. Raises NotFound when it is another's, or too old."""
    task_id = visit.part("task_id")
    found = visit.house.tasks.find(visit.session.user_id, task_id)
    if found is None:
        raise NotFound("work under way", task_id)
    return found


async def show_task(visit: Visit, task: Task, template: str, back: str, **facts: Any) -> Response:
    """A page about it."""
    return await visit.show(template, task=task, back=back, **facts)
