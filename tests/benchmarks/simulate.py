"""How long a simulated year takes beside its own solver, and how two worker processes compare with one.

    python -m tests.benchmarks.simulate --replicates 200 --years 5

"solver" is the optimiser and its prices, of each year's own problem. Everything else of a replicate is what lies around
it: ageing, demand, options, money, recording. The authority is invented, of Halton's size.
"""

from __future__ import annotations

import argparse
import multiprocessing
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from hashlib import sha256
from typing import Any

from services.placement.forecast import deciding
from services.placement.forecast.levers import Definition, read_definition
from services.placement.forecast.simulate import simulate
from services.placement.forecast.world import World
from tests.benchmarks.figures import Figure
from tests.builders.world import FIRST_YEAR, halton_world

REPLICATES, YEARS, WARM, TIMED, SHARDS = 200, 5, 2, 10, 5
_SEEN: dict[str, World] = {}


def measure(replicates: int = REPLICATES, years: int = YEARS) -> list[Figure]:
    """Time replicates in this process against their solver, then all of them by one worker process and by two."""
    world, definition = halton_world(), scenario(years)
    for replicate in range(WARM):
        simulate(world, definition, replicate)
    whole, solver = zip(*(timed_apart(world, definition, replicate) for replicate in range(TIMED)), strict=True)
    around = [(w - s) / s for w, s in zip(whole, solver, strict=True)]
    size = f"{world.children.count:,} children, {world.pools.count} pools, {years} years"
    one, first = by_processes(world, definition, replicates, 1)
    two, second = by_processes(world, definition, replicates, 2)
    if first != second:
        raise SystemExit("One process and two gave different outcomes.")
    return [
        Figure("", f"A replicate's solver and prices, {size}", [1_000 * s for s in solver], "ms"),
        Figure("6", f"Around the solver in a simulated year, {size}", around, "x solver", 1.0),
        Figure("", "Replicates a second in one worker process", [replicates / one], "/s"),
        Figure("6", f"Two worker processes against one, {replicates} replicates", [two / one], "x one", 1 / 1.7),
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


def by_processes(world: World, definition: Definition, replicates: int, processes: int) -> tuple[float, str]:
    """Seconds for all replicates in shards over worker processes that are already warm, and a hash of the outcomes."""
    packed = world.to_bytes()
    shards = [range(first, min(first + SHARDS, replicates)) for first in range(0, replicates, SHARDS)]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, context, initializer=_shard, initargs=(packed, definition, range(1))) as pool:
        list(pool.map(_shard, [packed] * processes, [definition] * processes, [range(1)] * processes))
        began = time.perf_counter()
        hashes = list(pool.map(_shard, [packed] * len(shards), [definition] * len(shards), shards))
        seconds = time.perf_counter() - began
    return seconds, sha256("".join(hashes).encode()).hexdigest()


def _shard(packed: bytes, definition: Definition, replicates: range) -> str:
    key = sha256(packed).hexdigest()
    if key not in _SEEN:
        _SEEN[key] = World.from_bytes(packed)
    outcomes = (simulate(_SEEN[key], definition, replicate).to_bytes() for replicate in replicates)
    return sha256(b"".join(outcomes)).hexdigest()


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
