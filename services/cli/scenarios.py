"""Making, watching and stopping scenarios."""

from __future__ import annotations

import time
from collections.abc import Callable

from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from inborough.common.v1 import common_pb2
from inborough.placement.v1 import scenarios_pb2
from inborough.provision.v1 import provision_pb2
from services import words
from services.cli import terminal
from services.cli.calls import CHANGE_SECONDS, Services, ask, ask_once
from services.cli.typed import typed
from services.words.pool_names import PlanNames, build_names
from services.words.scenarios import UNDER_WAY, doing
from shared.errors import NeighbourDown

LOOK_SECONDS = 0.5
PATIENCE_SECONDS = 60.0
CREATE_SECONDS = 300.0
Show = Callable[[scenarios_pb2.Scenario], None]


def create(services: Services, request: scenarios_pb2.CreateScenarioRequest) -> scenarios_pb2.Scenario:
    """Keep a scenario; gathering today's facts may take a while."""
    doing = "Gathering today's facts and keeping the scenario"
    return ask_once(services.scenarios.CreateScenario, request, doing, seconds=CREATE_SECONDS).scenario


def get(services: Services, scenario_id: str) -> scenarios_pb2.Scenario:
    """A scenario as it stands."""
    request = scenarios_pb2.GetScenarioRequest(scenario_id=scenario_id)
    return ask(services.scenarios.GetScenario, request, "Reading the scenario").scenario


def cancel(services: Services, scenario_id: str) -> scenarios_pb2.Scenario:
    """Stop a scenario between two replicates."""
    request = scenarios_pb2.CancelScenarioRequest(scenario_id=scenario_id)
    return ask_once(services.scenarios.CancelScenario, request, "Stopping the scenario").scenario


def result(services: Services, scenario_id: str) -> scenarios_pb2.GetScenarioResultResponse:
    """What a finished scenario comes to."""
    request = scenarios_pb2.GetScenarioResultRequest(scenario_id=scenario_id)
    return ask(services.scenarios.GetScenarioResult, request, "Reading the result", CHANGE_SECONDS)


def pool_names(services: Services, scenario: scenarios_pb2.Scenario) -> PlanNames:
    """What pools are called on the first day simulated."""
    first_day = common_pb2.Date(year=scenario.first_year, month=9, day=1)
    request = provision_pb2.ListPlacePoolsRequest(first_day=first_day)
    return build_names(
        ask(services.provision.ListPlacePools, request, "Reading the pools' names", CHANGE_SECONDS).pools
    )


def watch(services: Services, scenario_id: str, *, cancel_on_interrupt: bool = False) -> scenarios_pb2.Scenario:
    """Show how far a scenario has come until it is at its end; the scenario then.

    Ctrl-C ends the watching alone and says so, or with `cancel_on_interrupt` the scenario.
    """
    try:
        return _watch(services, scenario_id)
    except KeyboardInterrupt:
        if cancel_on_interrupt:
            cancel(services, scenario_id)
            terminal.say("Stopped. Nothing of it is half-done; its baseline is kept for the next scenario.")
        else:
            terminal.say(f"The scenario goes on without you. See it: {typed(f'scenario watch {scenario_id}')}")
            terminal.say(f"Stop it: {typed(f'scenario cancel {scenario_id}')}")
        raise


def _watch(services: Services, scenario_id: str) -> scenarios_pb2.Scenario:
    if not terminal.errors().is_terminal:
        return _follow(services, scenario_id, _Lines())
    columns = TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:,.0f} of {task.total:,.0f}")
    with Progress(*columns, TimeRemainingColumn(), console=terminal.errors(), transient=True) as progress:
        task = progress.add_task("Simulating", total=1)

        def show(scenario: scenarios_pb2.Scenario) -> None:
            done = scenario.progress
            progress.update(task, description=doing(scenario), completed=done.replicates_done, total=done.replicates)

        return _follow(services, scenario_id, show)


def _follow(services: Services, scenario_id: str, show: Show) -> scenarios_pb2.Scenario:
    """Look until the scenario is at its end. A service that is away for a while is waited for."""
    silent_since: float | None = None
    while True:
        try:
            scenario = get(services, scenario_id)
        except NeighbourDown:
            silent_since = silent_since or time.monotonic()
            if time.monotonic() - silent_since > PATIENCE_SECONDS:
                raise
        else:
            silent_since = None
            show(scenario)
            if scenario.state not in UNDER_WAY:
                return scenario
        time.sleep(LOOK_SECONDS)


class _Lines:
    """Progress where there is no terminal: a line for each tenth."""

    def __init__(self) -> None:
        self._said = ""

    def __call__(self, scenario: scenarios_pb2.Scenario) -> None:
        done = scenario.progress
        tenth = 10 * done.replicates_done // max(1, done.replicates)
        line = f"{doing(scenario)}: {10 * tenth} % of {words.counted(done.replicates, 'replicate')}"
        if line != self._said:
            terminal.say(line)
        self._said = line
