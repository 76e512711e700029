"""Solve in a worker process of its own: the engine would otherwise hold up every other answer of this service.

The worker keeps the last few plans by the keys that they were asked for with, so that a plan can follow changes without
travelling itself.
"""

from __future__ import annotations

import io
import pickle
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from services.placement.forecast.simulation.world import World
from services.placement.model.groups import IndexArray, IntArray
from services.placement.model.knock_on import Effects, KnockOns
from services.placement.model.later import LaterArrivals
from services.placement.model.problem import PlacementProblem
from services.placement.model.problem_changes import ProblemChanges
from services.placement.model.solution import Solution
from shared import logs
from shared.errors import WrongState
from shared.worker_processes import WorkerDied, WorkerProcesses

PLANS_KEPT = 2


@dataclass(frozen=True, eq=False)
class Comparisons:
    """What a plan is compared with: int64[K], rows of the problem's options; -1 where unplaced."""

    greedy_option_of_case: IntArray
    practice_option_of_case: IntArray


@dataclass(frozen=True, eq=False)
class StandingSolution:
    """The best plan of a problem, and its prices.

    Parameters
    ----------
    key
        What the worker knows this plan by, as long as it keeps it.
    option_of_case
        int64[K], rows of the problem's options; -1 where unplaced.
    knock_ons
        Exact effects, read without solving again.
    shadow_prices
        int64[T + 1, P], what one more place in each pool would save.
    solve_seconds
        Time inside the optimiser for the plan and its prices, without the comparisons.
    comparisons
        None unless they were asked for.
    """

    key: str
    option_of_case: IntArray
    knock_ons: KnockOns
    shadow_prices: IntArray
    solve_seconds: float
    comparisons: Comparisons | None = None

    def effect_on_others(self, case: int) -> Effects:
        """What each option of a case would do to the best plan of the other cases."""
        return self.knock_ons.effect_on_others(case)

    def effect_of_one_more(self, pools: IndexArray) -> Effects:
        """What a child who is not in the plan would do to it by taking a place in each of these pools."""
        return self.knock_ons.effect_of_place_taken(pools)


@dataclass(frozen=True, eq=False)
class Later:
    """What later arrivals are sampled from: a world, places free now (-1: no fixed number), the part of the year left.

    `now` is the problem of the children due now under the default policy, over the world's pools in their order.
    """

    world: World
    free: IntArray
    free_in_groups: IntArray
    year_left: float
    samples: int
    now: PlacementProblem


@dataclass(frozen=True, eq=False)
class ToCompare:
    """The problem of today's practice, and the cases in the order that panels would meet them."""

    practice: PlacementProblem
    order: Sequence[int]


@dataclass(frozen=True, eq=False)
class ToPlan:
    """A problem, the key to keep its plan by, and what to compare it with, if anything."""

    problem: PlacementProblem
    key: str
    compared: ToCompare | None


@dataclass(frozen=True, eq=False)
class ToFollow:
    """Changes to the problem of the plan kept by a key, and the key to keep the new plan by."""

    changes: ProblemChanges
    key_before: str
    key: str


@dataclass(frozen=True, eq=False)
class ToAssign:
    """A problem of which only the best plan is asked."""

    problem: PlacementProblem


Task = ToPlan | ToFollow | ToAssign | Later


class Solver:
    """One worker process, started when first needed and again should it die."""

    def __init__(self) -> None:
        self._worker = WorkerProcesses(1, f"{__name__}:start_solver")

    def warm(self) -> None:
        """Start the worker before it is needed, without waiting for it."""
        threading.Thread(target=self._warm, name="warm-solver", daemon=True).start()

    def solve(self, problem: PlacementProblem, key: str, compared: ToCompare | None = None) -> StandingSolution:
        """Solve, and compare with greedy and practice if asked to; the plan is kept by the key.

        Raises WrongState when the worker died twice, most likely for lack of memory.
        """
        return _unpacked(self._run(ToPlan(problem, key, compared)), problem)

    def follow(
        self, changes: ProblemChanges, problem: PlacementProblem, key_before: str, key: str
    ) -> StandingSolution | None:
        """The plan of a problem that changes made of the one whose plan is kept by a key.

        None where it is to be solved: that plan is not kept any more, or there are too many changes. Raises as `solve`.
        """
        packed = self._run(ToFollow(changes, key_before, key))
        return None if packed is None else _unpacked(packed, problem)

    def assign(self, problem: PlacementProblem) -> IntArray:
        """`chosen` of the best plan, as in Solution, without its prices. Raises WrongState as `solve` does."""
        chosen: IntArray = self._run(ToAssign(problem))
        return chosen

    def price_later(self, asked: Later) -> LaterArrivals:
        """What sampled later arrivals would lose by each pool's place. Raises WrongState as `solve` does."""
        later: LaterArrivals = self._run(asked)
        return later

    def close(self) -> None:
        """Stop the worker."""
        self._worker.stop()

    def _run(self, task: Task) -> Any:
        for _ in range(2):
            with suppress(WorkerDied):
                return self._worker.run(task)
            logs.log("solver_died", "error")
        raise WrongState("The optimiser's process died twice on this problem; give the machine more memory.")

    def _warm(self) -> None:
        with suppress(WorkerDied):
            self._worker.run(None)


