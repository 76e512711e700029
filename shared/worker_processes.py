"""A few processes of our own that do long work, started when there is some and stopped when there is none.

Long arithmetic holds Python's lock, and so would hold up every other answer, hint and heartbeat of a process; here it
is done elsewhere. Talking to a worker is one blocking read of a pipe, so a real thread has to do it: it works alike in
a plain process and in one that eventlet patched, where `select` is another.
"""

from __future__ import annotations

import importlib
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

from shared import logs, tracing
from shared.metrics import workers_died

Handler = Callable[[Any], Any]
ANSWERED, RAISED = "answered", "raised"
STOP_SECONDS = 5.0
IDLE_SECONDS = 60.0
NICER = 5
"""Long work gives way to answers where both want a processor; where one is free it is as quick as ever."""


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
    set when it is to stop and the arguments given: what it returns handles the tasks. Tasks and answers travel pickled,
    and with a task the request and the trace that it is done for.
    """

    def __init__(self, most: int, start: str, *arguments: Any) -> None:
        self.most = most
        self._start, self._arguments = start, arguments
        self._died = workers_died.labels(start.partition(":")[0])  # shown as 0 until one does
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
            became, answer = worker.do(task)
        except BaseException as error:
            if isinstance(error, WorkerDied) and not self._stopped:  # one that was told to stop is no loss
                self._died.inc()
            self._give_back(worker, alive=False)
            raise
        self._give_back(worker, alive=True)
        if became == RAISED:
            raise TaskFailed(answer)
        return answer

    def stop_idle(self, idle_seconds: float = IDLE_SECONDS) -> None:
        """Stop the processes that have had nothing to do for so long."""
        before = time.monotonic() - idle_seconds
        with self._changed:
            tired = [worker for worker in self._idle if worker.idle_since <= before]
            self._idle = [worker for worker in self._idle if worker.idle_since > before]
        for worker in tired:
            worker.end()

    def stop(self) -> None:
        """Begin nothing more, and ask those at a task to leave it. Whoever waits has an answer or WorkerDied."""
        with self._changed:
            self._stopped = True
            idle, self._idle = self._idle, []
            busy = list(self._busy)
            self._changed.notify_all()
        for worker in busy:
            worker.stop()
        for worker in idle:
            worker.end()

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
            kept = alive and not self._stopped
            if kept:
                worker.idle_since = time.monotonic()
                self._idle.append(worker)
            self._changed.notify()
        if not kept:
            worker.end(kill=not alive)


class _Worker:
    """One process and the two pipes to it: `python -m shared.worker_processes TASKS ANSWERS`."""

    def __init__(self, start: str, arguments: tuple[Any, ...]) -> None:
        theirs_in, ours_out = os.pipe()
        ours_in, theirs_out = os.pipe()
        command = [sys.executable, *_flags(), "-m", __name__, str(theirs_in), str(theirs_out)]
        self._process = subprocess.Popen(command, pass_fds=(theirs_in, theirs_out))
        os.close(theirs_in)  # theirs alone now, so that its end shows here
        os.close(theirs_out)
        self._to, self._from = Connection(ours_out, readable=False), Connection(ours_in, writable=False)
        self._first: list[Any] = [(logs.level(), start, arguments)]
        self.idle_since = 0.0

    def do(self, task: Any) -> tuple[str, Any]:
        """ANSWERED and its answer, or RAISED and the name of an error. Raises WorkerDied."""
        try:
            for sent in (*self._first, (logs.request_id.get(), tracing.current(), task)):
                self._to.send(sent)
            self._first = []
            became, answer = self._from.recv()
            return became, answer
        except (EOFError, OSError):
            raise WorkerDied from None

    def stop(self) -> None:
        """Ask it to leave what it is at, and end."""
        with suppress(OSError):
            self._to.close()

    def end(self, *, kill: bool = False) -> None:
        """Wait until a worker that is at nothing has ended."""
        self.stop()
        if kill:
            self._process.kill()
        self._process.wait()
        with suppress(OSError):
            self._from.close()


def _flags() -> list[str]:
    """How our own interpreter was told to warn, for the worker's."""
    return [f"-W{option}" for option in sys.warnoptions]


def main(tasks: int, answers: int) -> None:
    """The life of a worker, given its ends of two pipes: tasks until there are no more, or it is to stop."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the business of whoever started us
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # and so is this: its end of the pipe goes with it
    os.nice(NICER)
    waiting: queue.SimpleQueue[Any] = queue.SimpleQueue()
    stopping = threading.Event()
    reading = (Connection(tasks, writable=False), waiting, stopping)
    threading.Thread(target=_read_tasks, args=reading, name="tasks", daemon=True).start()
    to = Connection(answers, readable=False)
    handle: Handler | None = None
    while (task := waiting.get()) is not _NO_MORE:
        if handle is None:
            handle = _handler(stopping, *task)
            continue
        with suppress(BrokenPipeError):
            to.send(_done(handle, *task))
    tracing.end()


_NO_MORE = object()


def _read_tasks(tasks: Connection, waiting: queue.SimpleQueue[Any], stopping: threading.Event) -> None:
    """Read until the other end is closed or gone; then the task in hand may be left at the next chance, and we end."""
    with suppress(EOFError, OSError):
        while True:
            waiting.put(tasks.recv())
    stopping.set()
    waiting.put(_NO_MORE)
    time.sleep(STOP_SECONDS)
    os._exit(1)


def _handler(stopping: threading.Event, level: str, start: str, arguments: tuple[Any, ...]) -> Handler:
    module, _, function = start.partition(":")
    logs.start_from(level)
    handler: Handler = getattr(importlib.import_module(module), function)(stopping, *arguments)
    tracing.begin(logs.service())
    return handler


def _done(handle: Handler, request_id: str, traceparent: str, task: Any) -> tuple[str, Any]:
    with logs.in_request(request_id), _span(traceparent, task) as span:
        try:
            return ANSWERED, handle(task)
        except Exception as error:
            kind = type(error).__name__
            span.say(error_type=kind)
            logs.log("task_failed", "error", error_type=kind, location=logs.places(error))
            return RAISED, kind


def _span(traceparent: str, task: Any) -> tracing.Span:
    """Part of the trace that the task is done for, if it is one of those."""
    kind = type(task).__name__
    return tracing.span(f"work on {kind}", parent=traceparent, task=kind) if traceparent else tracing.NOTHING


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
