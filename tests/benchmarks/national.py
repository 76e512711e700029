"""The optimiser on a nation: 640,000 cases in 153 authorities, each made, solved and dropped in turn.

Sizes spread as authorities' do, by a log-normal law: the largest has some twenty thousand cases, the middle one three.
"""

from __future__ import annotations

import math
import os
import sys
from dataclasses import dataclass
from functools import partial
from statistics import NormalDist

from services.placement.model.problem import PlacementProblem
from tests.benchmarks.core import core_parts
from tests.benchmarks.figures import Figure, timed
from tests.benchmarks.findings import Curve, Finding, Race
from tests.benchmarks.joint_cost import JointProblem
from tests.benchmarks.processes import resident_megabytes
from tests.benchmarks.rivals import RIVALS, Rival, raw_flow
from tests.builders.problems import authority_problem, size_of

CASES, AUTHORITIES, SPREAD = 640_000, 153, 0.72
BESIDE = ("LEMON network simplex",)
TOLD_EVERY = 17


@dataclass(frozen=True)
class Authority:
    """One of the nation: its size, and seconds of the core and of each of the others, and the process's MB."""

    cases: int
    options: int
    core: float
    others: dict[str, float]
    memory: float


def measure() -> list[Finding]:
    """Every authority, largest last so that memory is seen to follow the largest."""
    rivals = [Rival("OR-Tools min-cost flow, raw", "Apache-2.0", "flow", raw_flow, "county")]
    rivals += [rival for rival in RIVALS if rival.name in BESIDE]
    found: list[Authority] = []
    for at, cases in enumerate(sizes(CASES, AUTHORITIES)):
        found.append(_solved(authority_problem(size_of(cases), at), rivals))
        if at % TOLD_EVERY == 0:
            sys.stderr.write(f"  {at + 1} of {AUTHORITIES} authorities, {sum(one.cases for one in found):,} cases\n")
    return _findings(found, rivals)


def raw_seconds() -> list[float]:
    """Of raw flow alone on each authority of the nation, one after another."""
    return [
        timed(partial(raw_flow, JointProblem.of(authority_problem(size_of(cases), at))))[0]
        for at, cases in enumerate(sizes(CASES, AUTHORITIES))
    ]


def sizes(cases: int, authorities: int) -> list[int]:
    """How many cases each authority has, ascending: quantiles of a log-normal law that sum to `cases`."""
    law = NormalDist()
    weights = [math.exp(SPREAD * law.inv_cdf((at + 0.5) / authorities)) for at in range(authorities)]
    ends = [round(cases * sum(weights[: at + 1]) / sum(weights)) for at in range(authorities)]
    return [end - before for end, before in zip(ends, [0, *ends], strict=False)]


def _solved(problem: PlacementProblem, rivals: list[Rival]) -> Authority:
    """Solve it by all. Raises ValueError when two of them find other optima."""
    core = sum(core_parts(problem).values()) / 1_000
    joint, others, costs = JointProblem.of(problem), dict[str, float](), set[int]()
    for rival in rivals:
        others[rival.name], taken = timed(partial(rival.solve, joint))
        costs.add(joint.cost_of(taken))
    if len(costs) > 1:
        raise ValueError(f"Optima of {problem.case_count:,} cases differ: {costs}.")
    return Authority(
        problem.case_count, problem.option_count, core, others, resident_megabytes([os.getpid()], children=False)
    )


def _findings(found: list[Authority], rivals: list[Rival]) -> list[Finding]:
    cases, options = sum(one.cases for one in found), sum(one.options for one in found)
    core, flow = sum(one.core for one in found), sum(one.others[rivals[0].name] for one in found)
    memory = max(one.memory for one in found)
    what = (
        f"{cases:,} cases, {options:,} options, {len(found)} authorities of {found[0].cases:,} to {found[-1].cases:,}"
    )
    curve = Curve(
        "optimiser", "core, authority by authority", *_by_size(found), fitted_from=found[len(found) // 3].cases
    )
    return [
        Figure("", f"Core over a nation: {what}", [core], "s", headline="A nation's 640,000 children, planned in {}."),
        Figure("", "The same, against raw flow", [core / flow], "x raw flow"),
        Figure("", "Most memory of its process after an authority", [memory], "MB"),
        *(
            Race(
                "nation",
                cases,
                options,
                rival.name,
                rival.licence,
                rival.form,
                [core],
                [sum(one.others[rival.name] for one in found)],
                rival.limit_seconds,
            )
            for rival in rivals
        ),
        curve,
    ]


def _by_size(found: list[Authority]) -> tuple[list[int], list[list[float]]]:
    """Sizes, and one repeat each: the seconds of every authority."""
    return [one.cases for one in found], [[one.core] for one in found]
