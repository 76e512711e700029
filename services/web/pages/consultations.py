"""Consultations: the log, recording one that was sent, its reply, and taking one back."""

from __future__ import annotations

from starlette.responses import Response

from inborough.placement.v1 import consultations_pb2
from inborough.provision.v1 import provision_pb2
from services.web.calls import CHANGE_SECONDS, READ_SECONDS
from services.web.failures import CAN_BE_MENDED, in_words
from services.web.forms import REQUEST_ID, Answers
from services.web.pages.reading import read_case
from services.web.visit import Visit
from services.words.consultations import how_it_stands
from shared.clock import today
from shared.days import to_wire
from shared.errors import InboroughError, NotFound

A_PAGE = 50
OF_ONE_CASE = 500
REPLIES = {
    "can_meet": "It can meet the needs",
    "cannot_meet": "It says that it cannot meet the needs",
    "full": "It says that it is full, which is evidence and no ground of s.39(4)",
    "incompatible": "It says that attendance would be incompatible with the education of others",
}


async def show_all(visit: Visit) -> Response:
    """Those whose reply is due soonest first; only those that await one unless all are asked for."""
    only_awaiting = visit.asked("all") != "yes"
    request = consultations_pb2.ListConsultationsRequest(
        only_awaiting=only_awaiting, page_size=A_PAGE, page_token=visit.asked("after")
    )
    page = await visit.services.consultations.ListConsultations(request, timeout=READ_SECONDS)
    return await visit.show("consultations/all.html", page=page, only_awaiting=only_awaiting)


async def show_send(visit: Visit) -> Response:
    """The form that records that a setting was consulted."""
    form = await visit.answers()
    if not form.kept:
        form.put_day("sent_on", today())
        form.put("urn", visit.asked("urn"))
    return await _send_form(visit, form)


async def send(visit: Visit) -> Response:
    """Record it, and start its clock."""
    form = await visit.answers()
    if not form.number("urn"):
        form.wrong("urn", "Choose the setting that was consulted")
    sent_on = form.day("sent_on", "Enter the day that it was sent")
    if form.errors or sent_on is None:
        return await _send_form(visit, form)
    request = consultations_pb2.SendConsultationRequest(
        request_id=form.text(REQUEST_ID),
        case_id=visit.part("case_id"),
        urn=form.number("urn"),
        sent_on=to_wire(sent_on),
    )
    try:
        answer = await visit.services.consultations.SendConsultation(request, timeout=CHANGE_SECONDS)
    except CAN_BE_MENDED as error:
        return await _send_form(visit, _with(form, error))
    return await _done(visit, answer.consultation)


async def _send_form(visit: Visit, form: Answers) -> Response:
    case = await read_case(visit, visit.part("case_id"))
    day = case.decision_due.first_day if case.HasField("decision_due") else to_wire(today())
    request = provision_pb2.ListPlacePoolsRequest(first_day=day)
    pools = (await visit.services.provision.ListPlacePools(request, timeout=READ_SECONDS)).pools
    settings = sorted({(pool.setting.name, pool.setting.urn) for pool in pools})
    return await visit.show(
        "consultations/send.html",
        422 if form.errors else 200,
        form=form,
        case=case,
        settings=settings,
        asked=[asked.urn for asked in case.preferences],
        back=visit.url("case", case_id=case.case_id),
    )


async def show_reply(visit: Visit) -> Response:
    """The form that records a reply."""
    form = await visit.answers()
    if not form.kept:
        form.put_day("replied_on", today())
    return await _form(visit, "consultations/reply.html", form)


async def reply(visit: Visit) -> Response:
    """Record it with the setting's own words."""
    form = await visit.answers()
    said = form.one_of("reply", REPLIES, "Choose what the setting replied")
    text = form.fitting("text")
    replied_on = form.day("replied_on", "Enter the day of the reply")
    if form.errors or replied_on is None:
        return await _form(visit, "consultations/reply.html", form)
    request = consultations_pb2.RecordReplyRequest(
        request_id=form.text(REQUEST_ID),
        consultation_id=visit.part("consultation_id"),
        etag=form.text("etag"),
        reply=consultations_pb2.Reply.Value(f"REPLY_{said.upper()}"),
        replied_on=to_wire(replied_on),
        text=text,
    )
    try:
        answer = await visit.services.consultations.RecordReply(request, timeout=CHANGE_SECONDS)
    except CAN_BE_MENDED as error:
        return await _form(visit, "consultations/reply.html", _with(form, error))
    return await _done(visit, answer.consultation)


async def show_withdraw(visit: Visit) -> Response:
    """The form that takes one back."""
    return await _form(visit, "consultations/withdraw.html", await visit.answers())


async def withdraw(visit: Visit) -> Response:
    """Take it back; it stays on the record."""
    form = await visit.answers()
    request = consultations_pb2.WithdrawConsultationRequest(
        request_id=form.text(REQUEST_ID), consultation_id=visit.part("consultation_id"), etag=form.text("etag")
    )
    try:
        answer = await visit.services.consultations.WithdrawConsultation(request, timeout=CHANGE_SECONDS)
    except CAN_BE_MENDED as error:
        return await _form(visit, "consultations/withdraw.html", _with(form, error))
    return await _done(visit, answer.consultation)


async def _form(visit: Visit, template: str, form: Answers) -> Response:
    case_id, wanted = visit.part("case_id"), visit.part("consultation_id")
    request = consultations_pb2.ListConsultationsRequest(case_id=case_id, page_size=OF_ONE_CASE)
    page = await visit.services.consultations.ListConsultations(request, timeout=READ_SECONDS)
    found = next((asked for asked in page.consultations if asked.consultation_id == wanted), None)
    if found is None:
        raise NotFound("consultation", wanted)
    form.put("etag", found.etag)
    facts = {"asked": found, "replies": REPLIES, "back": visit.url("case", case_id=case_id)}
    return await visit.show(template, 422 if form.errors else 200, form=form, **facts)


def _with(form: Answers, error: InboroughError) -> Answers:
    field = error.facts.get("field", "")
    form.wrong(field if field in ("urn", "sent_on", "replied_on", "reply", "text") else "", in_words(error))
    return form


async def _done(visit: Visit, asked: consultations_pb2.Consultation) -> Response:
    await visit.drop()
    notice = f"Recorded: {asked.setting_name}, {how_it_stands(asked)}."
    return await visit.go(visit.url("case", case_id=asked.case_id), notice)
