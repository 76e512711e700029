"""The core's figures as lines of docs/performance.md: Halton and county against raw flow."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from functools import cache

from tests.benchmarks.core import REPLANS, Measured
from tests.benchmarks.core import measure as measure_size
from tests.benchmarks.figures import Figure
from tests.benchmarks.findings import Curve, Finding, Race
from tests.builders.problems import SIZES

SEED = 1
LIMIT_SECONDS = 60.0
ORDER = ("panel", "phase", "halton", "county")
REPEATS = {"panel": 25, "phase": 15, "halton": 9, "county": 5}
WANTED = {"halton": 1.5, "county": 1.2}
"""The most of raw flow's time that the core may take."""
REPLANNED = "halton"
FITTED_FROM = 300
"""Cases. Fewer cost hardly more than none."""
CHANGES = {
    "options": "a case's options change",
    "case fewer": "a case goes",
    "case more": "a case comes",
    "place more": "a place more",
    "place fewer": "a place fewer",
}
TWENTIETH = 1 / 20


def measure() -> list[Finding]:
    """From panel to county, against raw flow."""
    found = [_measured(name) for name in ORDER]
    return [
        *(figure for one in found if one.size in WANTED for figure in _against_flow(one, WANTED[one.size])),
        *(_race(one) for one in found),
        _curve("core: plan, proof, prices, knock-ons", found, [one.core_ms for one in found]),
        _curve("raw flow: one plan", found, [one.flow_ms for one in found]),
    ]


def replans() -> list[Finding]:
    """One change planned again, at Halton's size."""
    return list(_replans(_measured(REPLANNED)))


@cache
def _measured(name: str) -> Measured:
    return measure_size(SIZES[name], REPEATS[name], SEED, REPLANS if name == REPLANNED else 0)


def _race(found: Measured) -> Race:
    core, flow = ([one / 1_000 for one in times] for times in (found.core_ms, found.flow_ms))
    return Race(
        size=found.size,
        cases=found.cases,
        options=found.options,
        rival="OR-Tools min-cost flow, raw",
        licence="Apache-2.0",
        form="flow",
        core_seconds=core,
        rival_seconds=flow,
        limit_seconds=LIMIT_SECONDS,
    )


def _curve(what: str, found: Sequence[Measured], milliseconds: Sequence[Sequence[float]]) -> Curve:
    seconds = [[one / 1_000 for one in times] for times in milliseconds]
    return Curve("optimiser", what, [one.cases for one in found], seconds, FITTED_FROM)


def _against_flow(found: Measured, at_most: float) -> Iterator[Figure]:
    what = f"Core at {found.size} size: {found.cases:,} cases, {found.options:,} options"
    yield Figure("1", what, found.core_to_flow, "x raw flow", at_most, _shares(found))
    whom = f"{found.cases:,} children with {found.options:,} options"
    headline = f"The optimiser plans {whom}, proves the plan best and prices everything in {{}}."
    yield Figure("", f"{what}: its time", [one / 1_000 for one in found.core_ms], "s", headline=headline)
    note = "what each option of one case does to all others, once the plan stands"
    yield Figure("", f"One case's knock-ons at {found.size} size", [found.question_ms], "ms", note=note)


def _shares(found: Measured) -> str:
    """Where the core's time goes, beside what the bare flow takes."""
    parts = ", ".join(f"{name} {milliseconds:.0f}" for name, milliseconds in found.parts_ms.items())
    flow = statistics.median(found.flow_ms)
    return f"the core's milliseconds: {parts}; the bare flow, without proof or prices: {flow:.0f}."


def _replans(found: Measured) -> Iterator[Figure]:
    for name, words in CHANGES.items():
        ratios = found.replan_to_scratch(name)
        note = f"{1 / statistics.median(ratios):.0f} times as quick as solving anew, the same plan."
        yield Figure("5", f"Planned again when {words}, {found.size}", ratios, "x solve", TWENTIETH, note)
    what, note = "Links between places, from which changes are planned", "worked out once a plan, by the first change."
    yield Figure("", f"{what}, {found.size}", found.replan_to_scratch("making ready"), "x solve", note=note)
