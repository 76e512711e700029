"""Solve in a worker process of its own: the engine would otherwise hold up every other answer of this service."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from services.placement.forecast.simulation.world import World
from services.placement.model.groups import IndexArray, IntArray
from services.placement.model.knock_on import Effects, KnockOns
from services.placement.model.later import LaterArrivals
from services.placement.model.problem import PlacementProblem
from shared import logs
from shared.errors import WrongState
from shared.worker_processes import WorkerDied, WorkerProcesses


@dataclass(frozen=True, eq=False)
class StandingSolution:
    """The best plan of a problem, what it is compared with, and its prices.

    Parameters
    ----------
    option_of_case, greedy_option_of_case, practice_option_of_case
        int64[K], rows of the problem's options; -1 where unplaced.
    knock_ons
        Exact effects, read without solving again.
    shadow_prices
        int64[T + 1, P], what one more place in each pool would save.
    solve_seconds
        Time inside the optimiser for the plan and its prices, without the comparisons.
    """

    option_of_case: IntArray
    greedy_option_of_case: IntArray
    practice_option_of_case: IntArray
    knock_ons: KnockOns
    shadow_prices: IntArray
    solve_seconds: float

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
class ToPlan:
    """A problem, the one of today's practice, and the cases in the order that panels would meet them."""

    problem: PlacementProblem
    practice: PlacementProblem
    order: list[int]


@dataclass(frozen=True, eq=False)
class ToAssign:
    """A problem of which only the best plan is asked."""

    problem: PlacementProblem


Task = ToPlan | ToAssign | Later


class Solver:
    """One worker process, started when first needed and again should it die."""

    def __init__(self) -> None:
        self._worker = WorkerProcesses(1, f"{__name__}:start_solver")

    def warm(self) -> None:
        """Start the worker before it is needed, without waiting for it."""
        threading.Thread(target=self._warm, name="warm-solver", daemon=True).start()

    def solve(self, problem: PlacementProblem, practice: PlacementProblem, order: Sequence[int]) -> StandingSolution:
        """Solve, and compare with greedy and practice over the cases in `order`.

        Raises WrongState when the worker died twice, most likely for lack of memory.
        """
        solution: StandingSolution = self._run(ToPlan(problem, practice, list(order)))
        return solution

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
    return _answer


def _answer(task: Task | None) -> Any:
    """None: a task that only asks whether the worker is there."""
    if task is None:
        return None
    if isinstance(task, ToAssign):
        return assign(task.problem)
    return price_sampled(task) if isinstance(task, Later) else solve_and_compare(task)


def assign(problem: PlacementProblem) -> IntArray:
    """The best plan alone."""
    from services.placement.model.solve import solve

    return solve(problem).chosen


def solve_and_compare(asked: ToPlan) -> StandingSolution:
    """The best plan with its prices, and the two that it is compared with."""
    from services.placement.model.greedy import greedy
    from services.placement.model.solve import solve

    began = time.perf_counter()
    solution = solve(asked.problem)
    knock_ons = KnockOns(solution)
    shadow_prices = knock_ons.saved_by_one_more_place()
    seconds = time.perf_counter() - began
    return StandingSolution(
        option_of_case=solution.chosen,
        greedy_option_of_case=greedy(asked.problem, asked.order),
        practice_option_of_case=greedy(asked.practice, asked.order),
        knock_ons=knock_ons,
        shadow_prices=shadow_prices,
        solve_seconds=seconds,
    )


def price_sampled(asked: Later) -> LaterArrivals:
    """What each place is worth to those due now and sampled later arrivals together."""
    from services.placement.forecast.simulation.arrivals import sampled_futures
    from services.placement.model.later import joined
    from services.placement.model.later_prices import price_joint_plans

    futures = sampled_futures(asked.world, asked.free, asked.free_in_groups, asked.year_left, asked.samples)
    return price_joint_plans(joined(asked.now, future) for future in futures)
