"""A worker of the national run: `python -m services.cli.nation.worker NAME QUEUE OUT`.

It takes one authority at a time from the broker. A plain process behind it, its desk, does the work and starts that
authority's services: what talks to the broker is never kept waiting. When the worker ends in any way, its desk and all
services that belong to it end too.
"""

from __future__ import annotations

import sys

if __name__ == "__main__":
    import shared.events.patched  # noqa: F401

import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from services.cli.nation.results import Asked, Figures, Results, Task
from shared import logs
from shared.events.process import Part, run
from shared.events.work_queue import Message, WorkQueue
from shared.settings import ServiceSettings
from shared.worker_processes import TaskFailed, WorkerDied, WorkerProcesses

if TYPE_CHECKING:
    from services.cli.nation.council import Failed

Job = tuple[Asked, Task]
MOST_TRIES = 2
DIED = "its process ended while at it, most likely for lack of memory"


class Worker:
    """Takes messages, one at a time, and keeps what came of each."""

    def __init__(self, name: str, out: Path) -> None:
        self._name, self._results = name, Results(out)
        self._desk = WorkerProcesses(1, f"{__name__.replace('__main__', MODULE)}:start_desk", str(out), name)
        self._stopping = threading.Event()

    def take_message(self, message: Message) -> None:
        """Do the first authority that waits, if the message is of this run and one still does."""
        asked = self._results.find_run()
        if asked is None or self._stopping.is_set():
            return
        task = self._results.take(str(message.get("run")), self._name)
        if task is not None:
            self._do(asked, task)

    def stop(self) -> None:
        """Leave what is in hand: nothing of it is kept, and whoever runs the whole has it done again."""
        self._stopping.set()
        self._desk.stop()

    def _do(self, asked: Asked, task: Task) -> None:
        """Have it done, and what fails once more by a new desk: a machine that stood still for a while is no reason."""
        logs.log("authority_taken", shard=task.code)
        reason = ""
        for tries in range(MOST_TRIES):
            if tries:
                self._desk.stop_idle(0.0)
            came = self._try(asked, task)
            if isinstance(came, Figures):
                self._results.keep(asked, task.code, came)
                break
            if self._stopping.is_set():
                return
            reason = came
        else:
            self._results.fail(task.code, reason)
        logs.log("authority_done", shard=task.code)

    def _try(self, asked: Asked, task: Task) -> Figures | str:
        """Its figures, or why there are none."""
        try:
            came: Figures | Failed = self._desk.run((asked, task))
        except WorkerDied:
            return DIED
        except TaskFailed as error:
            return f"a fault in inborough itself ({error.error_type})"
        return came if isinstance(came, Figures) else came.reason


MODULE = "services.cli.nation.worker"


def start_desk(stopping: threading.Event, out: str, name: str) -> Callable[[Job], Figures | Failed]:
    """What a desk calls first: it imports what it needs, and has the services imported and waiting."""
    from services.cli.nation.council import Desk, Stopped
    from services.cli.nation.stack import Services

    def go_on() -> None:
        if stopping.is_set():
            raise Stopped

    logs.configure("nation-desk")
    open_while_it_lives = ExitStack()
    services = open_while_it_lives.enter_context(Services(Path(out) / "waiting" / name))
    desk = Desk(services, Path(out), go_on)
    return lambda job: desk.do(*job)


def main(name: str, queue: str, out: str) -> None:
    """Take work until SIGTERM."""
    logs.configure("nation")
    worker = Worker(name, Path(out))
    part = Part("nation", ServiceSettings(), queue=WorkQueue(queue, worker.take_message, 1), stop=worker.stop)
    run([part], 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
