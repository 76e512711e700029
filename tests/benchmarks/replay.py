"""What keeping places for later arrivals gains: simulated years replayed panel by panel, against hindsight.

    python -m tests.benchmarks.replay --replicates 10 --samples 12

The decisions due on 1 September are the first panel's; new plans come to twenty fortnightly panels after it. Each way
of deciding meets the same children. "hindsight" knows all of them on the first day; no way of deciding can beat it by
the order in which the policy compares (unplaced, unsettled, requests not given, INMSS, pence), though it may do better
in a later figure by doing worse in an earlier one. "gap closed" is how much of what planning for now loses to hindsight
the policy that keeps places gains back. Families ask as the scenario says. The authority is invented, of Halton's size;
with --demonstration it is the demonstration's Halton, surveyed through its own services as scenarios are.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from services.placement.forecast.simulation.arrivals import year_of_arrivals
from services.placement.forecast.simulation.levers import Definition, read_definition
from services.placement.forecast.simulation.prepare import prepare
from services.placement.forecast.simulation.replaying import (
    Plan,
    Replayed,
    for_later_too,
    for_now,
    in_hindsight,
    one_by_one,
    replay,
)
from services.placement.forecast.simulation.simulate import run
from services.placement.forecast.simulation.world import World
from services.placement.operations.worlds import world_for
from shared import clock
from tests.benchmarks.figures import Figure
from tests.benchmarks.loaded import HALTON_TODAY, loaded_system
from tests.benchmarks.planning import placement_here
from tests.benchmarks.processes import own_front_door
from tests.builders.world import FIRST_YEAR, halton_world

WAYS: Mapping[str, Plan] = {"greedy": one_by_one, "plan-now": for_now, "keeps places": for_later_too}
TOLD = {
    "unplaced": "unplaced",
    "needs_judgement": "unsettled",
    "request_not_given": "requests not given",
    "inmss_or_out_of_borough": "INMSS or out of borough",
    "annual_cost_pence": "GBP a year",
}
REPLICATES, SAMPLES, PANELS, YEARS = 10, 12, 20, (1, 3)
FIRST_YEAR_SHOWN = 2024
"""Of the demonstration."""


@dataclass(frozen=True)
class Gap:
    """What a way of deciding has more than hindsight in one tier, a year: mean over the years replayed."""

    tier: str
    hindsight: float
    by_way: dict[str, float]

    @property
    def closed(self) -> float | None:
        """Share of plan-now's gap that keeping places closes; None where there is none to close."""
        now, kept = self.by_way["plan-now"], self.by_way["keeps places"]
        return None if now <= 0 else 1 - kept / now


def replays(world: World, definition: Definition, replicates: int, samples: int) -> dict[str, list[Replayed]]:
    """By way of deciding, and "hindsight", what each of the years replayed comes to."""
    prepared = prepare(world, definition)
    found: dict[str, list[Replayed]] = {name: [] for name in (*WAYS, "hindsight")}
    for replicate in range(replicates):
        for year in run(prepared, replicate):
            if year.index not in YEARS:
                continue
            arrivals = year_of_arrivals(prepared, year, replicate, samples, PANELS)
            found["hindsight"].append(in_hindsight(arrivals))
            for name, plan in WAYS.items():
                found[name].append(replay(arrivals, plan))
    return found


def gaps(found: Mapping[str, Sequence[Replayed]]) -> list[Gap]:
    """Tier by tier, each way's mean distance from hindsight."""
    return [
        Gap(
            tier,
            float(np.mean([one.of(tier) for one in found["hindsight"]])),
            {
                name: float(np.mean([a.of(tier) - b.of(tier) for a, b in zip(ways, found["hindsight"], strict=True)]))
                for name, ways in found.items()
                if name != "hindsight"
            },
        )
        for tier in TOLD
    ]


def demonstration() -> World:
    """The demonstration's Halton on 1 September 2024, as placement surveys it."""
    os.environ[clock.VARIABLE] = "2024-02-01"
    wanted = scenario(FIRST_YEAR_SHOWN)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        stack.enter_context(own_front_door())
        loaded = stack.enter_context(loaded_system(folder, HALTON_TODAY))
        context = stack.enter_context(placement_here(loaded, folder))
        return World.from_bytes(world_for(context, wanted).content)


def scenario(first_year: int = FIRST_YEAR) -> Definition:
    """Families ask for mainstream, special school or base in about a third of decisions."""
    asks = {"mainstream": 0.15, "state_special": 0.15, "resource_base": 0.05}
    return read_definition(
        {"name": "Replay", "first_year": first_year, "years": max(YEARS) + 1, "levers": {"preferences": asks}}
    )


def brief() -> list[Figure]:
    """The same over few years, for the page."""
    return measure(replicates=3)


def measure(replicates: int = REPLICATES, samples: int = SAMPLES) -> list[Figure]:
    """The gaps to hindsight as lines of docs/performance.md."""
    found = replays(halton_world(), scenario(), replicates, samples)
    figures = []
    years = len(found["hindsight"])
    for gap in gaps(found):
        closed = "" if gap.closed is None else f"; keeping places closes {100 * gap.closed:.0f} % of plan-now's gap"
        ways = ", ".join(f"{name} {_shown(gap.tier, more):+,.1f}" for name, more in gap.by_way.items())
        note = f"mean of {years} years; hindsight {_shown(gap.tier, gap.hindsight):,.1f}; {ways}{closed}."
        what = f"Keeping places for later arrivals, a year more than hindsight: {TOLD[gap.tier]}"
        figures.append(Figure("", what, [_shown(gap.tier, gap.by_way["keeps places"])], note=note))
    return figures


def _shown(tier: str, number: float) -> float:
    return number / 100 if tier == "annual_cost_pence" else number


def main() -> None:
    """Replay and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--replicates", type=int, default=REPLICATES, help="default: %(default)s")
    parser.add_argument("--samples", type=int, default=SAMPLES, help="futures at each panel (default: %(default)s)")
    parser.add_argument("--demonstration", action="store_true", help="replay the demonstration's Halton")
    options = parser.parse_args()
    world = demonstration() if options.demonstration else halton_world()
    began = time.perf_counter()
    found = replays(world, scenario(world.first_year), options.replicates, options.samples)
    print(f"{len(found['hindsight'])} years replayed in {time.perf_counter() - began:.0f} s; a year's mean")
    print(f"{'':26}{'hindsight':>12}" + "".join(f"{name:>14}" for name in WAYS) + f"{'gap closed':>12}")
    for gap in gaps(found):
        more = "".join(f"{_shown(gap.tier, gap.by_way[name]):>+14,.1f}" for name in WAYS)
        closed = "" if gap.closed is None else f"{100 * gap.closed:.0f} %"
        print(f"{TOLD[gap.tier]:26}{_shown(gap.tier, gap.hindsight):>12,.1f}{more}{closed:>12}")


if __name__ == "__main__":
    main()
