"""How long a simulated year takes beside its own solver, and how two worker processes compare with one.

    python -m tests.benchmarks.simulate --replicates 200 --years 5

"solver" is the optimiser and its prices, of each year's own problem. Everything else of a replicate is what lies around
it: ageing, demand, options, money, recording. The authority is invented, of Halton's size.
"""

from __future__ import annotations

import argparse
import multiprocessing
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

from services.placement.forecast.simulation import deciding
from services.placement.forecast.simulation.levers import Definition, read_definition
from services.placement.forecast.simulation.simulate import simulate
from services.placement.forecast.simulation.world import World
from tests.benchmarks.figures import Figure
from tests.builders.world import FIRST_YEAR, halton_world

REPLICATES, YEARS, WARM, TIMED, SHARD, TURNS = 200, 5, 2, 10, 5, 5
COUNTING = 5_000_000
_HERE: dict[str, Any] = {}


def measure(replicates: int = REPLICATES, years: int = YEARS) -> list[Figure]:
    """Time replicates in this process against their solver, then all of them by one worker process and by two."""
    world, definition = halton_world(), scenario(years)
    for replicate in range(WARM):
        simulate(world, definition, replicate)
    whole, solver = zip(*(timed_apart(world, definition, replicate) for replicate in range(TIMED)), strict=True)
    around = [(w - s) / s for w, s in zip(whole, solver, strict=True)]
    size = f"{world.children.count:,} children, {world.pools.count} pools, {years} years"
    turns = [range(first, replicates, TURNS) for first in range(TURNS)]
    with workers(world, definition, 1) as one, workers(world, definition, 2) as two:
        seconds = [(by(one, world, definition, turn), by(two, world, definition, turn)) for turn in turns]
        bare = [(spun(one), spun(two)) for _ in turns]
    return [
        Figure("", f"A replicate's solver and prices, {size}", [1_000 * s for s in solver], "ms"),
        Figure("6", f"Around the solver in a simulated year, {size}", around, "x solver", 1.0),
        Figure("", "Replicates a second in one worker process", [len(turns[0]) / one for one, _ in seconds], "/s"),
        Figure(
            "6",
            f"Two worker processes against one, {replicates} replicates in {TURNS} turns",
            [two / one for one, two in seconds],
            "x one",
            1 / 1.7,
            "what the machine gives two processes at the time is the next line.",
        ),
        Figure("", "Two processes that only count against one", [two / one for one, two in bare], "x one"),
    ]


def scenario(years: int) -> Definition:
    """A base opens, may be late, fees rise faster, and one more place is priced."""
    return read_definition(
        {
            "name": "Benchmark",
            "first_year": FIRST_YEAR,
            "years": years,
            "levers": {
                "open": [
                    {
                        "name": "SEMH base",
                        "kind": "resource_base",
                        "needs": ["SEMH"],
                        "years": [7, 11],
                        "places": 16,
                        "opens": "2027-09-01",
                        "urn": 200_000,
                    }
                ],
                "risks": {"late_chance": 0.3, "late_months": [6, 12]},
                "inflation": {"inmss_fee": 0.08},
            },
            "probes": [{"need": "SEMH", "phase": "KS3", "kind": "state_special"}],
        }
    )


def timed_apart(world: World, definition: Definition, replicate: int) -> tuple[float, float]:
    """Seconds of a replicate, and those of them in the optimiser and its prices."""
    spent = [0.0]
    module: Any = deciding
    solve, knock_ons = module.solve, module.KnockOns
    module.solve, module.KnockOns = _clocked(solve, spent), _clocked(knock_ons, spent)
    began = time.perf_counter()
    try:
        simulate(world, definition, replicate)
    finally:
        whole = time.perf_counter() - began
        module.solve, module.KnockOns = solve, knock_ons
    return whole, spent[0]


def _clocked(work: Callable[..., Any], spent: list[float]) -> Callable[..., Any]:
    def clocked(*arguments: Any) -> Any:
        began = time.perf_counter()
        try:
            return work(*arguments)
        finally:
            spent[0] += time.perf_counter() - began

    return clocked


@contextmanager
def workers(world: World, definition: Definition, count: int) -> Iterator[ProcessPoolExecutor]:
    """Worker processes, each with the world at hand and a replicate behind it."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(count, context, _ready, (world.to_bytes(), definition)) as pool:
        list(pool.map(_shard, [range(2)] * 2 * count))
        yield pool


def by(pool: ProcessPoolExecutor, world: World, definition: Definition, replicates: range) -> float:
    """Seconds for replicates in shards over the workers. Stops if an outcome is not that of this process."""
    shards = [replicates[first : first + SHARD] for first in range(0, len(replicates), SHARD)]
    began = time.perf_counter()
    found = list(pool.map(_shard, shards))
    seconds = time.perf_counter() - began
    first = replicates[:1]
    if found[0][0] != sha256(simulate(world, definition, first[0]).to_bytes()).hexdigest():
        raise SystemExit(f"Replicate {first[0]} came out otherwise in a worker process.")
    return seconds


def spun(pool: ProcessPoolExecutor) -> float:
    """Seconds for four rounds of counting, which nothing but the machine's own cores can slow."""
    began = time.perf_counter()
    list(pool.map(sum, [range(COUNTING)] * 4))
    return time.perf_counter() - began


def _ready(packed: bytes, definition: Definition) -> None:
    _HERE["world"], _HERE["definition"] = World.from_bytes(packed), definition
    _shard(range(1))


def _shard(replicates: range) -> list[str]:
    outcomes = (simulate(_HERE["world"], _HERE["definition"], replicate) for replicate in replicates)
    return [sha256(outcome.to_bytes()).hexdigest() for outcome in outcomes]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--replicates", type=int, default=REPLICATES, help="to run by processes (default: %(default)s)")
    parser.add_argument("--years", type=int, default=YEARS, help="of each (default: %(default)s)")
    options = parser.parse_args()
    for figure in measure(options.replicates, options.years):
        print(" | ".join(figure.cells()))


if __name__ == "__main__":
    main()
