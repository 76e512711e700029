"""How a scenario goes on when one of its shards is done, or cannot be done."""

from __future__ import annotations

from sqlalchemy import Connection

from services.placement.domain.scenarios import UNDER_WAY, ShardKind, ShardState, State
from services.placement.storage import scenarios, shards
from services.placement.storage.scenarios import StoredScenario
from shared import identity
from shared.days import now_utc
from shared.event_log import record_event
from shared.logs import log

SIMULATING = (State.WAITING, State.RUNNING)


def start(connection: Connection, scenario_id: str) -> None:
    """A worker is about to take its first shard."""
    scenarios.move(connection, scenario_id, [State.WAITING], State.RUNNING, started_at_utc=now_utc())


def go_on(connection: Connection, scenario: StoredScenario) -> None:
    """Let summaries be taken when this was the last shard that they waited for. The family is locked."""
    if shards.replicates_left(connection, scenario.scenario_id):
        return
    if scenario.is_baseline:
        scenarios.move(connection, scenario.scenario_id, SIMULATING, State.FINISHED, ended_at_utc=now_utc())
        for waiting in scenarios.list_under_way(connection, scenario.scenario_id):
            if not shards.replicates_left(connection, waiting.scenario_id):
                _let_sum_up(connection, waiting.scenario_id)
    elif not shards.replicates_left(connection, scenario.baseline_id):
        _let_sum_up(connection, scenario.scenario_id)


def _let_sum_up(connection: Connection, scenario_id: str) -> None:
    if scenarios.move(connection, scenario_id, SIMULATING, State.SUMMING_UP):
        shards.make_ready(connection, scenario_id, ShardState.HELD_BACK, ShardKind.SUMMARY)


def finish(connection: Connection, scenario: StoredScenario, figures: bytes) -> bool:
    """Keep what a scenario came to; False when it was cancelled meanwhile. The last write of its transaction."""
    ended = {"ended_at_utc": now_utc()}
    if not scenarios.move(connection, scenario.scenario_id, [State.SUMMING_UP], State.FINISHED, **ended):
        return False
    scenarios.keep_figures(connection, scenario.scenario_id, figures)
    tell(connection, scenario, "scenario_finished")
    return True


def fail(connection: Connection, scenario: StoredScenario, because: str) -> None:
    """End a scenario that cannot be simulated; with a baseline all that wait for it. `because` is a plain sentence."""
    scenarios.lock_family(connection, scenario.baseline_id)
    ended = {"ended_at_utc": now_utc(), "failed_because": because}
    theirs = scenarios.list_under_way(connection, scenario.scenario_id) if scenario.is_baseline else []
    for each in (scenario, *theirs):
        if scenarios.move(connection, each.scenario_id, UNDER_WAY, State.FAILED, **ended):
            log("scenario_failed", "error", scenario_id=each.scenario_id)
            tell(connection, each, "scenario_failed")


def tell(connection: Connection, scenario: StoredScenario, event: str) -> None:
    """Write an event about a scenario, in the caller's transaction. Its name is free text and is left out."""
    record_event(
        connection,
        event,
        on_behalf_of="" if identity.current().person else scenario.created_by,
        scenario_id=scenario.scenario_id,
        version=scenario.version,
        baseline_id=scenario.baseline_id,
        based_on=scenario.based_on or None,
        facts_hash=scenario.world_hash,
        policy=scenario.policy,
        years=scenario.years,
        replicates=scenario.replicates,
        seed=scenario.seed,
    )
