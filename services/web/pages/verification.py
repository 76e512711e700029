"""The proof that nobody altered the journal: at once when it is quick, else how far it has come and how to stop it."""

from __future__ import annotations

from starlette.responses import Response

from inborough.journal.v1 import journal_pb2
from services.web.pages.planning.work import find_task
from services.web.tasks import Task
from services.web.visit import Visit

VERIFY_SECONDS = 300.0
WAIT_SECONDS = 1.0
SAID = {"module": "journal verification"}


async def verify(visit: Visit) -> Response:
    """Recompute every chain of hashes."""

    async def prove(task: Task) -> None:
        task.step = "Recomputing every chain of hashes"
        request = journal_pb2.VerifyJournalRequest()
        found = await visit.services.journal.VerifyJournal(request, timeout=VERIFY_SECONDS)
        task.answer = {"found": found}

    task_id = visit.house.tasks.do(visit.session.user_id, prove, SAID)
    await visit.house.tasks.wait_a_little(task_id, WAIT_SECONDS)
    return await visit.go(visit.url("verified_journal", task_id=task_id))


async def show(visit: Visit) -> Response:
    """How far it has come, and what was found once it is at its end."""
    task = find_task(visit)
    found = task.answer["found"] if task.answer else None
    return await visit.show("journal/verify.html", task=task, found=found, back=visit.url("start"))


async def stop(visit: Visit) -> Response:
    """Stop it: the journal hears that nobody waits any more."""
    visit.house.tasks.stop(find_task(visit))
    return await visit.go(visit.url("start"), "Stopped. Whether the journal is whole was not found out.")
