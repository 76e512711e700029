"""What the worker processes of tests do: a task says what, and its answer says which process did it."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

from shared import logs


def start(stopping: threading.Event, greeting: str) -> Callable[[Any], Any]:
    """A handler of (what, value): "greet", "wait" so many seconds or until it is to stop, "raise", "die"."""
    logs.configure("worker")

    def handle(task: tuple[str, Any]) -> Any:
        what, value = task
        if what == "wait":
            return "stopped" if stopping.wait(value) else "waited"
        if what == "raise":
            raise LookupError(value)
        if what == "die":
            os.kill(os.getpid(), signal.SIGKILL)
            time.sleep(60)
        return f"{greeting} {value}", os.getpid()

    return handle
