"""The core's figures as lines of docs/performance.md: Halton and county against raw flow."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from tests.benchmarks.core import Measured
from tests.benchmarks.core import measure as measure_size
from tests.benchmarks.figures import Figure
from tests.builders.problems import SIZES

SEED = 1
REPEATS = 5
CHANGES = {
    "options": "a case's options change",
    "case fewer": "a case goes",
    "case more, ready": "a case comes, the plan made ready for more",
    "case more": "a case comes",
    "place more": "a place more",
    "place fewer, ready": "a place fewer, the plan made ready for more",
    "place fewer": "a place fewer",
}
NOT_READY = "Searches most of the graph; `ready_for_more` on the standing plan pays from the second question on."
TWENTIETH = 1 / 20


def measure() -> list[Figure]:
    """Measure Halton and county."""
    halton = measure_size(SIZES["halton"], REPEATS, SEED)
    county = measure_size(SIZES["county"], 3, SEED)
    return [*_against_flow(halton, 1.5), *_against_flow(county, 1.2), *_replans(halton)]


def _against_flow(found: Measured, at_most: float) -> Iterator[Figure]:
    what = f"Core at {found.size} size: {found.cases:,} cases, {found.options:,} options"
    yield Figure("1", what, found.core_to_flow, "x raw flow", at_most, _shares(found))
    yield Figure("", f"{what}, milliseconds", found.core_ms, "ms")
    yield Figure("", f"One case's knock-ons at {found.size} size", [found.question_ms], "ms")


def _shares(found: Measured) -> str:
    """Where the core's time goes, beside what the bare flow takes."""
    parts = ", ".join(f"{name} {milliseconds:.0f}" for name, milliseconds in found.parts_ms.items())
    flow = statistics.median(found.flow_ms)
    return f"the core's milliseconds: {parts}; the bare flow, without proof or prices: {flow:.0f}."


def _replans(found: Measured) -> Iterator[Figure]:
    for name, words in CHANGES.items():
        speed_up = found.replan_speed_up[name]
        note = f"{speed_up:.0f} times as quick as solving anew, the same plan."
        if name in ("case more", "place fewer"):
            note = f"{note} {NOT_READY}"
        yield Figure("5", f"Planned again when {words}, {found.size}", [1 / speed_up], "x solve", TWENTIETH, note)
