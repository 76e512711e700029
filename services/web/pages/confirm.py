"""Look once more at a decision, and record it."""

from __future__ import annotations

from starlette.responses import Response

from services.web.calls import CHANGE_SECONDS
from services.web.failures import CAN_BE_MENDED, in_words
from services.web.forms import Answers
from services.web.pages import decide
from services.web.pages.decision_form import FIELDS, TEXTS, check, chosen_pool, headline, to_request
from services.web.visit import Visit
from services.words.decisions import GROUNDS, outcome

TITLES = {
    "reason": "Why",
    "views_of_child": "The child's views, wishes and feelings",
    "views_of_parents": "The parents' views",
    "section_33_steps": "Steps considered to make mainstream work (s.33)",
    "urgency": "Why outside a panel",
}


async def show(visit: Visit) -> Response:
    """What is about to be recorded, beside the option ranked first, and what the record will lack."""
    form = await _begun(visit)
    if form is None:
        return await visit.go(_decide(visit))
    papers = await decide.read_papers(visit, form)
    check(form, papers)
    if form.errors:
        return await decide.show_form(visit, form, papers)
    request = to_request(form, papers)
    first = next((option for option in papers.ranking.options if option.rank == 1), None)
    return await visit.show(
        "decisions/confirm.html",
        papers=papers,
        request=request,
        headline=headline(form, papers),
        option=papers.option(chosen_pool(form)),
        first=first,
        texts=[(TITLES[name], getattr(request, name)) for name in TEXTS],
        lacking=[TITLES[name] for name in TEXTS if name.startswith("views_") and not getattr(request, name)],
        grounds=GROUNDS,
        panel=next((panel for panel in papers.panels if panel.panel_id == request.panel_id), None),
        back=_decide(visit),
    )


async def record(visit: Visit) -> Response:
    """Record it; once it answers it is never lost. What cannot be recorded is shown on the form, with why."""
    form = await _begun(visit)
    if form is None:
        return await visit.go(
            visit.url("case", case_id=visit.part("case_id")), "It was recorded already, or begun anew."
        )
    papers = await decide.read_papers(visit, form)
    request = to_request(form, papers)
    try:
        answer = await visit.services.decisions.RecordDecision(request, timeout=CHANGE_SECONDS)
    except CAN_BE_MENDED as error:
        field = error.facts.get("field", "")
        form.wrong(FIELDS.get(field, field), in_words(error))
        return await decide.show_form(visit, form, papers)
    await visit.drop(_decide(visit))
    decided = answer.decision
    said = outcome(decided)
    return await visit.go(
        visit.url("decision", decision_id=decided.decision_id), f"Decision {said[:1].lower()}{said[1:]}"
    )


async def _begun(visit: Visit) -> Answers | None:
    draft = await visit.house.store.find_draft(visit.session.user_id, _decide(visit))
    return Answers(draft.answers) if draft else None


def _decide(visit: Visit) -> str:
    return visit.url("decide", case_id=visit.part("case_id"))
