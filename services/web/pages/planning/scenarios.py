"""Scenarios: the list, one as it stands or what it comes to, stopping it."""

from __future__ import annotations

from starlette.responses import Response

from inborough.placement.v1 import scenarios_pb2
from services.web.calls import CHANGE_SECONDS, READ_SECONDS
from services.web.failures import CAN_BE_MENDED, in_words
from services.web.pages.planning.result import show_result
from services.web.visit import Visit
from services.words.scenarios import FINISHED, UNDER_WAY, title
from shared.ids import new_id

A_PAGE = 50


async def show_all(visit: Visit) -> Response:
    """Newest first; those finished can be put beside each other."""
    request = scenarios_pb2.ListScenariosRequest(page_size=A_PAGE, page_token=visit.asked("after"))
    page = await visit.services.scenarios.ListScenarios(request, timeout=READ_SECONDS)
    wrong = "Choose two to six scenarios" if visit.asked("wrong") == "count" else ""
    return await visit.show("planning/scenarios.html", page=page, FINISHED=FINISHED, wrong=wrong)


async def show(visit: Visit) -> Response:
    """How far it has come, or what it comes to."""
    request = scenarios_pb2.GetScenarioRequest(scenario_id=visit.part("scenario_id"))
    scenario = (await visit.services.scenarios.GetScenario(request, timeout=READ_SECONDS)).scenario
    if scenario.state == FINISHED:
        return await show_result(visit, scenario)
    return await visit.show(
        "planning/scenario.html",
        scenario=scenario,
        under_way=scenario.state in UNDER_WAY,
        back=visit.url("scenarios"),
        back_text="Scenarios",
    )


async def cancel(visit: Visit) -> Response:
    """Stop it between two runs."""
    scenario_id = visit.part("scenario_id")
    request = scenarios_pb2.CancelScenarioRequest(request_id=new_id("req"), scenario_id=scenario_id)
    here = visit.url("scenario", scenario_id=scenario_id)
    try:
        answer = await visit.services.scenarios.CancelScenario(request, timeout=CHANGE_SECONDS)
    except CAN_BE_MENDED as error:  # it ended meanwhile
        return await visit.go(here, in_words(error))
    return await visit.go(here, f"{title(answer.scenario)} is stopped. Its baseline is kept for the next scenario.")
