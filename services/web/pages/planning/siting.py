"""Which bids to fund within a capital budget: the form, the search as it goes on, and the set it finds."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from inborough.placement.v1 import scenarios_pb2
from services.planning.refused import Refused
from services.planning.template_texts import text
from services.web.calls import CHANGE_SECONDS, READ_SECONDS
from services.web.failures import CAN_BE_MENDED, in_words
from services.web.forms import Answers
from services.web.pages.downloads import as_download
from services.web.pages.planning.work import find_task, show_task
from services.web.visit import Visit
from services.words.scenarios import FINISHED, title
from shared.imports.report import SourceFile
from shared.pence import parse_pounds

PROCESS = "services.planning.siting.process"
PRICES = {
    "inmss_fee": ("63000", "INMSS fee, pounds a child and year"),
    "inmss_transport": ("8116", "INMSS transport, pounds a child and year"),
    "near_transport": ("1526", "Transport within an area, pounds a child and year"),
    "far_transport": ("8116", "Transport to another area, pounds a child and year"),
}
"""Published averages, not the authority's own."""
USUAL = {"gap": "1", "runners_up": "3", "seconds": "120", "discount": "3.5", "paths": "", "seed": "1"}
LISTED = 100


async def show(visit: Visit) -> Response:
    """The form."""
    form = Answers(
        {**{name: [value] for name, value in USUAL.items()}, **{name: [value] for name, (value, _) in PRICES.items()}}
    )
    form.put("scenario", visit.asked("scenario"))
    return await _form(visit, form)


async def act(visit: Visit) -> Response:
    """Check everything, and begin to search."""
    form = Answers(visit.sent)
    pence = {f"{name}_pence": _pence(form, name) for name in (*PRICES, "budget")}
    seed = int(_within(form, "seed", 0, 2**31 - 1))
    choices = {
        "budget_pence": pence.pop("budget_pence"),
        "discount_rate": _within(form, "discount", 0, 20) / 100,
        "seed": seed,
    }
    search = {
        "gap": _within(form, "gap", 0, 50) / 100,
        "runners_up": int(_within(form, "runners_up", 0, 10)),
        "seconds": _within(form, "seconds", 1, 3600),
    }
    paths = int(_within(form, "paths", 1, 1000)) if form.text("paths") else None
    bids = await _bids(visit, form)
    demand = await _demand(visit, form, paths, seed)
    if form.errors or bids is None or demand is None:
        return await _form(visit, form)
    wanted = {"bids": bids, "demand": demand, "prices": pence, "choices": choices, "search": search}
    task_id = visit.house.tasks.start(visit.session.user_id, PROCESS, wanted, {"what": "Choosing bids"})
    return await visit.go(visit.url("sited", task_id=task_id))


def _pence(form: Answers, name: str) -> int:
    try:
        found = parse_pounds(form.text(name))
    except ValueError:
        found = -1
    if found < 0:
        form.wrong(name, "Enter pounds, 0 or more, such as 3,300,000")
    return found


def _within(form: Answers, name: str, low: float, high: float) -> float:
    try:
        found = float(form.text(name))
    except ValueError:
        found = low - 1
    if not low <= found <= high:
        form.wrong(name, f"Enter a number from {low:g} to {high:,}")
        return low
    return found


async def _bids(visit: Visit, form: Answers) -> dict[str, str] | None:
    """The file, once every row of it is right."""
    from services.planning.siting.bids import read_bids

    files = visit.files.get("bids", [])
    if not files:
        form.wrong("bids", "Choose the file of bids")
        return None
    try:
        await run_in_threadpool(read_bids, files[0])
    except Refused as error:
        form.wrong("bids", f"{error.message} {error.advice}".strip())
        return None
    return {"name": files[0].name, "content": base64.b64encode(files[0].content).decode()}


async def _demand(visit: Visit, form: Answers, paths: int | None, seed: int) -> dict[str, Any] | None:
    """Of a finished scenario, or of a file."""
    from services.planning.siting.demand import demand_from, read_demand
    from services.planning.siting.process import demand_json

    files: list[SourceFile] = list(visit.files.get("demand", []))
    if bool(files) == bool(form.text("scenario")):
        form.wrong("scenario", "Choose a finished scenario, or a file of demand, and not both")
        return None
    try:
        if files:
            found = await run_in_threadpool(read_demand, files[0])
        else:
            request = scenarios_pb2.GetScenarioDemandRequest(scenario_id=form.text("scenario"))
            found = demand_from(await visit.services.scenarios.GetScenarioDemand(request, timeout=CHANGE_SECONDS))
    except Refused as error:
        form.wrong("demand" if files else "scenario", f"{error.message} {error.advice}".strip())
        return None
    except CAN_BE_MENDED as error:
        form.wrong("scenario", in_words(error))
        return None
    return demand_json(found.sampled(paths, seed))


async def _form(visit: Visit, form: Answers) -> Response:
    request = scenarios_pb2.ListScenariosRequest(page_size=LISTED)
    page = await visit.services.scenarios.ListScenarios(request, timeout=READ_SECONDS)
    return await visit.show(
        "planning/siting.html",
        422 if form.errors else 200,
        form=form,
        finished=[(each.scenario_id, title(each)) for each in page.scenarios if each.state == FINISHED],
        prices=PRICES,
        back=visit.url("money"),
        back_text="Money",
    )


async def show_answer(visit: Visit) -> Response:
    """How far the search is, or the set that it found."""
    task = find_task(visit)
    if task.answer and visit.asked("get") == "xlsx":
        return as_download(base64.b64decode(task.answer["xlsx"]), "bids-to-fund", "xlsx")
    facts = answer_facts(task.answer) if task.answer else {}
    return await show_task(visit, task, "planning/sited.html", visit.url("siting"), **facts)


def answer_facts(answer: Mapping[str, Any]) -> dict[str, Any]:
    """What the page shows of an answer: the best set with its bids, and the next best beside it."""
    best, bids = answer["best"], answer["bids"]
    others = [(str(at), one) for at, one in enumerate(answer["runners_up"], start=2)]
    return {
        "answer": answer,
        "best": best,
        "funded": [(ref, bids[ref], best["children"][ref]) for ref in best["bids"]],
        "sets": [("1, the best", best), *others, ("None funded", answer["nothing"])],
        "left_out": [ref for ref in bids if ref not in best["bids"]],
    }


async def stop(visit: Visit) -> Response:
    """Stop the search."""
    visit.house.tasks.stop(find_task(visit))
    return await visit.go(visit.url("siting"), "Stopped. No bids were chosen.")


async def template_of_bids(visit: Visit) -> Response:
    """The file of bids to put one's own rows into."""
    return as_download(text("bids").encode(), "bids-template", "csv")


async def template_of_measures(visit: Visit) -> Response:
    """The file of measures to put one's own rows into."""
    return as_download(text("kpi").encode(), "measures-template", "csv")
