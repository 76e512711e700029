"""Let the garbage collector rest while a large file is read, compared and written, or invented."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_collecting() -> Iterator[None]:
    """The collector would walk what an import holds again and again, a quarter of the time that the import takes.

    Use it as a decorator, so that what the function holds is let go before the collector goes on: rows, cases and
    reports have no cycles, so that this needs no collector.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
