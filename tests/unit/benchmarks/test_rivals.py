"""The benchmarks' other solvers: that each solves the very problem that the core does."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from threading import Thread

import numpy as np
import pytest

from services.placement.model.problem import PlacementProblem
from tests.benchmarks import races
from tests.benchmarks.attribution import SEAMS
from tests.benchmarks.findings import Race
from tests.benchmarks.joint_cost import JointProblem, Taken
from tests.benchmarks.national import AUTHORITIES, CASES, sizes
from tests.benchmarks.races import WANTED, race, race_there
from tests.benchmarks.rivals import RIVALS, Rival, min_cost_flow, raw_flow
from tests.builders.problems import Size, authority_problem, size_of

SMALL = Size("small", 24, 12, 150, 1)


@pytest.fixture(scope="module")
def joint() -> JointProblem:
    """Two dozen cases, more than the places, with a group of pools."""
    return JointProblem.of(authority_problem(SMALL, 3))


@pytest.mark.parametrize("rival", RIVALS, ids=lambda rival: rival.name)
@pytest.mark.filterwarnings("ignore")
def test_every_rival_finds_the_optimum_with_groups(rival: Rival, joint: JointProblem) -> None:
    assert joint.problem.groups
    assert joint.cost_of(rival.solve(joint)) == min_cost_flow(joint)


def test_the_core_finds_the_same_optimum(joint: JointProblem) -> None:
    assert races.optimum_of(joint) == min_cost_flow(joint)


def test_a_plan_over_the_places_is_refused(joint: JointProblem) -> None:
    with pytest.raises(ValueError, match="over its places"):
        joint.cost_of(np.ones(joint.saving.size, dtype=np.bool_))


@contextmanager
def in_a_thread(problem: PlacementProblem, rival: Rival, turns: int) -> Iterator[Connection]:
    """A race in this process."""
    here, there = Pipe(duplex=False)
    thread = Thread(target=race_there, args=(there, problem, rival, turns))
    thread.start()
    yield here
    thread.join()
    here.close()
    there.close()


def raced(
    joint: JointProblem,
    optimum: int,
    solve: Callable[[JointProblem], Taken],
    limit_seconds: float = 60,
    name: str = "rival",
) -> Race:
    """A race of one turn."""
    rival = Rival(name, "MIT", "flow", solve, "county", limit_seconds=limit_seconds)
    return race(SMALL, joint.problem, optimum, rival, turns=1, beside=in_a_thread)


def test_a_race_has_a_time_of_each(joint: JointProblem) -> None:
    found = raced(joint, min_cost_flow(joint), raw_flow)
    assert (found.failed, len(found.core_seconds), len(found.rival_seconds)) == ("", 1, 1)


def test_a_rival_that_takes_too_long_is_stopped_and_the_core_timed(joint: JointProblem) -> None:
    def sleeps(asked: JointProblem) -> Taken:
        time.sleep(0.5 if asked.problem is joint.problem else 0)
        return raw_flow(asked)

    found = raced(joint, min_cost_flow(joint), sleeps, limit_seconds=0.01)
    assert (found.failed, found.rival_seconds, len(found.core_seconds)) == ("not in 0.01 s", [], 1)


def test_one_that_a_target_names_is_stopped_only_past_what_is_wanted(joint: JointProblem) -> None:
    for name, wanted in WANTED.items():
        found = raced(joint, min_cost_flow(joint), raw_flow, limit_seconds=0.0, name=name)
        assert found.limit_seconds > wanted * found.core_seconds[0] > 0


def test_a_rival_with_another_optimum_is_told(joint: JointProblem) -> None:
    assert raced(joint, min_cost_flow(joint) - 1, raw_flow).failed.startswith("another optimum: ")


def test_a_rival_that_breaks_is_told(joint: JointProblem) -> None:
    def breaks(_: JointProblem) -> Taken:
        raise MemoryError("no room")

    assert raced(joint, 0, breaks).failed == "MemoryError: no room"


def test_a_nations_authorities_sum_to_it_and_spread() -> None:
    found = sizes(CASES, AUTHORITIES)
    assert (sum(found), len(found), found == sorted(found)) == (CASES, AUTHORITIES, True)
    assert found[-1] > 5 * found[AUTHORITIES // 2] > 10 * found[0]


def test_a_size_between_has_options_for_each_case() -> None:
    assert size_of(20_000) == Size("20,000 cases", 20_000, 1_200, 859_000, 6)
    problem = authority_problem(size_of(2_000), 1)
    assert problem.option_count / problem.case_count == pytest.approx(43, rel=0.5)


@pytest.mark.parametrize("seam", SEAMS, ids=lambda seam: f"{seam[0]}-{seam[2]}")
def test_what_a_plan_is_attributed_to_is_still_there(seam: tuple[str, object, str]) -> None:
    _, owner, name = seam
    assert callable(getattr(owner, name))
