"""How fast the optimiser's core is, as ratios measured in one run.

    python -m tests.benchmarks.core --sizes panel,phase,halton,county --repeats 5

"core" is the whole of it: arrays in; the exact lexicographic plan, its proof, shadow prices, and the effects of all
options of all cases on the plan and on the others out. "flow" is raw SimpleMinCostFlow on one joint cost, no more.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields, replace
from functools import partial
from statistics import median

import numpy as np

from services.placement.model.edits import CaseOptions
from services.placement.model.knock_on import KnockOns
from services.placement.model.problem import PlacementProblem
from services.placement.model.replan import (
    links_of,
    replan_options,
    replan_places,
    replan_with_case,
    replan_without_case,
)
from services.placement.model.solution import Solution
from services.placement.model.solve import solve
from tests.benchmarks.joint_cost import JointProblem
from tests.benchmarks.rivals import raw_flow
from tests.builders.problems import SIZES, Size, authority_problem

REPLANS = 40
TOP_QUESTIONS = 200


@dataclass
class Measured:
    """What one size took: milliseconds, in turn one of the flow and one of the core, and how many times as quick."""

    size: str
    cases: int
    options: int
    flow_ms: list[float]
    core_ms: list[float]
    parts_ms: dict[str, float]
    scratch_ms: list[float] = field(default_factory=list)
    replan_ms: dict[str, list[float]] = field(default_factory=dict)
    question_ms: float = 0.0

    @property
    def core_to_flow(self) -> list[float]:
        """Turn by turn."""
        return [ours / raw for ours, raw in zip(self.core_ms, self.flow_ms, strict=True)]

    def replan_to_scratch(self, change: str) -> list[float]:
        """The time of each change of a kind in that of a fresh solve."""
        return [taken / median(self.scratch_ms) for taken in self.replan_ms[change]]


def main() -> None:
    """Measure the sizes asked for and print them."""
    options = _arguments()
    found = [measure(SIZES[name], options.repeats, options.seed) for name in options.sizes.split(",")]
    if options.json:
        print(json.dumps([asdict(one) for one in found], indent=2))
    else:
        for one in found:
            _print(one)


def measure(size: Size, repeats: int, seed: int, replans: int = REPLANS) -> Measured:
    """Time the core against raw flow in turns, then a panel's question, and so many changes of each kind."""
    problem = authority_problem(size, seed)
    joint = JointProblem.of(problem)
    flow, parts = [], []
    for _ in range(repeats):
        flow.append(_milliseconds(partial(raw_flow, joint)))
        parts.append(core_parts(problem))
    measured = Measured(
        size=size.name,
        cases=problem.case_count,
        options=problem.option_count,
        flow_ms=flow,
        core_ms=[sum(one.values()) for one in parts],
        parts_ms={name: median(one[name] for one in parts) for name in parts[0]},
    )
    solution = solve(problem)
    measured.question_ms = _question_ms(solution)
    if replans:
        measured.scratch_ms = [_milliseconds(partial(solve, problem)) for _ in range(repeats)]
        measured.replan_ms = _replan_ms(solution, seed, replans)
    return measured


def core_parts(problem: PlacementProblem) -> dict[str, float]:
    """Return the milliseconds of each part of the core, on columns that nothing has looked at before."""
    columns = {one.name: getattr(problem, one.name) for one in fields(PlacementProblem)}
    started = time.perf_counter()
    fresh = PlacementProblem(**columns)
    checked = time.perf_counter()
    solution = solve(fresh)
    solved = time.perf_counter()
    knock_ons = KnockOns(solution)
    knock_ons.saved_by_one_more_place()
    priced = time.perf_counter()
    knock_ons.all_effects()
    ended = time.perf_counter()
    times = {
        "check": checked - started,
        "solve": solved - checked,
        "prices": priced - solved,
        "effects": ended - priced,
    }
    return {name: 1_000 * seconds for name, seconds in times.items()}


def _replan_ms(solution: Solution, seed: int, replans: int) -> dict[str, list[float]]:
    """Return the milliseconds of each of many changes, by kind."""
    rng = np.random.default_rng(seed)
    taken = {"making ready": [_milliseconds(partial(links_of, replace(solution)))]}
    for _ in range(replans):
        case, pool = int(rng.integers(solution.problem.case_count)), _full_pool(rng, solution)
        options = _dearer(rng, solution.problem, case)
        places = int(solution.problem.pool_places[pool])
        changes: dict[str, Callable[[], Solution]] = {
            "options": partial(replan_options, solution, case, options),
            "case fewer": partial(replan_without_case, solution, case),
            "case more": partial(replan_with_case, solution, "new", options),
            "place more": partial(replan_places, solution, pool, places + 1),
            "place fewer": partial(replan_places, solution, pool, places - 1),
        }
        for name, change in changes.items():
            taken.setdefault(name, []).append(_milliseconds(change))
    return taken


def _full_pool(rng: np.random.Generator, solution: Solution) -> int:
    """Return a pool without a free place: a change to any other changes nothing."""
    places = solution.problem.pool_places
    held = np.bincount(solution.assigned_pool[solution.assigned_pool >= 0], minlength=places.size)
    return int(rng.choice(np.flatnonzero((held == places) & (places > 0))))


def _dearer(rng: np.random.Generator, problem: PlacementProblem, case: int) -> CaseOptions:
    """Return the options of a case with costs that have risen, each by as much as a band of transport or none."""
    rows = slice(int(problem.first_option[case]), int(problem.first_option[case + 1]))
    terms = problem.option_terms[:, rows].copy()
    terms[1] += rng.integers(0, 3, terms.shape[1]) * 200_000
    return CaseOptions(problem.option_pool[rows], terms)


def _question_ms(solution: Solution) -> float:
    """Return the milliseconds of one panel question: what each option of a case does to the others."""
    knock_ons = KnockOns(solution)
    cases = np.random.default_rng(1).integers(solution.problem.case_count, size=TOP_QUESTIONS).tolist()
    return median(_milliseconds(partial(knock_ons.effect_on_others, case)) for case in cases)


def _milliseconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return 1_000 * (time.perf_counter() - started)


def _print(one: Measured) -> None:
    print(f"\n{one.size}: {one.cases:,} cases, {one.options:,} options")
    parts = ", ".join(f"{name} {taken:.1f}" for name, taken in one.parts_ms.items())
    print(f"  core {median(one.core_ms):.1f} ms ({parts}); raw flow {median(one.flow_ms):.1f} ms")
    print(f"  core / raw flow          {median(one.core_to_flow):6.2f}")
    for name, taken_ms in one.replan_ms.items():
        to_flow = median(one.flow_ms) / median(taken_ms)
        print(f"  fresh solve / {name:19} {1 / median(one.replan_to_scratch(name)):6.1f}; raw flow / it {to_flow:6.1f}")
    print(f"  one case's knock-ons     {one.question_ms:6.3f} ms")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--sizes", default="panel,phase,halton", help="of panel, phase, halton, county (default: %(default)s)"
    )
    parser.add_argument(
        "--repeats", type=int, default=5, help="runs, of which medians are shown (default: %(default)s)"
    )
    parser.add_argument("--seed", type=int, default=1, help="of the invented authority (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print figures for machines")
    return parser.parse_args()


if __name__ == "__main__":
    main()
