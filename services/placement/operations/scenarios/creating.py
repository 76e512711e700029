"""Keep a scenario and its baseline, and let workers at them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

from sqlalchemy import Connection

from inborough.placement.v1 import scenarios_pb2
from services.placement.domain.scenarios import ShardKind, ShardState, State, cut_into_shards, is_name
from services.placement.forecast.simulation.levers import Definition
from services.placement.operations.context import Context
from services.placement.operations.known_worlds import World
from services.placement.operations.scenarios.reading import find, shown
from services.placement.operations.worlds import world_for
from services.placement.simulating import baseline_key, code_version, read_text
from services.placement.steps.hands import actor
from services.placement.steps.scenarios.standing import tell
from services.placement.storage import scenarios, shards
from services.placement.storage.scenarios import StoredScenario
from shared.database import reading
from shared.days import now_utc
from shared.errors import AlreadyExists, InvalidInput, WrongState
from shared.event_log.requests import answer_once, find_answer
from shared.ids import content_id, new_id
from shared.logs import log

LONGEST_DEFINITION = 200_000
NUMBERS: tuple[Literal["replicates", "years", "seed"], ...] = ("replicates", "years", "seed")
ATTEMPTS = 5
NAME_RULE = "1 to 80 letters, digits, spaces and . , - _ ( ), beginning with a letter or digit"
Request = scenarios_pb2.CreateScenarioRequest
Response = scenarios_pb2.CreateScenarioResponse


@dataclass(frozen=True)
class Wanted:
    """A scenario as it was asked for, checked as far as it can be without facts."""

    name: str
    text: str
    definition: Definition
    based_on: str


class NobodyWaits(WrongState):
    """Whoever wanted the scenario has gone before it was kept."""

    def __init__(self) -> None:
        super().__init__("Nobody waits for the scenario any more, so it is not kept.")


def create_scenario(context: Context, request: Request, still_wanted: Callable[[], bool]) -> Response:
    """Keep a scenario as the next version of its name; nothing once `still_wanted` says no.

    Raises InvalidInput (naming the place in the definition), NotFound, WrongState (NobodyWaits too), AlreadyExists,
    NeighbourDown.
    """
    with reading(context.engine) as connection:
        if (known := find_answer(connection, request, Response)) is not None:
            return known
        wanted = _wanted(connection, request)
    world = world_for(context, wanted.definition)
    if not still_wanted():
        raise NobodyWaits
    answer = answer_once(context.engine, request, Response, partial(keep, wanted=wanted, world=world))
    log("scenario_created", scenario_id=answer.scenario.scenario_id)
    return answer


def _wanted(connection: Connection, request: Request) -> Wanted:
    base = find(connection, request.based_on) if request.based_on else None
    if base is not None and base.is_baseline:
        raise InvalidInput("based_on", "is a baseline; name a scenario")
    text = request.definition or (base.definition if base else "")
    if not text:
        raise InvalidInput("definition", "write one (`inborough scenario template`), or name a scenario to base it on")
    if len(text) > LONGEST_DEFINITION or "\0" in text:
        raise InvalidInput("definition", f"must be text of at most {LONGEST_DEFINITION:,} characters")
    try:
        definition = read_text(text, _numbers(request, None if request.definition else base))
    except ValueError as error:
        raise InvalidInput("definition", str(error)) from None
    name = request.name or (base.name if base and not request.definition else definition.name)
    if not is_name(name):
        raise InvalidInput("name", NAME_RULE)
    return Wanted(name, text, definition, request.based_on)


def _numbers(request: Request, base: StoredScenario | None) -> dict[str, int]:
    """What is said beside the definition, or was when the scenario that this one repeats was made."""
    repeated: dict[str, int] = {name: getattr(base, name) for name in NUMBERS} if base else {}
    return repeated | {name: getattr(request, name) for name in NUMBERS if request.HasField(name)}


def keep(connection: Connection, wanted: Wanted, world: World) -> Response:
    """Keep a scenario over a world that it fits, its baseline and the shards of both. The last write is its event."""
    scenarios.keep_world(connection, world.hash, world.content, world.as_of)
    baseline = _keep_baseline(connection, wanted, world)
    scenario = _keep_next_version(connection, wanted, world, baseline.scenario_id)
    cuts = cut_into_shards(scenario.replicates)
    shards.add_shards(connection, scenario.scenario_id, cuts, with_summary=True)
    answer = Response(scenario=shown(connection, scenario, with_definition=True))
    tell(connection, scenario, "scenario_created")
    return answer


def _keep_baseline(connection: Connection, wanted: Wanted, world: World) -> StoredScenario:
    """The baseline, under way or finished: a new one, or the one kept, gone on with if it had stopped."""
    baseline_id = content_id("scen", "baseline", baseline_key(wanted.definition, world.hash))
    baseline = _stored(wanted, world, baseline_id, baseline_id, name="Baseline", version=0)
    if scenarios.keep_scenario(connection, baseline):
        shards.add_shards(connection, baseline_id, cut_into_shards(baseline.replicates), with_summary=False)
        return baseline
    scenarios.lock_family(connection, baseline_id)
    left = shards.replicates_left(connection, baseline_id)
    stopped, gone_on = [State.CANCELLED, State.FAILED], State.RUNNING if left else State.FINISHED
    if scenarios.move(connection, baseline_id, stopped, gone_on, failed_because="", ended_at_utc=None):
        shards.make_ready(connection, baseline_id, ShardState.READY, ShardKind.REPLICATES)
        shards.forgive(connection, baseline_id)
    return baseline


def _keep_next_version(connection: Connection, wanted: Wanted, world: World, baseline_id: str) -> StoredScenario:
    """The scenario under the next version of its name; another one of that name may be kept at the same time."""
    for _ in range(ATTEMPTS):
        version = scenarios.next_version(connection, wanted.name)
        scenario = _stored(wanted, world, new_id("scen"), baseline_id, name=wanted.name, version=version)
        if scenarios.keep_scenario(connection, scenario):
            return scenario
    raise AlreadyExists("Several scenarios of that name are being made at once. Try again.")


def _stored(
    wanted: Wanted, world: World, scenario_id: str, baseline_id: str, *, name: str, version: int
) -> StoredScenario:
    definition = wanted.definition
    is_baseline = scenario_id == baseline_id
    return StoredScenario(
        scenario_id=scenario_id,
        name=name,
        version=version,
        is_baseline=is_baseline,
        baseline_id=baseline_id,
        based_on="" if is_baseline else wanted.based_on,
        definition=wanted.text,
        world_hash=world.hash,
        code_version=code_version(),
        policy=(definition.baseline() if is_baseline else definition).policy_label,
        first_year=definition.first_year,
        years=definition.years,
        replicates=definition.replicates,
        seed=definition.seed,
        created_by=actor(),
        created_at_utc=now_utc(),
    )
