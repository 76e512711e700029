"""How long a scenario still takes, in words."""

from __future__ import annotations

import pytest

from inborough.placement.v1 import scenarios_pb2
from services.web.words.planning import left

WAITING, RUNNING, SUMMING_UP = (
    scenarios_pb2.SCENARIO_STATE_WAITING,
    scenarios_pb2.SCENARIO_STATE_RUNNING,
    scenarios_pb2.SCENARIO_STATE_SUMMING_UP,
)


@pytest.mark.parametrize(
    ("state", "done", "seconds", "said"),
    [
        (WAITING, 0, 0, "How long it takes is known once some runs are simulated."),
        (WAITING, 115, 0, "How long it takes is known once the baseline is simulated."),
        (RUNNING, 300, 30, "About 10 seconds left."),
        (RUNNING, 200, 300, "About 5 minutes left."),
        (SUMMING_UP, 400, 60, "Nearly there."),
    ],
)
def test_what_is_left_is_said_as_soon_as_it_is_known(
    state: scenarios_pb2.ScenarioState.ValueType, done: int, seconds: float, said: str
) -> None:
    progress = scenarios_pb2.ScenarioProgress(replicates_done=done, replicates=400, seconds=seconds)
    assert left(scenarios_pb2.Scenario(state=state, progress=progress)) == said
