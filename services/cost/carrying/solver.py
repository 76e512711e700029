"""Plan groups in worker processes, and remember each by what it holds: the same group is never planned twice.

A group's runs are a function of its problem alone, so what is remembered changes how soon an answer comes and never
what it says.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import astuple

import numpy as np

from services.cost.transport.runs.problem import RunsProblem
from services.cost.transport.runs.result import PlannedRuns
from shared import logs
from shared.errors import WrongState
from shared.worker_processes import IDLE_SECONDS, WorkerDied, WorkerProcesses

MOST_REMEMBERED = 4_096
"""Groups; one of 150 children takes some tens of kilobytes."""


class Stopped(Exception):
    """Whoever asked has gone."""


class RunSolver:
    """A few processes, started when there is something to plan and stopped when there has been nothing for a while."""

    def __init__(self, most: int) -> None:
        self._workers = WorkerProcesses(most, f"{__name__}:start_solver")
        self._lock = threading.Lock()
        self._remembered: OrderedDict[str, PlannedRuns] = OrderedDict()

    def plan(self, problems: Sequence[RunsProblem], gone: threading.Event) -> Iterator[tuple[int, PlannedRuns]]:
        """The runs of each problem with its place, as they are done. Once `gone` is set no more are begun.

        Raises Stopped then, and WrongState when a worker died twice on a problem.
        """
        with ThreadPoolExecutor(self._workers.most, "plan-runs") as threads:
            largest_first = sorted(range(len(problems)), key=lambda at: -problems[at].travellers.count)
            waiting = {threads.submit(self._plan, problems[at], gone): at for at in largest_first}
            try:
                for done in as_completed(waiting):
                    yield waiting[done], done.result()
            finally:
                gone.set()
        idle = threading.Timer(IDLE_SECONDS + 1, self._workers.stop_idle)
        idle.daemon = True
        idle.start()

    def close(self) -> None:
        """Stop the processes."""
        self._workers.stop()

    def _plan(self, problem: RunsProblem, gone: threading.Event) -> PlannedRuns:
        key = content_key(problem)
        with self._lock:
            if (known := self._remembered.get(key)) is not None:
                self._remembered.move_to_end(key)
                return known
        planned = self._run(problem, gone)
        with self._lock:
            self._remembered[key] = planned
            while len(self._remembered) > MOST_REMEMBERED:
                self._remembered.popitem(last=False)
        return planned

    def _run(self, problem: RunsProblem, gone: threading.Event) -> PlannedRuns:
        for _ in range(2):
            if gone.is_set():
                raise Stopped
            with suppress(WorkerDied):
                planned: PlannedRuns = self._workers.run(problem)
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
