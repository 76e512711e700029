"""A few processes of our own that do long work, started when there is some and stopped when there is none.

Long arithmetic holds Python's lock, and so would hold up every other answer, hint and heartbeat of a process; here it
is done elsewhere. Talking to a worker is one blocking read of a pipe, so a real thread has to do it: it works alike in
a plain process and in one that eventlet patched, where `select` is another.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from shared.logs import log

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    End = Connection[Any, Any]

Handler = Callable[[Any], Any]
STOP_SECONDS = 5.0
IDLE_SECONDS = 60.0


class WorkerDied(Exception):
    """The process that was at a task ended before it was done: killed, out of memory, or it failed to start."""


class TaskFailed(Exception):
    """A handler raised. `error_type` is the name of what it raised; its text stays in the worker."""

    def __init__(self, error_type: str) -> None:
        super().__init__(error_type)
        self.error_type = error_type


class WorkerProcesses:
    """At most `most` processes, each at one task at a time. Safe to use from several threads.

    Each new one calls `start`, a function named "module:function" so that only workers import it, with an event that is
    set when it is to stop and the arguments given: what it returns handles the tasks. Tasks and answers travel pickled.
    """

    def __init__(self, most: int, start: str, *arguments: Any) -> None:
        self.most = most
        self._start, self._arguments = start, arguments
        self._idle: list[_Worker] = []
        self._busy: set[_Worker] = set()
        self._changed = threading.Condition()
        self._stopped = False

    @property
    def free(self) -> int:
        """How many tasks could be begun at once."""
        with self._changed:
            return 0 if self._stopped else self.most - len(self._busy)

    @property
    def running(self) -> int:
        """How many processes there are."""
        with self._changed:
            return len(self._busy) + len(self._idle)

    def run(self, task: Any) -> Any:
        """What the handler answers, once a process is free for it. Raises WorkerDied, TaskFailed."""
        worker = self._take()
        try:
            answer = worker.do(task)
        except WorkerDied:
            self._give_back(worker, alive=False)
            raise
        self._give_back(worker, alive=True)
        if isinstance(answer, TaskFailed):
            raise answer
        return answer

    def stop_idle(self, idle_seconds: float = IDLE_SECONDS) -> None:
        """Stop the processes that have had nothing to do for so long."""
        before = time.monotonic() - idle_seconds
        with self._changed:
            tired = [worker for worker in self._idle if worker.idle_since <= before]
            self._idle = [worker for worker in self._idle if worker.idle_since > before]
        for worker in tired:
            worker.stop()

    def stop(self) -> None:
        """Begin nothing more, and ask those at a task to leave it. Whoever waits has an answer or WorkerDied."""
        with self._changed:
            self._stopped = True
            idle, self._idle = self._idle, []
            busy = list(self._busy)
            self._changed.notify_all()
        for worker in (*idle, *busy):
            worker.stop()

    def _take(self) -> _Worker:
        """An idle process, or a new one, once there may be one more."""
        with self._changed:
            while not self._stopped and len(self._busy) >= self.most:
                self._changed.wait()
            if self._stopped:
                raise WorkerDied
            worker = self._idle.pop() if self._idle else _Worker(self._start, self._arguments)
            self._busy.add(worker)
        return worker

    def _give_back(self, worker: _Worker, *, alive: bool) -> None:
        with self._changed:
            self._busy.discard(worker)
            if alive and not self._stopped:
                worker.idle_since = time.monotonic()
                self._idle.append(worker)
            self._changed.notify()
        if not alive:
            worker.reap()


class _Worker:
    """One process and the two pipes to it."""

    def __init__(self, start: str, arguments: tuple[Any, ...]) -> None:
        context = multiprocessing.get_context("spawn")
        theirs_in, self._to = context.Pipe(duplex=False)
        self._from, theirs_out = context.Pipe(duplex=False)
        self._process = context.Process(target=_serve, args=(theirs_in, theirs_out, start, arguments), daemon=True)
        self._process.start()
        theirs_in.close()  # theirs alone now, so that its end shows here
        theirs_out.close()
        self.idle_since = 0.0

    def do(self, task: Any) -> Any:
        """Its answer, or the TaskFailed that stands for one. Raises WorkerDied."""
        try:
            self._to.send(task)
            return self._from.recv()
        except (EOFError, OSError):
            raise WorkerDied from None

    def stop(self) -> None:
        """Ask it to leave what it is at; one that is idle ends."""
        with suppress(OSError, ProcessLookupError):
            if self._process.pid is not None:
                os.kill(self._process.pid, signal.SIGTERM)
        with suppress(OSError):
            self._to.close()

    def reap(self) -> None:
        """Forget a process that died."""
        for end in (self._to, self._from):
            with suppress(OSError):
                end.close()
        self._process.kill()
        self._process.join()


def _serve(tasks: End, answers: End, start: str, arguments: tuple[Any, ...]) -> None:
    """The life of a worker: tasks until the pipe is closed."""
    stopping = threading.Event()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the business of whoever started us
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    threading.Thread(target=_end_with_parent, args=(stopping,), name="end-with-parent", daemon=True).start()
    with suppress(OSError):
        os.nice(5)  # answers to people come first
    module, _, function = start.partition(":")
    handle: Handler = getattr(importlib.import_module(module), function)(stopping, *arguments)
    while not stopping.is_set():
        try:
            task = tasks.recv()
        except (EOFError, OSError):
            return
        answers.send(_done(handle, task))


def _done(handle: Handler, task: Any) -> Any:
    try:
        return handle(task)
    except Exception as error:
        log("task_failed", "error", error_type=type(error).__name__, location=_places(error))
        return TaskFailed(type(error).__name__)


def _places(error: Exception) -> list[str]:
    """Where it happened, without its text, which may be personal."""
    import traceback

    return [f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)[-4:]]


def _end_with_parent(stopping: threading.Event) -> None:
    """Should whoever started us be gone, leave the task at the next chance, and end in any case."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        stopping.set()
        time.sleep(STOP_SECONDS)
        os._exit(1)
