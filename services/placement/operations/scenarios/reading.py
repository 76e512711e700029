"""Read scenarios and how far they have come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from inborough.placement.v1 import scenarios_pb2
from services.placement.operations.context import Context
from services.placement.scenario_wire import Standing, scenario_message
from services.placement.storage import scenarios, shards
from services.placement.storage.scenarios import StoredScenario
from shared.database import reading
from shared.errors import InvalidInput, NotFound

MOST_SCENARIOS, DEFAULT_SCENARIOS = 500, 100


@dataclass(frozen=True)
class ScenarioPage:
    """Scenarios, newest first, and where the next page starts ("" on the last)."""

    scenarios: list[scenarios_pb2.Scenario]
    next_page_token: str


def get_scenario(context: Context, scenario_id: str) -> scenarios_pb2.Scenario:
    """A scenario with its definition. Raises NotFound."""
    with reading(context.engine) as connection:
        return shown(connection, find(connection, scenario_id), with_definition=True)


def list_scenarios(context: Context, name: str, page_size: int, page_token: str) -> ScenarioPage:
    """A page of scenarios. Raises InvalidInput for a page size over 500 or an unknown token."""
    if not 0 <= page_size <= MOST_SCENARIOS:
        raise InvalidInput("page_size", f"must be from 1 to {MOST_SCENARIOS}, or 0 for {DEFAULT_SCENARIOS}")
    most = page_size or DEFAULT_SCENARIOS
    with reading(context.engine) as connection:
        rows = scenarios.list_scenarios(connection, name, most + 1, page_token)
        if rows is None:
            raise InvalidInput("page_token", "was not given by this call; start again without one")
        standings = _standings(connection, rows[:most])
    messages = [scenario_message(standing, with_definition=False) for standing in standings]
    return ScenarioPage(messages, rows[most - 1].scenario_id if len(rows) > most else "")


def find(connection: Connection, scenario_id: str) -> StoredScenario:
    """A scenario, or a baseline. Raises NotFound."""
    found = scenarios.find_scenario(connection, scenario_id)
    if found is None:
        raise NotFound("scenario", scenario_id, "See `inborough scenario list`.")
    return found


def shown(connection: Connection, scenario: StoredScenario, *, with_definition: bool = False) -> scenarios_pb2.Scenario:
    """A scenario as callers see it, as it stands in this transaction."""
    (standing,) = _standings(connection, [scenario])
    return scenario_message(standing, with_definition=with_definition)


def _standings(connection: Connection, found: Sequence[StoredScenario]) -> list[Standing]:
    counts = shards.count_shards(connection, {each for one in found for each in (one.scenario_id, one.baseline_id)})
    as_of = scenarios.list_days_of_worlds(connection, {one.world_hash for one in found})
    return [Standing(one, as_of[one.world_hash], counts[one.scenario_id], counts[one.baseline_id]) for one in found]