def start_solver(stopping: threading.Event) -> Callable[[Task | None], Any]:
    """What a new worker process calls first: the engine is imported here, and nowhere in the service."""
    from services.placement.model import solve

    logs.configure("placement-solver")
    assert solve
    return _Answers()


class _Answers:
    """What the worker does, and the last plans that it made, by key."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Solution] = OrderedDict()

    def __call__(self, task: Task | None) -> Any:
        """None: a task that only asks whether the worker is there."""
        if task is None:
            return None
        if isinstance(task, ToAssign):
            return assign(task.problem)
        if isinstance(task, Later):
            return price_sampled(task)
        return self._planned(task) if isinstance(task, ToPlan) else self._followed(task)

    def _planned(self, task: ToPlan) -> bytes:
        from services.placement.model.solve import solve

        began = time.perf_counter()
        return self._priced(solve(task.problem), began, task.key, task.compared)

    def _followed(self, task: ToFollow) -> bytes | None:
        from services.placement.model.follow import follow

        began = time.perf_counter()
        before = self._kept.get(task.key_before)
        found = follow(before, task.changes) if before is not None else None
        return None if found is None else self._priced(found, began, task.key, None)

    def _priced(self, plan: Solution, began: float, key: str, compared: ToCompare | None) -> bytes:
        """The plan with its prices, kept by its key."""
        knock_ons = KnockOns(plan)
        shadow_prices = knock_ons.saved_by_one_more_place()
        seconds = time.perf_counter() - began
        self._keep(key, plan)
        comparisons = compare(plan.problem, compared) if compared else None
        answer = StandingSolution(key, plan.chosen, knock_ons, shadow_prices, seconds, comparisons)
        return _packed(answer, plan.problem)

    def _keep(self, key: str, plan: Solution) -> None:
        self._kept[key] = Solution(plan.problem, plan.chosen, plan.potentials, plan.are_distances)
        self._kept.move_to_end(key)
        while len(self._kept) > PLANS_KEPT:
            self._kept.popitem(last=False)


class _WithoutProblem(pickle.Pickler):
    """Packs an answer but for its problem, which whoever asked has."""

    def __init__(self, file: io.BytesIO, problem: PlacementProblem) -> None:
        super().__init__(file, protocol=pickle.HIGHEST_PROTOCOL)
        self._problem = problem

    def persistent_id(self, thing: Any) -> str | None:
        return "problem" if thing is self._problem else None


class _WithProblem(pickle.Unpickler):
    """Unpacks an answer from our own worker, with the problem put back."""

    def __init__(self, file: io.BytesIO, problem: PlacementProblem) -> None:
        super().__init__(file)
        self._problem = problem

    def persistent_load(self, pid: Any) -> PlacementProblem:
        return self._problem


def _packed(answer: StandingSolution, problem: PlacementProblem) -> bytes:
    file = io.BytesIO()
    _WithoutProblem(file, problem).dump(answer)
    return file.getvalue()


def _unpacked(packed: bytes, problem: PlacementProblem) -> StandingSolution:
    answer: StandingSolution = _WithProblem(io.BytesIO(packed), problem).load()
    return answer


def assign(problem: PlacementProblem) -> IntArray:
    """The best plan alone."""
    from services.placement.model.solve import solve

    return solve(problem).chosen


def compare(problem: PlacementProblem, asked: ToCompare) -> Comparisons:
    """The plans that the best one is compared with."""
    from services.placement.model.greedy import greedy

    return Comparisons(greedy(problem, asked.order), greedy(asked.practice, asked.order))


def price_sampled(asked: Later) -> LaterArrivals:
    """What each place is worth to those due now and sampled later arrivals together."""
    from services.placement.forecast.simulation.arrivals import sampled_futures
    from services.placement.model.later import joined
    from services.placement.model.later_prices import price_joint_plans

    futures = sampled_futures(asked.world, asked.free, asked.free_in_groups, asked.year_left, asked.samples)
    return price_joint_plans(joined(asked.now, future) for future in futures)
