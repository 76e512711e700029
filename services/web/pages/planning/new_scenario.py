"""Make a scenario: from the builder's fields, or from a definition written out."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from starlette.responses import Response

from inborough.placement.v1 import scenarios_pb2
from services.planning.definition_text import definition_text
from services.planning.scenario_template import scenario_template
from services.web.calls import READ_SECONDS
from services.web.forms import REQUEST_ID, Answers
from services.web.pages.planning import levers
from services.web.pages.planning.choices import read_choices
from services.web.pages.planning.definition import Built, build
from services.web.pages.planning.filling import fill
from services.web.pages.planning.making import make
from services.web.pages.planning.years import next_year
from services.web.visit import Visit
from shared.ids import new_id

USUAL = {"years": "5", "replicates": "200", "seed": "1"}
PATH = re.compile(r"(?:definition: )?([A-Za-z_]\w*(?:\[\d+\]|\.\w+)*): (.*)", re.DOTALL)


async def show(visit: Visit) -> Response:
    """The builder, as it was left."""
    form = await visit.answers()
    if not form.kept:
        for name, value in USUAL.items():
            form.put(name, value)
    form.kept = form.kept and not visit.asked("added")
    return await _builder(visit, form)


async def act(visit: Visit) -> Response:
    """Add a row, go on to the definition as text, or make the scenario."""
    form = await visit.answers()
    if more := form.text("more"):
        lever = next((each for each in levers.LEVERS if each.key == more), levers.OPEN)
        row = levers.rows_of(form, lever)
        form.put(levers.name_of(lever, min(row, levers.MOST_ROWS - 1), lever.fields[0].key), "")
        form.put("more", "")
        await visit.keep(form)
        return await visit.go(f"{visit.path}?added={lever.key}#{levers.name_of(lever, row, lever.fields[0].key)}")
    built = build(form, next_year())
    if form.text("go") == "text":
        return await _to_text(visit, form, built)
    form.need("name", "Enter a name for the scenario")
    if not form.errors:
        _check(form, built)
    if form.errors:
        await visit.keep(form)
        return await _builder(visit, form)
    request = scenarios_pb2.CreateScenarioRequest(
        request_id=form.text(REQUEST_ID),
        definition=definition_text(built.definition),
        based_on=form.text("based_on"),
    )
    made = await make(visit, form, request)
    if isinstance(made, str):
        _say(form, built, made)
        return await _builder(visit, form)
    return made


def _check(form: Answers, built: Built) -> None:
    """Say beside its field which rule the definition breaks, as the service would."""
    from services.placement.forecast.simulation.levers import read_definition

    try:
        read_definition(built.definition)
    except ValueError as error:
        _say(form, built, str(error))


def _say(form: Answers, built: Built, said: str) -> None:
    match = PATH.fullmatch(f"{said[:1].casefold()}{said[1:]}")
    if match and (field := built.field_of(match[1])):
        form.wrong(field.removesuffix("-day"), f"{_label(field)}: {match[2]}")
    else:
        form.wrong("", said)


def _label(field: str) -> str:
    """What a field is called on the form."""
    known = {f"{lever.key}-{each.key}": each.label for lever in levers.LEVERS for each in lever.fields}
    known |= {f"{group}-{each.key}": each.label for group, fields in levers.GROUPS.items() for each in fields}
    known |= {f"money-{each.key}": each.label for each in levers.MONEY} | {
        each.key: each.label for each in levers.BASICS
    }
    plain = re.sub(r"-\d+-", "-", field.removesuffix("-day"))
    return known.get(plain, plain)


async def _builder(visit: Visit, form: Answers) -> Response:
    choices = await read_choices(visit, form)
    return await visit.show(
        "planning/new_scenario.html",
        422 if form.errors else 200,
        form=form,
        choices=choices,
        levers=levers,
        first_year=next_year(),
        where=where_errors_lead(form),
        back=visit.url("scenarios"),
    )


def where_errors_lead(form: Answers) -> dict[str, str]:
    """Ids of the first part of days, which have no field of their own name."""
    return {name: f"{name}-day" for name in form.errors if name.endswith(("-opens", "-closes"))}


async def _to_text(visit: Visit, form: Answers, built: Built) -> Response:
    await visit.keep(form)
    told = {key: value for key, value in built.definition.items() if value != ""}
    text = Answers({"definition": [definition_text(_without_none(told))], "request_id": [new_id("req")]})
    text.put("based_on", form.text("based_on"))
    path = visit.url("scenario_text")
    await visit.keep(text, path)
    return await visit.go(path)


def _without_none(value: Any) -> Any:
    """What could not be read on the form is left out."""
    if isinstance(value, dict):
        return {key: _without_none(each) for key, each in value.items() if each is not None}
    return [_without_none(each) for each in value] if isinstance(value, list) else value


async def show_text(visit: Visit) -> Response:
    """The definition as text; the template to begin with."""
    form = await visit.answers()
    if not form.text("definition"):
        form.put("definition", scenario_template(next_year()))
    return await _text_form(visit, form)


async def act_text(visit: Visit) -> Response:
    """Make the scenario that the text says."""
    form = await visit.answers()
    form.need("definition", "Write a definition")
    if form.errors:
        return await _text_form(visit, form)
    request = scenarios_pb2.CreateScenarioRequest(
        request_id=form.text(REQUEST_ID), definition=form.text("definition"), based_on=form.text("based_on")
    )
    made = await make(visit, form, request)
    if isinstance(made, str):
        form.wrong("definition", made)
        return await _text_form(visit, form)
    return made


async def _text_form(visit: Visit, form: Answers) -> Response:
    back = visit.url("new_scenario")
    return await visit.show("planning/scenario_text.html", 422 if form.errors else 200, form=form, back=back)


async def clone(visit: Visit) -> Response:
    """A scenario's definition in the builder, or where it says more than the builder holds, as text."""
    request = scenarios_pb2.GetScenarioRequest(scenario_id=visit.part("scenario_id"))
    scenario = (await visit.services.scenarios.GetScenario(request, timeout=READ_SECONDS)).scenario
    try:
        form = fill(tomllib.loads(scenario.definition))
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError):
        form = None
    page = "new_scenario" if form else "scenario_text"
    found = form or Answers({"definition": [scenario.definition]})
    found.put(REQUEST_ID, new_id("req"))
    found.put("based_on", scenario.scenario_id)
    await visit.keep(found, visit.url(page))
    return await visit.go(visit.url(page), f"This is a copy of {scenario.name}. Change what should differ.")
