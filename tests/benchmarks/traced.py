"""What tracing costs a recommendation: two systems side by side, one of them traced, asked in turn.

`python -m tests.benchmarks traced`. Spans go to a collector on the same machine, every request is traced.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from shared.tracing import VARIABLE
from tests.benchmarks.figures import Figure, percentile, timed
from tests.benchmarks.loaded import HALTON_TODAY, Loaded, loaded_system
from tests.benchmarks.processes import processor_seconds, resident_megabytes, started

TOPS = (3, 4, 5)
"""Each asks for another number of options, so that each answer is new and really saved."""
WARMING = 50


def measure() -> list[Figure]:
    """Time, processor time and memory, with tracing against without."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        off = stack.enter_context(loaded_system(folder / "off", HALTON_TODAY))
        collector = stack.enter_context(started("tests.benchmarks.collector", "collector", folder, {}))
        with _switched_on(f"http://{collector.address}"):
            on = stack.enter_context(loaded_system(folder / "on", HALTON_TODAY))
        return _compared(off, on)


@contextmanager
def _switched_on(address: str) -> Iterator[None]:
    """What is started within is traced."""
    os.environ[VARIABLE] = address
    try:
        yield
    finally:
        del os.environ[VARIABLE]


def _compared(off: Loaded, on: Loaded) -> list[Figure]:
    cases = off.cases_due(off.propose())
    on.propose()
    for case_id in cases[:WARMING]:
        off.recommend(case_id, 9)
        on.recommend(case_id, 9)
    memory = [resident_megabytes([server.pid for server in each.servers.values()]) for each in (off, on)]
    runs = [_in_turn(off, on, cases, top) for top in TOPS]
    spent = [(_spent(off, cases, top), _spent(on, cases, top)) for top in (6, 7, 8)]
    return [
        Figure("", "RecommendOptions, not traced, p50", [1000 * percentile(without, 50) for without, _ in runs], "ms"),
        Figure("", "RecommendOptions, traced, p50", [1000 * percentile(traced, 50) for _, traced in runs], "ms"),
        Figure("", "Traced against not, p50", _ratios(runs, 50), "x"),
        Figure("", "Traced against not, p99", _ratios(runs, 99), "x"),
        Figure("", "Processor time of four services, traced against not", [with_ / bare for bare, with_ in spent], "x"),
        Figure("", "Memory that tracing takes, four services and the optimiser", [memory[1] - memory[0]], "MB"),
    ]


def _in_turn(off: Loaded, on: Loaded, cases: Sequence[str], top: int) -> tuple[list[float], list[float]]:
    """Seconds of each, case by case, so that both meet the same machine."""
    without, traced = [], []
    for case_id in cases:
        without.append(timed(lambda c=case_id: off.recommend(c, top))[0])  # type: ignore[misc]
        traced.append(timed(lambda c=case_id: on.recommend(c, top))[0])  # type: ignore[misc]
    return without, traced


def _ratios(runs: Sequence[tuple[list[float], list[float]]], percent: float) -> list[float]:
    return [percentile(traced, percent) / percentile(without, percent) for without, traced in runs]


def _spent(system: Loaded, cases: Sequence[str], top: int) -> float:
    """Seconds of processor that all cases took its services."""
    pids = [server.pid for server in system.servers.values()]
    before = processor_seconds(pids)
    for case_id in cases:
        system.recommend(case_id, top)
    return processor_seconds(pids) - before
