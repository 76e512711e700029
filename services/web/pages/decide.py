"""Write down what a panel decided about one child; the next page shows it before it is recorded."""

from __future__ import annotations

import asyncio

from starlette.responses import Response

from inborough.placement.v1 import consultations_pb2, decisions_pb2
from inborough.provision.v1 import provision_pb2
from services.web.calls import READ_SECONDS
from services.web.forms import Answers
from services.web.pages.decision_form import DEFER, OUTSIDE_A_PANEL, Papers
from services.web.pages.decision_form import check as check_form
from services.web.pages.options import rank, read_ranking
from services.web.pages.reading import panels_with, read_case, read_names, urns_of
from services.web.visit import Visit
from services.words.decisions import GROUNDS, IN_HAND
from services.words.pool_names import build_names
from shared.identity import PANEL_CHAIR

KINDS = {"defer": DEFER, "other": "other", "refuse": "refuse"}


async def show(visit: Visit) -> Response:
    """The form, filled in as far as is known; what was begun and not recorded is there again."""
    if in_hand := await read_in_hand(visit):
        return await visit.go(
            visit.url("decision", decision_id=in_hand),
            "The case has this decision in hand. Take it back before another is recorded.",
        )
    form = await visit.answers()
    asked = visit.asked("recommendation")
    if asked and asked != form.text("recommendation"):
        form = Answers({"request_id": [form.text("request_id")], "recommendation": [asked]})
    if not form.text("recommendation"):
        return await rank(visit)
    if chosen := visit.asked("pool") or KINDS.get(visit.asked("kind"), ""):
        form.put("choice", chosen)
    papers = await read_papers(visit, form)
    if not form.text("panel_id") and len(papers.panels) == 1:
        form.put("panel_id", papers.panels[0].panel_id)
    return await show_form(visit, form, papers)


async def check(visit: Visit) -> Response:
    """Keep what was filled in; on to the page that shows it, once the form is whole."""
    form = await visit.answers()
    papers = await read_papers(visit, form)
    check_form(form, papers)
    await visit.keep(form)
    if form.errors:
        return await show_form(visit, form, papers)
    return await visit.go(visit.url("confirm", case_id=visit.part("case_id")))


async def read_in_hand(visit: Visit) -> str:
    """The decision that the case has in hand; "" for none."""
    request = decisions_pb2.ListDecisionsRequest(case_id=visit.part("case_id"), page_size=50)
    listed = await visit.services.decisions.ListDecisions(request, timeout=READ_SECONDS)
    return next((each.decision_id for each in listed.decisions if each.state in IN_HAND), "")


async def read_papers(visit: Visit, form: Answers) -> Papers:
    """The papers of the case, with the ranking that the form is about. Raises NotFound, NeighbourDown."""
    case_id = visit.part("case_id")
    case, ranking, panels, consultations = await asyncio.gather(
        read_case(visit, case_id),
        read_ranking(visit, form.text("recommendation")),
        panels_with(visit, case_id),
        visit.services.consultations.ListConsultations(
            consultations_pb2.ListConsultationsRequest(case_id=case_id, page_size=100), timeout=READ_SECONDS
        ),
    )
    pools = provision_pb2.ListPlacePoolsRequest(first_day=ranking.first_day)
    names, listed = await asyncio.gather(
        read_names(visit, urns_of(case)), visit.services.provision.ListPlacePools(pools, timeout=READ_SECONDS)
    )
    return Papers(case, ranking, panels, list(consultations.consultations), names, build_names(listed.pools))


async def show_form(visit: Visit, form: Answers, papers: Papers) -> Response:
    """The form with what is wrong with it; from wherever it is shown, it is sent to its own page."""
    case_id = visit.part("case_id")
    return await visit.show(
        "decisions/decide.html",
        422 if form.errors else 200,
        form=form,
        papers=papers,
        grounds=GROUNDS,
        may_decide_alone=PANEL_CHAIR in visit.session.roles,
        outside=OUTSIDE_A_PANEL,
        action=visit.url("decide", case_id=case_id),
        back=visit.url("options", case_id=case_id, recommendation_id=papers.ranking.recommendation_id),
        back_text="Options",
    )
