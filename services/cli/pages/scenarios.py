"""Scenarios and how far they have come."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import RenderableType

from inborough.placement.v1 import scenarios_pb2
from services import words
from services.cli import terminal
from services.cli.pages.message_json import message_json
from services.cli.pages.paging import more
from services.cli.typed import typed
from services.words.scenarios import FINISHED, UNDER_WAY, doing, span, state, title


def scenario_page(scenario: scenarios_pb2.Scenario) -> Iterator[RenderableType]:
    """One that has no result, or none yet, and what to do next."""
    yield terminal.heading(title(scenario))
    yield terminal.facts(
        [
            ("Scenario", scenario.scenario_id),
            ("State", state(scenario)),
            ("Why", scenario.failed_because),
            ("Years", span(scenario)),
            ("Replicates", f"{scenario.replicates:,}, seed {scenario.seed}"),
            ("Policy", scenario.policy),
            ("Facts of", words.day(scenario.facts_as_of)),
            ("Made", f"{words.instant(scenario.created_time)} by {scenario.created_by}"),
            ("Based on", scenario.based_on),
        ]
    )
    yield f"Next: {_next(scenario)}"


def _next(scenario: scenarios_pb2.Scenario) -> str:
    if scenario.state in UNDER_WAY:
        return typed(f"scenario watch {scenario.scenario_id}")
    if scenario.state == FINISHED:
        return typed(f"scenario show {scenario.scenario_id}")
    return typed(f"scenario new --based-on {scenario.scenario_id}")


def scenarios_page(page: scenarios_pb2.ListScenariosResponse) -> Iterator[RenderableType]:
    """A row each, newest first."""
    if not page.scenarios:
        yield f"There is no scenario yet. Start with: {typed('scenario template')} > first.toml"
        return
    columns = ("Id", "Name", "State", "Years", "Runs", "Made")
    rows = [
        (
            each.scenario_id,
            title(each),
            _short_state(each),
            span(each),
            f"{each.replicates:,}",
            words.instant(each.created_time),
        )
        for each in page.scenarios
    ]
    yield terminal.table(columns, rows, right=("Runs",), whole=("Id",))
    yield from more(page.next_page_token)
    yield f"Next: {typed(f'scenario show {page.scenarios[0].scenario_id}')}"


def _short_state(scenario: scenarios_pb2.Scenario) -> str:
    done = scenario.progress
    if scenario.state != scenarios_pb2.SCENARIO_STATE_RUNNING:
        return doing(scenario).lower()
    return f"simulating, {100 * done.replicates_done // max(1, done.replicates)} %"


def scenario_json(scenario: scenarios_pb2.Scenario) -> dict[str, Any]:
    """Every field; docs/json.md says what each is."""
    return message_json(scenario)


def scenarios_json(page: scenarios_pb2.ListScenariosResponse) -> dict[str, Any]:
    """A page of scenarios, without definitions."""
    return {
        "scenarios": [
            {name: value for name, value in scenario_json(each).items() if name != "definition"}
            for each in page.scenarios
        ],
        "next_page_token": page.next_page_token,
    }
