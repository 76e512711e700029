"""A service that is imported once and started many times: `python -m shared.forking caseload`.

Most of a service's start is importing it. Where many systems are run one after another, each on databases of its own,
this process imports the service and then forks a child for each system: a process as real as any, in a tenth of the
time. It has one child at a time, starts no thread and opens no channel or database itself, so that forking is safe.

It is asked a line of JSON at a time on standard input, and answers each with one: {"start": environment, "log": path}
with {"pid": 4711}, {"stop": seconds} with {"status": 0} once the child has ended. When its input ends it stops its
child and ends; so does whatever a killed parent leaves behind.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, NoReturn

WANTED_LATER = ("nameko.amqp.publish", "nameko.standalone.events", "alembic")
"""What a service imports only when first needed."""
STOP_SECONDS = 8.0
LOOK_SECONDS = 0.01


def main(service: str) -> None:
    """Import a service, then start and stop it as asked until input ends."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # whoever started us closes our input
    begin: Callable[[], None] = importlib.import_module(f"services.{service}.main").main
    for name in WANTED_LATER:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()  # a child that never touches these shares their pages
    child = 0
    with suppress(BrokenPipeError):  # whoever asked has ended
        _answer(ready=service)
        for line in sys.stdin:
            asked = json.loads(line)
            if "start" in asked:
                child = _start(begin, asked["start"], asked["log"])
                _answer(pid=child)
            else:
                status, child = _stop(child, float(asked["stop"])), 0
                _answer(status=status)
    if child:
        _stop(child, STOP_SECONDS)


def _answer(**said: Any) -> None:
    """Raises BrokenPipeError. Past `sys.stdout`, which would try to write again what it holds when we end."""
    os.write(1, f"{json.dumps(said)}\n".encode())


def _start(begin: Callable[[], None], environment: Mapping[str, str], log: str) -> int:
    child = os.fork()
    if child == 0:
        _live(begin, environment, log)
    return child


def _live(begin: Callable[[], None], environment: Mapping[str, str], log: str) -> NoReturn:
    """The child: a service with this environment and this log. Nothing of the parent's goes on in it."""
    status = 1
    try:
        os.environ.clear()
        os.environ.update(environment)
        nothing, output = os.open(os.devnull, os.O_RDONLY), os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for opened, number in ((nothing, 0), (output, 1), (output, 2)):
            os.dup2(opened, number)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        begin()
        status = 0
    except SystemExit as stop:
        status = stop.code if isinstance(stop.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _stop(child: int, seconds: float) -> int:
    """Ask the child to end, and end it when it has not by then; its exit status."""
    os.kill(child, signal.SIGTERM)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(LOOK_SECONDS)
    os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    main(sys.argv[1])
