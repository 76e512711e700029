"""Other solvers beside the core, each in a process of its own that is ended when a solve takes too long.

In that process the core and the rival solve the same arrays in turn. What the rival says is the best plan is checked:
no case twice, no pool or group over its places, and its joint cost equal to the optimum of raw flow.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from multiprocessing.connection import Connection
from statistics import median
from typing import Any

from services.placement.model.problem import PlacementProblem
from tests.benchmarks.core import core_parts
from tests.benchmarks.figures import Figure, timed
from tests.benchmarks.findings import NOT_IN, Finding, Race
from tests.benchmarks.joint_cost import JointProblem
from tests.benchmarks.rivals import RIVALS, Rival, min_cost_flow
from tests.builders.problems import SIZES, Size, authority_problem

SEED = 1
READY_SECONDS = 120.0
ENOUGH_SECONDS = 6.0
"""Of core and rival together, after which no more turns are taken."""
TURNS = 5
ORDER = ("panel", "phase", "halton", "county")
Beside = Callable[[PlacementProblem, Rival, int], AbstractContextManager[Connection]]
SAME = "the same optimum; in its time the core proves its plan and prices every option too, and the rival does not"
WANTED = {"PuLP + CBC": 40.0, "SciPy milp": 20.0}
"""At Halton and county size: how many times as long as the core they must take."""
LONGER_THAN_WANTED = 1.2


def quick() -> list[Finding]:
    """Every rival up to the size that it takes seconds for."""
    return [*_raced((name, rival) for name in ORDER for rival in RIVALS if _reaches(rival.quick_up_to, name))]


def slow() -> list[Finding]:
    """The rest, which may take minutes at a size; who is stopped at its limit is not asked for a larger one."""
    return [
        *_raced(
            (name, rival)
            for name in ORDER
            for rival in RIVALS
            if _reaches(rival.up_to, name) and not _reaches(rival.quick_up_to, name)
        )
    ]


def _reaches(largest: str, size: str) -> bool:
    return ORDER.index(size) <= ORDER.index(largest)


def _raced(pairs: Iterable[tuple[str, Rival]]) -> Iterator[Finding]:
    problems: dict[str, tuple[PlacementProblem, int]] = {}
    stopped: set[str] = set()
    for name, rival in pairs:
        if rival.name in stopped:
            continue
        if name not in problems:
            problem = authority_problem(SIZES[name], SEED)
            problems = {name: (problem, optimum_of(JointProblem.of(problem)))}
        found = race(SIZES[name], *problems[name], rival)
        sys.stderr.write(f"  {told(found)}\n")
        yield found
        if found.failed:
            stopped.add(rival.name)
        if name in ("halton", "county") and rival.name in WANTED:
            yield _against_target(found, WANTED[rival.name])


def optimum_of(joint: JointProblem) -> int:
    """What raw flow finds at the joint cost. Raises ValueError when the core, asked for that cost, finds another."""
    flow, core = min_cost_flow(joint), joint.cost_of(joint.by_core())
    if flow != core:
        raise ValueError(f"Raw flow finds {flow:,} pence and the core {core:,}.")
    return flow


def told(found: Race) -> str:
    """A race in a line."""
    took = found.failed or f"{median(found.ratios):.2f} x core"
    return f"{found.size}: {found.rival} {took}"


def _against_target(found: Race, at_least: float) -> Figure:
    stopped = found.least_ratio
    more = "more than " if stopped else ""
    values = found.ratios or ([] if stopped is None else [stopped]) or [0.0]
    note = f"stopped after {found.limit_seconds:.0f} s, so at least this." if stopped else found.failed
    return Figure(
        "2",
        f"{found.rival} against the core, {found.size}",
        values,
        "x core",
        note=note or SAME,
        at_least=at_least,
        headline=f"{found.rival} needs {more}{{}} to one plan at {found.size} size, with neither prices nor knock-ons.",
    )


def race(
    size: Size,
    problem: PlacementProblem,
    optimum: int,
    rival: Rival,
    *,
    turns: int = TURNS,
    beside: Beside | None = None,
) -> Race:
    """Core and rival in turn, until there are enough turns or a solve has reached its limit.

    A rival that a target names has the time to miss it, however slow the machine, or being stopped would tell nothing.
    `beside` runs them elsewhere and gives the pipe by which they tell; by default a process that can be killed.
    """
    core: list[float] = []
    theirs: list[float] = []
    failed, limit = "", rival.limit_seconds
    with (beside or in_a_process)(problem, rival, turns) as pipe:
        try:
            _next(pipe, READY_SECONDS, "did not start")
            while (ours := _next(pipe, READY_SECONDS, "the core did not end")) is not None:
                core.append(ours)
                limit = max(limit, LONGER_THAN_WANTED * WANTED.get(rival.name, 0.0) * ours)
                seconds, cost = _next(pipe, limit, f"{NOT_IN}{limit:.3g} s")
                if cost != optimum:
                    raise Stopped(f"another optimum: {cost:,} pence, not {optimum:,}")
                theirs.append(seconds)
        except Stopped as stopped:
            failed = str(stopped)
    return Race(
        size=size.name,
        cases=problem.case_count,
        options=problem.option_count,
        rival=rival.name,
        licence=rival.licence,
        form=rival.form,
        core_seconds=core,
        rival_seconds=theirs,
        limit_seconds=limit,
        failed=failed,
    )


class Stopped(Exception):
    """A race came to no end of its own, in words for the table."""


def _next(pipe: Connection, seconds: float, otherwise: str) -> Any:
    """What the other process says next. Raises Stopped when it says nothing in time, has ended, or tells a fault."""
    if not pipe.poll(seconds):
        raise Stopped(otherwise)
    try:
        said = pipe.recv()
    except EOFError:
        raise Stopped("its process ended, most likely for lack of memory") from None
    if isinstance(said, str):
        raise Stopped(said)
    return said


@contextmanager
def in_a_process(problem: PlacementProblem, rival: Rival, turns: int) -> Iterator[Connection]:
    """A process that races them; it is killed at the end, whatever it is doing."""
    forking = multiprocessing.get_context("forkserver")
    forking.set_forkserver_preload([__name__, "ot"])
    here, there = forking.Pipe(duplex=False)
    process = forking.Process(target=_race_silently, args=(there, problem, rival, turns), daemon=True)
    process.start()
    there.close()
    try:
        yield here
    finally:
        process.kill()
        process.join()
        here.close()


def _race_silently(pipe: Connection, problem: PlacementProblem, rival: Rival, turns: int) -> None:
    """Race where nothing that solvers print is seen."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    warnings.simplefilter("ignore")
    race_there(pipe, problem, rival, turns)


def race_there(pipe: Connection, problem: PlacementProblem, rival: Rival, turns: int) -> None:
    """Tell when ready, then seconds of the core, seconds and cost of the rival, and so on; None at the end."""
    try:
        warm = authority_problem(SIZES["panel"], SEED)
        core_parts(warm)
        rival.solve(JointProblem.of(warm))
        joint, spent = JointProblem.of(problem), 0.0
        pipe.send(True)
        for _ in range(turns):
            ours = sum(core_parts(problem).values()) / 1_000
            pipe.send(ours)
            seconds, taken = timed(partial(rival.solve, joint))
            pipe.send((seconds, joint.cost_of(taken)))
            spent += ours + seconds
            if spent > ENOUGH_SECONDS:
                break
        pipe.send(None)
    except Exception as error:
        pipe.send(f"{type(error).__name__}: {error}")
