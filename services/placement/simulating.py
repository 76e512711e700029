"""A scenario as kept -> what forecast/ simulates, and what that came to -> messages."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from inborough.placement.v1 import scenarios_pb2
from services.placement import forecast, model
from services.placement.forecast.simulation.levers import Definition, read_definition
from services.placement.forecast.simulation.outcome import Outcome
from services.placement.forecast.simulation.siting_demand import siting_demand
from services.placement.forecast.simulation.summary import Band, Figure, summarise
from services.placement.forecast.simulation.world import World
from services.placement.storage.scenarios import StoredScenario


def read_text(text: str, numbers: dict[str, int]) -> Definition:
    """The definition that TOML says, with these numbers instead of its own. Raises ValueError naming the place."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"this is no TOML: {error}") from None
    return read_definition({**table, **numbers})


def definition_of(scenario: StoredScenario) -> Definition:
    """What is simulated for a scenario; for a baseline, the definition without its levers."""
    numbers = {"years": scenario.years, "replicates": scenario.replicates, "seed": scenario.seed}
    definition = read_text(scenario.definition, numbers)
    return definition.baseline() if scenario.is_baseline else definition


def baseline_key(definition: Definition, world_hash: str) -> str:
    """A hash of all that a baseline's result depends on: what scenarios must agree in to share it."""
    said = repr(replace(definition.baseline(), name=""))
    return hashlib.sha256(f"{code_version()} {world_hash} {said}".encode()).hexdigest()


@lru_cache(maxsize=1)
def code_version() -> str:
    """Which simulation this is: a hash of the source of forecast/ and model/, 16 hexadecimal digits."""
    folders = (Path(package.__file__).parent for package in (forecast, model) if package.__file__)
    files = sorted(path for folder in folders for path in folder.rglob("*.py"))
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@lru_cache(maxsize=2)
def world_of(content: bytes) -> World:
    """A world as kept; the last two are remembered."""
    return World.from_bytes(content)


def sum_up(
    world: bytes,
    scenario: StoredScenario,
    outcomes: Sequence[bytes],
    others: Sequence[bytes],
    other: StoredScenario | None = None,
) -> list[scenarios_pb2.ScenarioFigure]:
    """What all replicates of a scenario come to, beside those of its baseline, or of the scenario `other`."""
    against = definition_of(other) if other else None
    definition = definition_of(scenario)
    figures = summarise(_outcomes(outcomes), _outcomes(others), world_of(world), definition, against)
    return [_figure_message(figure) for figure in sorted(figures, key=_order)]


def demand_message(world: bytes, outcomes: Sequence[bytes]) -> scenarios_pb2.GetScenarioDemandResponse:
    """The children for whom new places would be, without the scenario."""
    demand = siting_demand(world_of(world), _outcomes(outcomes))
    cells = [scenarios_pb2.DemandCell(need=need, phase=phase, area=area) for need, phase, area in demand.cells]
    return scenarios_pb2.GetScenarioDemandResponse(
        cells=cells, replicates=len(outcomes), children=demand.children.ravel().tolist()
    )


def _outcomes(packed: Sequence[bytes]) -> list[Outcome]:
    return [Outcome.from_bytes(each) for each in packed]


def _order(figure: Figure) -> tuple[str, ...]:
    parts = (figure.need, figure.phase, figure.area, figure.kind, figure.pool_id, figure.line)
    return (figure.measure, *parts, str(figure.academic_year))


def _figure_message(figure: Figure) -> scenarios_pb2.ScenarioFigure:
    return scenarios_pb2.ScenarioFigure(
        measure=figure.measure,
        academic_year=figure.academic_year,
        unit=figure.unit,
        need=figure.need,
        phase=figure.phase,
        area=figure.area,
        kind=figure.kind,
        pool_id=figure.pool_id,
        line=figure.line,
        value=_band(figure.value),
        baseline=_band(figure.baseline),
        difference=_band(figure.difference),
    )


def _band(band: Band | None) -> scenarios_pb2.ScenarioBand | None:
    if band is None:
        return None
    return scenarios_pb2.ScenarioBand(mean=band.mean, p10=band.p10, p50=band.p50, p90=band.p90)
