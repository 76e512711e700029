"""Record a step of representation, mediation or appeal about a decision, or correct one."""

from __future__ import annotations

from starlette.responses import Response

from inborough.placement.v1 import appeals_pb2, decisions_pb2
from services.web.calls import CHANGE_SECONDS, READ_SECONDS
from services.web.failures import CAN_BE_MENDED, in_words
from services.web.forms import REQUEST_ID, Answers
from services.web.visit import Visit
from services.words import appeals as appeal_words
from shared.days import to_wire
from shared.errors import InboroughError

KINDS = {
    appeals_pb2.AppealStepKind.Name(kind).removeprefix("APPEAL_STEP_KIND_").casefold(): text
    for kind, text in appeal_words.KINDS.items()
}
OUTCOMES = {
    appeals_pb2.AppealOutcome.Name(outcome).removeprefix("APPEAL_OUTCOME_").casefold(): text
    for outcome, text in appeal_words.OUTCOMES.items()
}
FIELDS = ("kind", "happened_on", "outcome", "reference")


async def show(visit: Visit) -> Response:
    """The form; with `replaces` after "?" it corrects the step of that number."""
    form = await visit.answers()
    if form.text("replaces") != visit.asked("replaces"):
        form = _anew(form, visit.asked("replaces"))
    return await _form(visit, form, await _read(visit))


async def record(visit: Visit) -> Response:
    """Record it, with the rules of the service: what does not fit is said at its field."""
    form = await visit.answers()
    decision = await _read(visit)
    _check(form, decision)
    if form.errors:
        return await _form(visit, form, decision)
    request = _request(form, decision.decision_id)
    try:
        answer = await visit.services.decisions.RecordAppealStep(request, timeout=CHANGE_SECONDS)
    except CAN_BE_MENDED as error:
        return await _form(visit, _with(form, error), decision)
    await visit.drop()
    notice = f"Recorded: {appeal_words.step(answer.decision.appeal.steps[-1])}."
    return await visit.go(visit.url("decision", decision_id=decision.decision_id), notice)


def _anew(form: Answers, replaces: str) -> Answers:
    """The form empty, for another step than the one that was begun."""
    fresh = Answers()
    fresh.put(REQUEST_ID, form.text(REQUEST_ID))
    fresh.put("replaces", replaces)
    return fresh


async def _read(visit: Visit) -> decisions_pb2.Decision:
    request = decisions_pb2.GetDecisionRequest(decision_id=visit.part("decision_id"))
    return (await visit.services.decisions.GetDecision(request, timeout=READ_SECONDS)).record.decision


def _check(form: Answers, decision: decisions_pb2.Decision) -> None:
    """Whether the form is whole; what goes with what is for the service to say. A correction keeps its step's kind."""
    corrected = _corrected(form, decision)
    if corrected is not None:
        form.put("kind", _code(corrected.kind))
    form.one_of("kind", KINDS, "Say what happened")
    if not _is_taken_back(form):
        form.day("happened_on", "Enter the day that it happened")
    if form.text("outcome"):
        form.one_of("outcome", OUTCOMES, "Choose how the appeal ended")


def _request(form: Answers, decision_id: str) -> decisions_pb2.RecordAppealStepRequest:
    """The step as it is sent. The same form makes the same request, so that it counts once."""
    request = decisions_pb2.RecordAppealStepRequest(
        request_id=form.text(REQUEST_ID),
        decision_id=decision_id,
        etag=form.text("etag"),
        kind=appeals_pb2.AppealStepKind.Value(f"APPEAL_STEP_KIND_{form.text('kind').upper()}"),
        replaces=form.number("replaces"),
    )
    day = form.day("happened_on")
    if day is None or _is_taken_back(form):
        return request
    request.happened_on.CopyFrom(to_wire(day))
    request.reference = form.text("reference")
    if form.text("outcome"):
        request.outcome = appeals_pb2.AppealOutcome.Value(f"APPEAL_OUTCOME_{form.text('outcome').upper()}")
    return request


def _is_taken_back(form: Answers) -> bool:
    return bool(form.number("replaces")) and form.has("never", "yes")


def _code(kind: appeals_pb2.AppealStepKind.ValueType) -> str:
    return appeals_pb2.AppealStepKind.Name(kind).removeprefix("APPEAL_STEP_KIND_").casefold()


def _corrected(form: Answers, decision: decisions_pb2.Decision) -> appeals_pb2.AppealStep | None:
    number = form.number("replaces")
    return next((each for each in decision.appeal.steps if number and each.number == number), None)


async def _form(visit: Visit, form: Answers, decision: decisions_pb2.Decision) -> Response:
    form.put("etag", decision.etag)
    corrected = _corrected(form, decision)
    named = decision.state == decisions_pb2.DECISION_STATE_NAMED
    return await visit.show(
        "decisions/appeal.html",
        422 if form.errors else 200,
        form=form,
        made=decision,
        corrected=corrected,
        named=named,
        kinds=KINDS,
        outcomes=OUTCOMES,
        ends=corrected is None or corrected.kind == appeals_pb2.APPEAL_STEP_KIND_APPEAL_DECIDED,
        begins=corrected is None or corrected.kind == appeals_pb2.APPEAL_STEP_KIND_APPEAL_REGISTERED,
        back=visit.url("decision", decision_id=decision.decision_id),
    )


def _with(form: Answers, error: InboroughError) -> Answers:
    field = error.facts.get("field", "")
    form.wrong(field if field in FIELDS else "", in_words(error))
    return form
