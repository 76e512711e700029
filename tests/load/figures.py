"""What was measured, as rows of tables."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.load.people.outcomes import DONE, FAILED, STOOD_IN_THE_WAY, TOO_OFTEN, Asked
from tests.load.run import PEOPLE, Measured

FULL, NEAR_ITS_END, MUCH_ELSEWHERE = 0.85, 0.75, 0.3
"""Shares of the machine and of a core; cores that other programs took."""


@dataclass(frozen=True)
class Row:
    """One page. Milliseconds are what a person waited, from the click to the whole page, redirects included."""

    page: str
    requests: int
    failed: int
    stood_in_the_way: int
    too_often: int
    p50: float
    p95: float
    p99: float


def rows(asked: Sequence[Asked]) -> list[Row]:
    """Every page by how often it was asked for, and all of them together."""
    by_page: dict[str, list[Asked]] = defaultdict(list)
    for each in asked:
        by_page[each.page].append(each)
    found = sorted(by_page.items(), key=lambda item: -len(item[1]))
    return [_row(page, of_page) for page, of_page in found] + [_row("all", asked)]


def _row(page: str, asked: Sequence[Asked]) -> Row:
    times = sorted(each.milliseconds for each in asked)
    count = {name: sum(each.outcome == name for each in asked) for name in (DONE, FAILED, STOOD_IN_THE_WAY, TOO_OFTEN)}
    waited = [percentile(times, share) for share in (0.5, 0.95, 0.99)]
    return Row(page, len(asked), count[FAILED], count[STOOD_IN_THE_WAY], count[TOO_OFTEN], *waited)


def percentile(ordered: Sequence[float], share: float) -> float:
    """The smallest value that this share of all are not above; 0 of none."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else 0.0


def what_limits(measured: Measured, cores: int) -> list[str]:
    """In plain words, from the figures: how full the machine was, and which process was nearest to its own end."""
    machine = measured.machine
    busy = machine.busy_seconds / machine.seconds
    used = {name: usage.cpu_seconds / machine.seconds for name, usage in measured.under_load.items()}
    people = used.pop(PEOPLE, 0.0)
    elsewhere = busy - people - sum(used.values())
    first, second = sorted(used, key=lambda name: -used[name])[:2]
    full = "The processor limits first" if busy > FULL * cores else "The processor had room"
    said = [
        f"{full}: {busy:.2f} of {cores} cores were in use, {people:.2f} of them by playing the people, who would be "
        "elsewhere.",
        f"Most of it went to {first} ({used[first]:.2f} of a core) and {second} ({used[second]:.2f}).",
    ]
    if elsewhere > MUCH_ELSEWHERE:
        said.append(
            f"{elsewhere:.2f} cores went to programs that are not of this, so people waited longer than they need to. "
            "Measure again on a machine that does nothing else."
        )
    return said + [_near_its_end(name) for name in used if used[name] > NEAR_ITS_END]


def _near_its_end(name: str) -> str:
    return f"{name} is near what one process can do, since Python computes on one core at a time: start another of it."


def as_json(measured: Measured, cores: int) -> dict[str, Any]:
    """For `--json`."""
    return {
        "pages": [vars(row) for row in rows(measured.played.asked)],
        "processes": {
            name: {**vars(usage), "at_rest": vars(measured.at_rest[name]) if name in measured.at_rest else None}
            for name, usage in measured.under_load.items()
        },
        "machine": vars(measured.machine),
        "events": dict(measured.events),
        "done": {**deeds(measured), **measured.played.counts},
        "plan_seconds": measured.plan_seconds,
        "read_after_seconds": measured.read_after_seconds,
        "limits": what_limits(measured, cores),
        "not_done": dict(measured.played.not_done),
        "no_way_on": dict(measured.played.no_way_on),
        "broken": dict(measured.played.broken),
        "faults": [vars(fault) for fault in measured.faults],
        "restarts": measured.restarts,
    }


def deeds(measured: Measured) -> dict[str, int]:
    """How many decisions pages said were recorded, taken back and named."""
    kinds = ("recorded", "withdrawn", "named")
    return {f"decisions {kind}": sum(what == kind for what, _ in measured.played.deeds) for kind in kinds}
