"""Scenarios and how far they have come -> messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from inborough.placement.v1 import scenarios_pb2
from services.placement.domain.scenarios import UNDER_WAY, State
from services.placement.storage.scenarios import StoredScenario
from services.placement.storage.shards import Counts
from shared import days

STATES: Mapping[State, scenarios_pb2.ScenarioState.ValueType] = {
    State.WAITING: scenarios_pb2.SCENARIO_STATE_WAITING,
    State.RUNNING: scenarios_pb2.SCENARIO_STATE_RUNNING,
    State.SUMMING_UP: scenarios_pb2.SCENARIO_STATE_SUMMING_UP,
    State.FINISHED: scenarios_pb2.SCENARIO_STATE_FINISHED,
    State.CANCELLED: scenarios_pb2.SCENARIO_STATE_CANCELLED,
    State.FAILED: scenarios_pb2.SCENARIO_STATE_FAILED,
}


@dataclass(frozen=True)
class Standing:
    """A scenario, the day of its facts, and how far it and its baseline have come."""

    scenario: StoredScenario
    as_of: date
    own: Counts
    baseline: Counts


def scenario_message(standing: Standing, *, with_definition: bool) -> scenarios_pb2.Scenario:
    """A scenario as callers see it."""
    scenario = standing.scenario
    return scenarios_pb2.Scenario(
        scenario_id=scenario.scenario_id,
        name=scenario.name,
        version=scenario.version,
        state=STATES[scenario.state],
        definition=scenario.definition if with_definition else "",
        based_on=scenario.based_on,
        first_year=scenario.first_year,
        years=scenario.years,
        replicates=scenario.replicates,
        seed=scenario.seed,
        policy=scenario.policy,
        facts_hash=scenario.world_hash,
        facts_as_of=days.to_wire(standing.as_of),
        baseline_id=scenario.baseline_id,
        progress=_progress(standing),
        created_by=scenario.created_by,
        created_time=days.in_rfc3339(scenario.created_at_utc),
        started_time=_instant(scenario.started_at_utc),
        ended_time=_instant(scenario.ended_at_utc),
        failed_because=scenario.failed_because,
    )


def _progress(standing: Standing) -> scenarios_pb2.ScenarioProgress:
    scenario, parts = standing.scenario, (standing.own, standing.baseline)
    return scenarios_pb2.ScenarioProgress(
        shards_done=sum(part.done for part in parts),
        shards=sum(part.shards for part in parts),
        shards_in_hand=sum(part.leased for part in parts),
        replicates_done=sum(part.replicates_done for part in parts),
        replicates=2 * scenario.replicates,
        seconds=_seconds(scenario),
        worker_seconds=sum(part.seconds for part in parts),
    )


def _seconds(scenario: StoredScenario) -> float:
    if scenario.started_at_utc is None:
        return 0.0
    until = days.now_utc() if scenario.state in UNDER_WAY else scenario.ended_at_utc or scenario.started_at_utc
    return max(0.0, (until - scenario.started_at_utc).total_seconds())


def _instant(at: datetime | None) -> str:
    return days.in_rfc3339(at) if at else ""
