"""How long a planner waits for today's world: made whole, and after one decision, beside services as real processes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from inborough.caseload.v1 import caseload_pb2
from services.placement.forecast.simulation.levers import Definition
from services.placement.operations.context import Context
from services.placement.operations.known_worlds import KnownWorlds
from services.placement.operations.worlds import coming_year, known_world
from services.placement.surveying import first_day_of
from shared.ids import new_id
from tests.benchmarks.figures import Figure, timed
from tests.benchmarks.loaded import HALTON_TODAY, loaded_system
from tests.benchmarks.planning import placement_here

TIMES = 5


def measure() -> list[Figure]:
    """Time a world made whole, one after a decision, and one of which nothing changed, turn by turn."""
    with _placement() as context:
        definition = Definition("Benchmark", coming_year(), years=5)
        first, _ = timed(lambda: known_world(context, definition))
        rounds = [_round(context, definition) for _ in range(TIMES)]
    size = f"{HALTON_TODAY.name}: every child in every pool at three ages"
    whole, after_one, same = zip(*rounds, strict=True)
    return [
        Figure("", f"Today's world the first time, services just started, {size}", [first], "s"),
        Figure("", "Today's world made whole", whole, "s"),
        Figure("", "Today's world after one placement elsewhere", after_one, "s"),
        Figure("", "Today's world when nothing changed", [1000 * seconds for seconds in same], "ms"),
    ]


@contextmanager
def _placement() -> Iterator[Context]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with loaded_system(folder / "halton", HALTON_TODAY) as loaded, placement_here(loaded, folder) as context:
            yield context


def _round(context: Context, definition: Definition) -> tuple[float, float, float]:
    """Seconds of each of the three; what is made from changes must be what is made whole."""
    _place_somebody(context, definition)
    after_one, made = timed(lambda: known_world(context, definition))
    same, _ = timed(lambda: known_world(context, definition))
    context.worlds = KnownWorlds()
    whole, anew = timed(lambda: known_world(context, definition))
    if made.world.hash != anew.world.hash:
        raise SystemExit("A world made from what changed is not the one made whole.")
    return whole, after_one, same


def _place_somebody(context: Context, definition: Definition) -> None:
    """The first child with a decision due gets a place of its year group."""
    first_day, neighbours = first_day_of(definition.first_year), context.neighbours
    case = next(one for one in neighbours.list_open_cases(first_day).cases if one.HasField("decision_due"))
    takes = (one for one in neighbours.list_pools(first_day).pools if one.year_group_low <= case.year_group)
    pool = next(one for one in takes if case.year_group <= one.year_group_high)
    neighbours.record_placement(
        caseload_pb2.RecordPlacementRequest(
            request_id=new_id("req"),
            case_id=case.case_id,
            urn=pool.setting.urn,
            part=caseload_pb2.PLACEMENT_PART_WHOLE_SETTING,
            pool_id=pool.pool_id,
            first_day=case.decision_due.first_day,
            decision_id=new_id("dec"),
        )
    )
