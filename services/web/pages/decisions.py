"""Decisions: the list, one with its whole record, naming its place, taking it back."""

from __future__ import annotations

from starlette.responses import Response

from inborough.placement.v1 import decisions_pb2, panels_pb2, placement_pb2
from services.web.calls import CHANGE_SECONDS, READ_SECONDS
from services.web.failures import CAN_BE_MENDED, in_words
from services.web.forms import REQUEST_ID, Answers
from services.web.visit import Visit
from services.words import what_if
from services.words.cases import case_facts, case_line
from services.words.decisions import GROUNDS, REACHED, outcome
from services.words.pool_names import build_names
from shared.days import to_wire
from shared.errors import InboroughError

A_PAGE = 50
CAN_BE_NAMED = (decisions_pb2.DECISION_STATE_OFFERED, decisions_pb2.DECISION_STATE_NAMED)
CAN_BE_TAKEN_BACK = (
    decisions_pb2.DECISION_STATE_REQUESTED,
    decisions_pb2.DECISION_STATE_OFFERED,
    decisions_pb2.DECISION_STATE_DEFERRED,
    decisions_pb2.DECISION_STATE_REFUSED,
)


async def show_all(visit: Visit) -> Response:
    """Decisions, newest first."""
    request = decisions_pb2.ListDecisionsRequest(
        case_id=visit.asked("case"),
        panel_id=visit.asked("panel"),
        page_size=A_PAGE,
        page_token=visit.asked("after"),
        only_under_appeal=visit.asked("appeal") == "yes",
    )
    page = await visit.services.decisions.ListDecisions(request, timeout=READ_SECONDS)
    asked = {name: visit.asked(name) for name in ("case", "panel", "appeal")}
    return await visit.show("decisions/all.html", page=page, asked=asked)


async def show(visit: Visit) -> Response:
    """The whole record: what was ranked, both ledgers, the views, who sat, who signed, what is lacking."""
    record = await _read(visit)
    made, names = record.decision, _names(record)
    chosen = next((each for each in record.recommendation.options if each.pool_id == made.pool_id != ""), None)
    unsigned = record.HasField("panel") and record.panel.state != panels_pb2.PANEL_STATE_CLOSED
    return await visit.show(
        "decisions/decision.html",
        record=record,
        made=made,
        said=outcome(made),
        names=names,
        chosen=chosen,
        case_line=case_line(record.case),
        case_facts=case_facts(record.case, names),
        grounds=GROUNDS,
        reached=REACHED,
        place=build_names(record.pools).pool(made.pool_id),
        unsigned=unsigned,
        can_name=made.state in CAN_BE_NAMED and not unsigned and not record.HasField("appeal_letter_on"),
        can_take_back=made.state in CAN_BE_TAKEN_BACK,
        back=visit.url("case", case_id=made.case_id) if visit.may_see("case") else visit.url("decisions"),
    )


async def _read(visit: Visit) -> decisions_pb2.DecisionRecord:
    request = decisions_pb2.GetDecisionRequest(decision_id=visit.part("decision_id"))
    return (await visit.services.decisions.GetDecision(request, timeout=READ_SECONDS)).record


def _names(record: decisions_pb2.DecisionRecord) -> dict[int, str]:
    options: list[placement_pb2.Option] = list(record.recommendation.options)
    pools = {pool.setting.urn: pool.setting.name for pool in record.pools}
    consulted = {asked.urn: asked.setting_name for asked in record.consultations}
    named = {option.urn: option.setting_name for option in options}
    return {**what_if.names(record.recommendation), **named, **pools, **consulted}


async def show_name(visit: Visit) -> Response:
    """The form that names the place in the plan."""
    return await _name_form(visit, await visit.answers())


async def name(visit: Visit) -> Response:
    """Name it: the offer is confirmed and the child placed from the first day."""
    form = await visit.answers()
    letter = form.day("appeal_letter_on")
    if form.errors:
        return await _name_form(visit, form)
    request = decisions_pb2.NamePlacementRequest(
        request_id=form.text(REQUEST_ID),
        decision_id=visit.part("decision_id"),
        etag=form.text("etag"),
        appeal_letter_on=to_wire(letter) if letter else None,
    )
    try:
        answer = await visit.services.decisions.NamePlacement(request, timeout=CHANGE_SECONDS)
    except CAN_BE_MENDED as error:
        return await _name_form(visit, _with(form, error, "appeal_letter_on"))
    return await _done(visit, answer.decision)


async def _name_form(visit: Visit, form: Answers) -> Response:
    record = await _read(visit)
    form.put("etag", record.decision.etag)
    return await _form(visit, "decisions/name.html", form, record)


async def show_withdraw(visit: Visit) -> Response:
    """The form that takes a decision back."""
    return await _withdraw_form(visit, await visit.answers())


async def withdraw(visit: Visit) -> Response:
    """Take it back, which frees its place; it stays on the record."""
    form = await visit.answers()
    reason = form.need("reason", "Say why it is taken back")
    if form.errors:
        return await _withdraw_form(visit, form)
    request = decisions_pb2.WithdrawDecisionRequest(
        request_id=form.text(REQUEST_ID),
        decision_id=visit.part("decision_id"),
        etag=form.text("etag"),
        reason=reason,
    )
    try:
        answer = await visit.services.decisions.WithdrawDecision(request, timeout=CHANGE_SECONDS)
    except CAN_BE_MENDED as error:
        return await _withdraw_form(visit, _with(form, error, "reason"))
    return await _done(visit, answer.decision)


async def _withdraw_form(visit: Visit, form: Answers) -> Response:
    record = await _read(visit)
    form.put("etag", record.decision.etag)
    return await _form(visit, "decisions/withdraw.html", form, record)


async def _form(visit: Visit, template: str, form: Answers, record: decisions_pb2.DecisionRecord) -> Response:
    back = visit.url("decision", decision_id=record.decision.decision_id)
    return await visit.show(template, 422 if form.errors else 200, form=form, made=record.decision, back=back)


def _with(form: Answers, error: InboroughError, field: str) -> Answers:
    form.wrong(field if error.facts.get("field") == field else "", in_words(error))
    return form


async def _done(visit: Visit, made: decisions_pb2.Decision) -> Response:
    await visit.drop()
    said = outcome(made)
    return await visit.go(visit.url("decision", decision_id=made.decision_id), f"{said[:1].upper()}{said[1:]}")
