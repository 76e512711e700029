"""What finished scenarios come to: each beside its baseline, or beside another."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from inborough.placement.v1 import scenarios_pb2
from services.placement.domain.scenarios import State
from services.placement.operations.context import Context
from services.placement.operations.scenarios.reading import find, shown
from services.placement.simulating import demand_message, sum_up
from services.placement.storage import scenarios, shards
from services.placement.storage.scenarios import StoredScenario
from shared.database import reading
from shared.errors import InvalidInput, WrongState

FEWEST, MOST = 2, 6
Figures = list[scenarios_pb2.ScenarioFigure]


def get_result(context: Context, scenario_id: str, measures: Sequence[str]) -> scenarios_pb2.GetScenarioResultResponse:
    """A finished scenario beside its baseline. Raises NotFound, WrongState, InvalidInput (measures)."""
    with reading(context.engine) as connection:
        scenario = _finished(connection, scenario_id)
        content = scenarios.find_figures(connection, scenario_id) or b""
        message = shown(connection, scenario)
    figures = list(scenarios_pb2.GetScenarioResultResponse.FromString(content).figures)
    return scenarios_pb2.GetScenarioResultResponse(scenario=message, figures=_only(figures, measures))


def get_demand(context: Context, scenario_id: str) -> scenarios_pb2.GetScenarioDemandResponse:
    """The children for whom new places would be, replicate by replicate. Raises NotFound, WrongState."""
    with reading(context.engine) as connection:
        scenario = _finished(connection, scenario_id)
        outcomes = shards.list_outcomes(connection, scenario_id)
        world = scenarios.find_world(connection, scenario.world_hash)
        message = shown(connection, scenario)
    assert world is not None  # a foreign key
    answer = demand_message(world, outcomes)
    answer.scenario.CopyFrom(message)
    return answer


def compare_scenarios(
    context: Context, scenario_ids: Sequence[str], measures: Sequence[str]
) -> scenarios_pb2.CompareScenariosResponse:
    """Each scenario after the first beside the first, replicate by replicate.

    Raises InvalidInput (how many, twice, not of the same facts, measures), NotFound, WrongState.
    """
    if not FEWEST <= len(scenario_ids) <= MOST or len(set(scenario_ids)) < len(scenario_ids):
        raise InvalidInput("scenario_ids", f"name {FEWEST} to {MOST} scenarios, each once")
    with reading(context.engine) as connection:
        found = [_finished(connection, scenario_id) for scenario_id in scenario_ids]
        _need_comparable(found)
        messages = [shown(connection, scenario) for scenario in found]
        outcomes = [shards.list_outcomes(connection, scenario.scenario_id) for scenario in found]
        world = scenarios.find_world(connection, found[0].world_hash)
    assert world is not None  # a foreign key
    figures = [sum_up(world, *each, outcomes[0], found[0]) for each in zip(found[1:], outcomes[1:], strict=True)]
    return scenarios_pb2.CompareScenariosResponse(
        comparisons=[
            scenarios_pb2.ScenarioComparison(scenario=one, compared_with=messages[0], figures=_only(theirs, measures))
            for one, theirs in zip(messages[1:], figures, strict=True)
        ]
    )


def _finished(connection: Connection, scenario_id: str) -> StoredScenario:
    scenario = find(connection, scenario_id)
    if scenario.is_baseline:
        raise InvalidInput("scenario_id", "is a baseline; results of scenarios show it beside them")
    if scenario.state in (State.CANCELLED, State.FAILED):
        raise WrongState(f"The scenario was {scenario.state.in_words}: it has no result. {scenario.failed_because}")
    if scenario.state is not State.FINISHED:
        counts = shards.count_shards(connection, [scenario_id, scenario.baseline_id]).values()
        done = sum(count.replicates_done for count in counts)
        raise WrongState(
            f"The scenario is {scenario.state.in_words}: {done:,} of {2 * scenario.replicates:,} replicates, the "
            f"baseline's among them, are simulated. Watch it with `inborough scenario watch {scenario_id}`."
        )
    return scenario


def _need_comparable(found: Sequence[StoredScenario]) -> None:
    first = found[0]
    for other in found[1:]:
        for name, words in _MUST_AGREE.items():
            if getattr(other, name) != getattr(first, name):
                raise InvalidInput(
                    "scenario_ids",
                    f"{other.scenario_id} has other {words} than {first.scenario_id}; replicates can be compared only "
                    "where what is drawn is drawn alike. Make it again with `--based-on`.",
                )


_MUST_AGREE = {
    "world_hash": "facts",
    "code_version": "version of the simulation",
    "first_year": "years",
    "years": "years",
    "replicates": "replicates",
    "seed": "seed",
}


def _only(figures: Figures, measures: Sequence[str]) -> Figures:
    known = {figure.measure for figure in figures}
    if unknown := sorted(set(measures) - known):
        raise InvalidInput("measures", f"there is none called {unknown[0]!r:.60}; there are {', '.join(sorted(known))}")
    return [figure for figure in figures if not measures or figure.measure in measures]
