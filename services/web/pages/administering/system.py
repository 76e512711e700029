"""The system itself: whether each service answers, what they read of each other, and what was set aside."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from grpc_health.v1 import health_pb2
from starlette.responses import Response

from inborough.events.v1 import events_pb2
from services.web.calls import CHANGE_SECONDS, READ_SECONDS
from services.web.forms import Answers
from services.web.visit import Visit
from services.words import counted
from shared.errors import InboroughError, NeighbourDown, NotAllowed

SERVICES = ("caseload", "provision", "cost", "placement", "journal")
CHECK_SECONDS = 2.0
MOST_LETTERS = 1000
AFTER_ALL = 2**62
"""Beyond any sequence: a page after it is empty and says where the log ends."""


@dataclass(frozen=True)
class Health:
    """What one service said, and how long it took; `trouble` what to do when certificates are why it is silent."""

    service: str
    state: str
    milliseconds: float = 0.0
    trouble: str = ""


async def show_health(visit: Visit) -> Response:
    """Every service, asked now."""
    found = await asyncio.gather(*(_check(visit, service) for service in SERVICES))
    return await visit.show("administering/health.html", found=found)


async def _check(visit: Visit, service: str) -> Health:
    began = time.perf_counter()
    check = visit.services.channel(service).unary_unary(
        "/grpc.health.v1.Health/Check",
        request_serializer=health_pb2.HealthCheckRequest.SerializeToString,
        response_deserializer=health_pb2.HealthCheckResponse.FromString,
    )
    try:
        answer = await check(health_pb2.HealthCheckRequest(), timeout=CHECK_SECONDS)
    except InboroughError as error:
        return Health(service, "does not answer", trouble=error.message if "trouble" in error.facts else "")
    serving = answer.status == health_pb2.HealthCheckResponse.SERVING
    return Health(service, "serving" if serving else "not serving", (time.perf_counter() - began) * 1000)


@dataclass(frozen=True)
class Logs:
    """What one service read of others' logs and set aside; nothing of it when it is `silent`."""

    service: str
    cursors: list[events_pb2.Cursor] = field(default_factory=list)
    letters: list[events_pb2.DeadLetter] = field(default_factory=list)
    total: int = 0
    log_end: int | None = None
    silent: bool = False


async def show_logs(visit: Visit) -> Response:
    """How far each reader is, and every event that was set aside."""
    return await _logs_page(visit, Answers())


async def _logs_page(visit: Visit, form: Answers) -> Response:
    found = await asyncio.gather(*(_read(visit, service) for service in SERVICES))
    ends = {each.service: each.log_end for each in found}
    return await visit.show(
        "administering/event_logs.html",
        422 if form.errors else 200,
        form=form,
        found=found,
        behind=(lambda cursor: _behind(cursor, ends)) if any(end is not None for end in ends.values()) else None,
        letters=[(each.service, letter) for each in found for letter in each.letters],
        total=sum(each.total for each in found),
    )


async def _read(visit: Visit, service: str) -> Logs:
    log = visit.services.events(service)
    try:
        cursors, letters = await asyncio.gather(
            log.ListCursors(events_pb2.ListCursorsRequest(), timeout=READ_SECONDS),
            log.ListDeadLetters(events_pb2.ListDeadLettersRequest(most=MOST_LETTERS), timeout=READ_SECONDS),
        )
        end = await _log_end(visit, service)
    except NeighbourDown:
        return Logs(service, silent=True)
    return Logs(service, list(cursors.cursors), list(letters.dead_letters), letters.total, end)


async def _log_end(visit: Visit, service: str) -> int | None:
    """Where a log ends; None for an administrator, who may not read logs."""
    request = events_pb2.ListEventsRequest(after_sequence=AFTER_ALL, most=1)
    try:
        return (await visit.services.events(service).ListEvents(request, timeout=READ_SECONDS)).last_sequence
    except NotAllowed:
        return None


def _behind(cursor: events_pb2.Cursor, ends: Mapping[str, int | None]) -> str:
    end = ends.get(cursor.source)
    return "not known" if end is None else f"{max(0, end - cursor.sequence):,}"


async def retry(visit: Visit) -> Response:
    """Have events applied again: those chosen, or every one."""
    form = Answers(visit.sent)
    every = form.text("every") == "yes"
    chosen = form.many("letter")
    if not every and not chosen:
        form.wrong("letter", "Choose the events to apply again, or have every one applied")
        return await _logs_page(visit, form)
    marked = 0
    for service in SERVICES:
        ids = [each.removeprefix(f"{service}/") for each in chosen if each.startswith(f"{service}/")]
        if every or ids:
            request = events_pb2.RetryDeadLettersRequest(dead_letter_ids=[] if every else ids, all=every)
            answer = await visit.services.events(service).RetryDeadLetters(request, timeout=CHANGE_SECONDS)
            marked += answer.marked
    return await visit.go(visit.url("event_logs"), f"{counted(marked, 'event')} will be applied again within seconds.")
