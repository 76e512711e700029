"""How long quotes take with a run plan in force and without: `python -m tests.benchmarks.quotes_by_runs`.

Invented children about as many as the reference authority carries, so that nothing has to be brought in first. Both
services run in one process, and the two ways are asked in turn, so that the machine's load falls on both alike.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from inborough.cost.v1 import cost_pb2
from inborough.cost.v1 import transport_pb2 as pb
from tests.benchmarks.figures import Figure, timed
from tests.builders.cost import child, pool, request
from tests.builders.runs import place, plan_request, traveller
from tests.service.cost.runs.conftest import Transport, equip, serving

CHILDREN, SETTINGS, POOLS, DUE = 600, 80, 60, 1_000
ROUNDS = 30
PLAN_SECONDS = 600.0


def main() -> None:
    """Print medians and ratios."""
    for figure in measure():
        print(" | ".join(figure.cells()))


def measure() -> list[Figure]:
    """Seconds for the runs, then what a quote takes with them in the time of one without, turn by turn."""
    draw = np.random.default_rng(1)
    settings = [
        pb.Destination(urn=100_001 + at, location=place(*where))
        for at, where in enumerate(draw.integers(-12_000, 12_000, (SETTINGS, 2)).tolist())
    ]
    homes = draw.integers(-12_000, 12_000, (CHILDREN + DUE + 2 * ROUNDS, 2)).tolist()
    goes_to = draw.integers(0, SETTINGS, CHILDREN).tolist()
    riders = [
        traveller(f"r{at}", settings[to].urn, east=homes[at][0], north=homes[at][1]) for at, to in enumerate(goes_to)
    ]
    pools = [pool(urn=one.urn, location=one.location, pool_id=f"pool_{one.urn}") for one in settings[:POOLS]]
    others = [child(case_id=f"case_d{at}", home=place(*home)) for at, home in enumerate(homes[CHILDREN:])]
    due, strangers = others[:DUE], others[DUE:]
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(f"sqlite:///{Path(folder) / 'with.db'}") as by_runs,
        serving(f"sqlite:///{Path(folder) / 'without.db'}") as by_fares,
    ):
        equip(by_runs)
        equip(by_fares)
        began = time.perf_counter()
        *_, last = by_runs.runs.PlanRuns(plan_request(riders, settings), timeout=PLAN_SECONDS)
        carried, runs = last.run_plan.carried, last.run_plan.run_count
        planned = time.perf_counter() - began
        by_runs.quote(request(due[:1], pools))
        all_due = request(due, pools, include_lines=False)
        return [
            Figure("", f"Planning {carried} children in {runs} runs", [planned], "s"),
            _with_and_without("all due, 1,000 x 60, the first time", by_runs, by_fares, lambda _: all_due, 1),
            _with_and_without("all due, 1,000 x 60, again", by_runs, by_fares, lambda _: all_due, 5),
            _with_and_without(
                "one child due, 60 pools, lines", by_runs, by_fares, lambda at: request([due[at]], pools), ROUNDS
            ),
            _with_and_without(
                "a child never met", by_runs, by_fares, lambda at: request([strangers[at]], pools), ROUNDS
            ),
        ]


def _with_and_without(
    what: str,
    by_runs: Transport,
    by_fares: Transport,
    ask: Callable[[int], cost_pb2.QuoteOptionsRequest],
    rounds: int,
) -> Figure:
    """Ask both ways in turn."""
    ratios, with_runs = [], []
    for at in range(rounds):
        asked = ask(at)
        fares, _ = timed(partial(by_fares.quote, asked))
        runs, _ = timed(partial(by_runs.quote, asked))
        with_runs.append(runs)
        ratios.append(runs / fares)
    note = f"{1_000 * statistics.median(with_runs):,.1f} ms by runs"
    return Figure("", f"Quotes by runs against average fares: {what}", ratios, "x by fares", note=note)


if __name__ == "__main__":
    main()
