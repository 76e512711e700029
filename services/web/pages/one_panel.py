"""One panel: its agenda, changing it, and closing it with the chair's signature."""

from __future__ import annotations

import asyncio
import re

from starlette.responses import Response

from inborough.caseload.v1 import caseload_pb2
from inborough.placement.v1 import panels_pb2
from services.web.calls import CHANGE_SECONDS, READ_SECONDS
from services.web.failures import CAN_BE_MENDED, in_words
from services.web.forms import REQUEST_ID, Answers
from services.web.pages.reading import read_panel
from services.web.visit import Visit
from shared.errors import InboroughError, NotFound
from shared.ids import new_id

MOST_DUE = 500
SEATS = 8
USER = re.compile(r"user_[a-z0-9_]{1,60}")


async def show(visit: Visit) -> Response:
    """The agenda with each case's need and deadline, what its papers lack, and what was decided."""
    panel = await read_panel(visit, visit.part("panel_id"))
    closed = panel.state == panels_pb2.PANEL_STATE_CLOSED
    waiting = [item for item in panel.agenda if not item.decision_id and not item.carried_over]
    return await visit.show(
        "panels/panel.html", panel=panel, closed=closed, waiting=waiting, back=visit.url("panels"), back_text="Panels"
    )


async def show_change(visit: Visit) -> Response:
    """The form that puts cases on the agenda, those with the nearest deadline first, or takes them off."""
    return await _change_form(visit, await visit.answers())


async def change(visit: Visit) -> Response:
    """Put what was chosen on the agenda, and take off what was chosen to go."""
    form = await visit.answers()
    panel = await read_panel(visit, visit.part("panel_id"))
    there = {item.case_id for item in panel.agenda}
    off = [case_id for case_id in form.many("off") if case_id in there]
    on = [each for each in (*form.many("on"), *re.split(r"[\s,]+", form.text("more"))) if each and each not in there]
    if not on and not off:
        form.wrong("more", "Choose at least one case to put on the agenda or to take off")
        return await _change_form(visit, form)
    try:
        if on:
            adding = panels_pb2.AddToAgendaRequest(
                request_id=form.text(REQUEST_ID), panel_id=panel.panel_id, case_ids=on
            )
            await visit.services.panels.AddToAgenda(adding, timeout=CHANGE_SECONDS)
        if off:
            taking = panels_pb2.RemoveFromAgendaRequest(request_id=new_id("req"), panel_id=panel.panel_id, case_ids=off)
            await visit.services.panels.RemoveFromAgenda(taking, timeout=CHANGE_SECONDS)
    except (*CAN_BE_MENDED, NotFound) as error:
        form.wrong("more", in_words(error))
        return await _change_form(visit, form)
    await visit.drop()
    return await visit.go(visit.url("panel", panel_id=panel.panel_id), "The agenda is changed.")


async def _change_form(visit: Visit, form: Answers) -> Response:
    panel, due = await asyncio.gather(
        read_panel(visit, visit.part("panel_id")),
        visit.services.caseload.ListCases(
            caseload_pb2.ListCasesRequest(only_due=True, page_size=MOST_DUE), timeout=READ_SECONDS
        ),
    )
    there = {item.case_id for item in panel.agenda}
    by_deadline = sorted((case for case in due.cases if case.case_id not in there), key=_deadline)
    return await visit.show(
        "panels/agenda.html",
        422 if form.errors else 200,
        form=form,
        panel=panel,
        due=by_deadline[:25],
        more=len(by_deadline) > 25,
        back=visit.url("panel", panel_id=panel.panel_id),
    )


def _deadline(case: caseload_pb2.Case) -> tuple[bool, int, int, int, str]:
    due = case.decision_due.deadline
    return not case.decision_due.HasField("deadline"), due.year, due.month, due.day, case.case_id


async def show_close(visit: Visit) -> Response:
    """The form that closes a panel: who sat, and what is carried over."""
    form = await visit.answers()
    if not form.kept:
        form.put("sat-1", visit.session.user_id)
        form.put("capacity-1", "chair")
    return await _close_form(visit, form)


async def close(visit: Visit) -> Response:
    """Close it and sign for it: whoever sends this is the chair who signs."""
    form = await visit.answers()
    sat = attendance(form)
    if form.errors:
        return await _close_form(visit, form)
    request = panels_pb2.ClosePanelRequest(
        request_id=form.text(REQUEST_ID),
        panel_id=visit.part("panel_id"),
        etag=form.text("etag"),
        attendance=sat,
        carried_over_case_ids=form.many("carried_over"),
    )
    try:
        await visit.services.panels.ClosePanel(request, timeout=CHANGE_SECONDS)
    except CAN_BE_MENDED as error:
        return await _close_form(visit, _with(form, error))
    await visit.drop()
    return await visit.go(visit.url("panel", panel_id=visit.part("panel_id")), "The panel is closed and signed.")


def attendance(form: Answers) -> list[panels_pb2.Attendance]:
    """Who sat, as the form says; what is wrong with it is said on the form."""
    found = []
    for seat in range(1, SEATS + 1):
        who, what = form.text(f"sat-{seat}"), form.text(f"capacity-{seat}")
        if not who and not what:
            continue
        if not USER.fullmatch(who):
            form.wrong(f"sat-{seat}", "Enter a user id such as user_7f3a: user_, small letters, digits, underscores")
        if not _capacity(what):
            form.wrong(f"capacity-{seat}", "Say in what capacity they sat, such as educational psychologist")
        found.append(panels_pb2.Attendance(user_id=who, capacity=_capacity(what)))
    if not found:
        form.wrong("sat-1", "Say who sat, the chair included")
    return found


def _capacity(what: str) -> str:
    """In what capacity somebody sat, as records say it: "Educational Psychologist (locum)" as its words, joined."""
    return "_".join(re.findall("[a-z]+", what.casefold()))


def _with(form: Answers, error: InboroughError) -> Answers:
    form.wrong("", in_words(error))
    return form


async def _close_form(visit: Visit, form: Answers) -> Response:
    panel = await read_panel(visit, visit.part("panel_id"))
    form.put("etag", panel.etag)
    undecided = [item for item in panel.agenda if not item.decision_id]
    back = visit.url("panel", panel_id=panel.panel_id)
    facts = {"panel": panel, "undecided": undecided, "seats": range(1, SEATS + 1), "back": back}
    return await visit.show("panels/close.html", 422 if form.errors else 200, form=form, **facts)
