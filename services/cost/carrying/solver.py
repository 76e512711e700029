"""Plan groups in worker processes, and remember each by what it holds: the same group is never planned twice.

A group's runs are a function of its problem alone, so what is remembered changes how soon an answer comes and never
what it says.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import suppress
from contextvars import copy_context
from dataclasses import astuple

import numpy as np

from services.cost.transport.runs.problem import RunsProblem
from services.cost.transport.runs.result import PlannedRuns
from shared import logs
from shared.errors import WrongState
from shared.worker_processes import IDLE_SECONDS, WorkerDied, WorkerProcesses

MOST_REMEMBERED = 4_096
"""Groups; one of 150 children takes some tens of kilobytes."""

LOOK_SECONDS = 0.2
"""How often a call that waits looks whether whoever asked has gone."""


class Stopped(Exception):
    """Whoever asked has gone."""


class RunSolver:
    """A few processes for each call that plans, and a few that stay for prices of trials, which come one after another.

    A call that is ended takes its own processes with it, within seconds, in the middle of a group.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._staying = self._processes()
        self._lock = threading.Lock()
        self._remembered: OrderedDict[str, PlannedRuns] = OrderedDict()

    def plan(self, problems: Sequence[RunsProblem], gone: threading.Event) -> Iterator[tuple[int, PlannedRuns]]:
        """The runs of each problem with its place, as they are done, by processes of its own.

        Raises Stopped once `gone` is set, and WrongState when a worker died twice on a problem.
        """
        own = self._processes()
        try:
            yield from self._plan_all(own, problems, gone)
        finally:
            own.stop()

    def price(self, problems: Sequence[RunsProblem], gone: threading.Event) -> Iterator[tuple[int, PlannedRuns]]:
        """The same by the processes that stay; one that is at a group when `gone` is set ends it first."""
        yield from self._plan_all(self._staying, problems, gone)
        idle = threading.Timer(IDLE_SECONDS + 1, self._staying.stop_idle)
        idle.daemon = True
        idle.start()

    def close(self) -> None:
        """Stop the processes."""
        self._staying.stop()

    def _processes(self) -> WorkerProcesses:
        return WorkerProcesses(self._most, f"{__name__}:start_solver")

    def _plan_all(
        self, workers: WorkerProcesses, problems: Sequence[RunsProblem], gone: threading.Event
    ) -> Iterator[tuple[int, PlannedRuns]]:
        largest_first = sorted(range(len(problems)), key=lambda at: -problems[at].travellers.count)
        threads = ThreadPoolExecutor(workers.most, "plan-runs")
        waiting = {
            threads.submit(copy_context().run, self._plan, workers, problems[at], gone): at for at in largest_first
        }
        try:
            while waiting:
                if gone.is_set():
                    raise Stopped
                done, _ = wait(waiting, LOOK_SECONDS, FIRST_COMPLETED)
                for one in done:
                    yield waiting.pop(one), one.result()
        finally:
            gone.set()
            threads.shutdown(wait=False, cancel_futures=True)

    def _plan(self, workers: WorkerProcesses, problem: RunsProblem, gone: threading.Event) -> PlannedRuns:
        key = content_key(problem)
        with self._lock:
            if (known := self._remembered.get(key)) is not None:
                self._remembered.move_to_end(key)
                return known
        planned = _run(workers, problem, gone)
        with self._lock:
            self._remembered[key] = planned
            while len(self._remembered) > MOST_REMEMBERED:
                self._remembered.popitem(last=False)
        return planned


def _run(workers: WorkerProcesses, problem: RunsProblem, gone: threading.Event) -> PlannedRuns:
    for _ in range(2):
        if gone.is_set():
            raise Stopped
        with suppress(WorkerDied):
            planned: PlannedRuns = workers.run(problem)
            return planned
        if not gone.is_set():
            logs.log("run_solver_died", "error")
    raise WrongState("The process that plans runs died twice on one group; give the machine more memory.")


def start_solver(stopping: threading.Event) -> Callable[[RunsProblem], PlannedRuns]:
    """What a new worker process calls first: the engine is imported here, and nowhere in the service."""
    from services.cost.transport.runs.plan import plan_runs

    logs.configure("cost-runs")
    return plan_runs


def content_key(problem: RunsProblem) -> str:
    """A hash of everything that its runs depend on; of whom a child is kept apart from, those who travel here."""
    named = set(problem.travellers.ids)
    digest = hashlib.sha256()
    words = (
        astuple(problem.fleet),
        problem.destination_ids,
        problem.travellers.ids,
        sorted(pair for pair in problem.apart if named.issuperset(pair)),
        problem.set_down_early_minutes,
    )
    digest.update(repr(words).encode())
    kinds = problem.travellers
    for column in (
        problem.bell_minutes,
        problem.destination,
        kinds.wheelchair,
        kinds.assistant,
        kinds.solo,
        kinds.guide_minutes,
        kinds.boarding_minutes,
        problem.legs.metres,
        problem.legs.minutes,
    ):
        digest.update(np.ascontiguousarray(column).tobytes())
    return digest.hexdigest()
