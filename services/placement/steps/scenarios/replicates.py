"""A scenario's replicates, simulated one by one. Only worker processes import this, and with it the optimiser."""

from __future__ import annotations

from services.placement.forecast.simulation.prepare import prepare
from services.placement.forecast.simulation.recording import outcome_of
from services.placement.forecast.simulation.simulate import run
from services.placement.simulating import definition_of, world_of
from services.placement.storage.scenarios import StoredScenario


class Replicates:
    """Simulates a scenario, a replicate at a time."""

    def __init__(self, world: bytes, scenario: StoredScenario) -> None:
        self._prepared = prepare(world_of(world), definition_of(scenario))

    def simulate(self, replicate: int) -> bytes:
        """What one replicate came to, as bytes: the same wherever it is simulated."""
        return outcome_of(self._prepared, replicate, list(run(self._prepared, replicate))).to_bytes()
