"""Solve in a worker process of its own: the engine would otherwise hold up every other answer of this service."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import TypeVar

from services.placement.forecast.world import World
from services.placement.model.groups import IndexArray, IntArray
from services.placement.model.knock_on import Effects, KnockOns
from services.placement.model.later import LaterArrivals
from services.placement.model.problem import PlacementProblem
from shared.errors import WrongState
from shared.logs import log

AnswerT = TypeVar("AnswerT")


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


class Solver:
    """One worker process, started when first needed and again should it die."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._worker: ProcessPoolExecutor | None = None

    def warm(self) -> None:
        """Start the worker before it is needed."""
        self._current().submit(_ready)

    def solve(self, problem: PlacementProblem, practice: PlacementProblem, order: Sequence[int]) -> StandingSolution:
        """Solve, and compare with greedy and practice over the cases in `order`.

        Raises WrongState when the worker died twice, most likely for lack of memory.
        """
        return self._run(solve_and_compare, problem, practice, list(order))

    def _run(self, work: Callable[..., AnswerT], *arguments: object) -> AnswerT:
        for _ in range(2):
            worker = self._current()
            try:
                return worker.submit(work, *arguments).result()
            except BrokenProcessPool:
                log("solver_died", "error")
                self._forget(worker)
        raise WrongState("The optimiser's process died twice on this problem; give the machine more memory.")

    def price_later(self, asked: Later) -> LaterArrivals:
        """What sampled later arrivals would lose by each pool's place. Raises WrongState as `solve` does."""
        return self._run(price_sampled, asked)

    def close(self) -> None:
        """Stop the worker."""
        with self._lock:
            if self._worker is not None:
                self._worker.shutdown(cancel_futures=True)
                self._worker = None

    def _current(self) -> ProcessPoolExecutor:
        with self._lock:
            if self._worker is None:
                context = multiprocessing.get_context("spawn")
                self._worker = ProcessPoolExecutor(1, mp_context=context, initializer=_start)
            return self._worker

    def _forget(self, worker: ProcessPoolExecutor) -> None:
        with self._lock:
            if self._worker is worker:
                self._worker = None
        worker.shutdown(wait=False)


def _start() -> None:
    """Leave signals to the service, which stops its worker itself; should it be killed, end with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_service, name="end-with-service", daemon=True).start()


def _end_with_service() -> None:
    """A worker waits for work from itself too, so it would never notice that nobody is left to send any."""
    service = multiprocessing.parent_process()
    if service is not None:
        service.join()
        os._exit(1)


def _ready() -> bool:
    """Import the engine, so that the first plan does not wait for it."""
    from services.placement.model import solve

    return solve is not None


def solve_and_compare(problem: PlacementProblem, practice: PlacementProblem, order: Sequence[int]) -> StandingSolution:
    """The best plan with its prices, and the two that it is compared with."""
    from services.placement.model.greedy import greedy
    from services.placement.model.solve import solve

    began = time.perf_counter()
    solution = solve(problem)
    knock_ons = KnockOns(solution)
    shadow_prices = knock_ons.saved_by_one_more_place()
    seconds = time.perf_counter() - began
    return StandingSolution(
        option_of_case=solution.chosen,
        greedy_option_of_case=greedy(problem, order),
        practice_option_of_case=greedy(practice, order),
        knock_ons=knock_ons,
        shadow_prices=shadow_prices,
        solve_seconds=seconds,
    )


def price_sampled(asked: Later) -> LaterArrivals:
    """What each place is worth to those due now and sampled later arrivals together."""
    from services.placement.forecast.arrivals import sampled_futures
    from services.placement.model.later import joined
    from services.placement.model.later_prices import price_joint_plans

    futures = sampled_futures(asked.world, asked.free, asked.free_in_groups, asked.year_left, asked.samples)
    return price_joint_plans(joined(asked.now, future) for future in futures)
