"""Stop a scenario, and its baseline when nothing else waits for it."""

from __future__ import annotations

from functools import partial

from sqlalchemy import Connection

from inborough.placement.v1 import scenarios_pb2
from services.placement.domain.scenarios import UNDER_WAY, State
from services.placement.operations.context import Context
from services.placement.operations.scenarios.reading import find, shown
from services.placement.steps.scenarios.standing import tell
from services.placement.storage import scenarios
from services.placement.storage.scenarios import StoredScenario
from shared.days import now_utc
from shared.errors import InvalidInput, WrongState
from shared.event_log.requests import answer_once


def cancel_scenario(
    context: Context, request: scenarios_pb2.CancelScenarioRequest
) -> scenarios_pb2.CancelScenarioResponse:
    """Stop it: its workers leave it between two replicates. Raises NotFound, WrongState once it has ended."""
    operation = partial(_cancel, scenario_id=request.scenario_id)
    return answer_once(context.engine, request, scenarios_pb2.CancelScenarioResponse, operation)


def _cancel(connection: Connection, scenario_id: str) -> scenarios_pb2.CancelScenarioResponse:
    scenario = find(connection, scenario_id)
    if scenario.is_baseline:
        raise InvalidInput("scenario_id", "is a baseline, which stops with the last scenario that waits for it")
    scenarios.lock_family(connection, scenario.baseline_id)
    cancelled = scenarios.move(connection, scenario_id, UNDER_WAY, State.CANCELLED, ended_at_utc=now_utc())
    if cancelled and not scenarios.list_under_way(connection, scenario.baseline_id):
        scenarios.move(connection, scenario.baseline_id, UNDER_WAY, State.CANCELLED, ended_at_utc=now_utc())
    scenario = find(connection, scenario_id)
    _need_cancelled(scenario)
    answer = scenarios_pb2.CancelScenarioResponse(scenario=shown(connection, scenario))
    if cancelled:
        tell(connection, scenario, "scenario_cancelled")
    return answer


def _need_cancelled(scenario: StoredScenario) -> None:
    if scenario.state is not State.CANCELLED:
        raise WrongState(f"The scenario is {scenario.state.in_words} already; there is nothing to stop.")
