"""One holder of a folder at a time."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

LOOK_SECONDS = 0.01


@contextmanager
def alone_in(folder: Path, otherwise: Exception, wait_seconds: float = 0.0) -> Iterator[int]:
    """Hold a folder, made if need be, by the open file yielded, until all processes that have it open have ended.

    Raises `otherwise` when somebody else holds it for longer than `wait_seconds`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + wait_seconds
    with (folder / "in-use").open("w") as held:
        while True:
            with suppress(BlockingIOError):
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            if time.monotonic() >= deadline:
                raise otherwise
            time.sleep(LOOK_SECONDS)
        yield held.fileno()
