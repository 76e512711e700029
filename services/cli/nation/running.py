"""The national run: announce each authority, keep the workers alive, show how far it is, and go on where it stopped."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from services.cli.exits import OUR_FAULT
from services.cli.failures import CannotGoOn
from services.cli.nation.alone import alone_in
from services.cli.nation.authorities import Authority, cut_tables
from services.cli.nation.queue import announce, remove
from services.cli.nation.results import Asked, Done, Results, Task
from services.cli.nation.version import version_of
from services.cli.system.ports import SPARING
from services.cli.system.processes import Processes
from shared.ids import new_id
from shared.settings import ServiceSettings

LOOK_SECONDS = 0.2
AGAIN_SECONDS = 20.0
"""So long an idle worker is waited for before what nobody took is announced again: its message may have been lost."""
MOST_TRIES = 2
MOST_RESTARTS = 20
GONE = "its worker ended twice while at it"


@dataclass(frozen=True, slots=True)
class National:
    """What a national run is asked.

    Parameters
    ----------
    out
        Its folder, for results, messages and what is in hand.
    tables
        The folder of the Department's tables.
    authorities
        In the order in which they are to be taken.
    workers
        How many processes take them, 1 or more.
    seed, due, keep
        As in `results.Asked`.
    """

    out: Path
    tables: Path
    authorities: Sequence[Authority]
    workers: int
    seed: int
    due: str
    keep: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is. `seconds_left`: None until one authority is done."""

    done: int
    failed: int
    of: int
    in_hand: Mapping[str, Task]
    seconds_left: float | None

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to do."""
        return self.done + self.failed == self.of


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run came to: rows in order, failures with their reasons, and how many rows an earlier run had left."""

    asked: Asked
    done: Sequence[Done]
    failed: Sequence[tuple[Task, str]]
    found: int
    seconds: float


def run_nation(national: National, show: Callable[[Progress], None], told: Mapping[str, str]) -> Outcome:
    """Do every authority that is not done yet, whatever happens to one of them.

    `told` is the environment that workers are started with. Ctrl-C leaves what is done, and nothing half-done. Raises
    CannotGoOn when the folder is in use, the broker cannot be reached or no worker lives.
    """
    using = f"Another national run is using {national.out}."
    with alone_in(national.out, CannotGoOn(using, "Wait for it, or name another folder with --out.")):
        return _Run(national, show, told).run()


class _Run:
    def __init__(self, national: National, show: Callable[[Progress], None], told: Mapping[str, str]) -> None:
        self._national, self._show, self._told = national, show, dict(told, INBOROUGH_VAR=str(national.out.resolve()))
        self._settings = ServiceSettings(INBOROUGH_VAR=national.out.resolve())
        self._results = Results(national.out)
        version = version_of(national.tables)
        self._asked = Asked(new_id("run"), national.seed, national.due, version, national.keep)
        self._tasks = [
            Task(each.code, each.ons_code, each.name, each.region, each.plans, place)
            for place, each in enumerate(national.authorities)
        ]
        self._queue = _queue_of(self._asked)
        self._found: frozenset[str] = frozenset()
        self._began = time.monotonic()
        self._quiet_since = self._began
        self._restarts = self._workers = 0

    def run(self) -> Outcome:
        before = self._results.find_run()
        self._clear()
        if before is not None:
            remove(self._settings, _queue_of(before))
        self._results.begin(self._asked, self._tasks)
        self._found = frozenset(each.task.code for each in self._results.done())
        try:
            if waiting := self._results.waiting():
                cut_tables(self._national.tables, self._national.out / "tables", self._national.authorities)
                self._announce(len(waiting))
                self._workers = min(self._national.workers, len(waiting))
                self._work()
        finally:
            remove(self._settings, self._queue)
            self._clear("waiting")
        seconds = time.monotonic() - self._began
        return Outcome(self._asked, self._results.done(), self._results.failed(), len(self._found), seconds)

    def _work(self) -> None:
        names = [f"worker-{number + 1}" for number in range(self._workers)]
        commands = {name: self._command(name) for name in names}
        with Processes(commands, SPARING | self._told, self._national.out / "logs") as processes:
            while not (progress := self._progress()).is_over:
                self._see_to_workers(processes, progress)
                time.sleep(LOOK_SECONDS)

    def _command(self, name: str) -> list[str]:
        out = str(self._national.out.resolve())
        return [sys.executable, "-m", "services.cli.nation.worker", name, self._queue, out]

    def _see_to_workers(self, processes: Processes, progress: Progress) -> None:
        """Start again who has ended, and announce again what it was at, or what nobody takes."""
        for name in processes.stopped():
            self._restarts += 1
            if self._restarts > MOST_RESTARTS:
                log = processes.log_file(name)
                raise CannotGoOn("Workers end again and again.", f"The reason is in {log}", OUR_FAULT)
            self._results.free(name, MOST_TRIES, GONE)
            processes.start(name, self._command(name))
            self._announce(len(self._results.waiting()))
        if len(progress.in_hand) == self._workers:
            self._quiet_since = time.monotonic()
        elif time.monotonic() - self._quiet_since > AGAIN_SECONDS:
            self._announce(len(self._results.waiting()))

    def _announce(self, tasks: int) -> None:
        """Put a message for each task that waits on the queue. One too many does no harm."""
        self._quiet_since = time.monotonic()
        announce(self._settings, self._queue, [{"run": self._asked.run_id}] * tasks)

    def _progress(self) -> Progress:
        """How far it is, which is shown too. What is left takes as long for each active plan as what was done here."""
        done, failed, in_hand = self._results.done(), self._results.failed(), self._results.in_hand()
        left = sum(task.plans for task in (*self._results.waiting(), *in_hand.values()))
        here = sum(each.task.plans for each in done if each.task.code not in self._found)
        spent = time.monotonic() - self._began
        progress = Progress(len(done), len(failed), len(self._tasks), in_hand, spent * left / here if here else None)
        self._show(progress)
        return progress

    def _clear(self, *more: str) -> None:
        """Remove what only a run in progress needs."""
        for name in (*more, "tables", "broker", *(() if self._national.keep else ("councils",))):
            shutil.rmtree(self._national.out / name, ignore_errors=True)


def _queue_of(asked: Asked) -> str:
    return f"inborough.nation.{asked.run_id}"
