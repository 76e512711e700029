"""Ports for processes that are told theirs. Each worker of the tests has a range of its own, and takes it in turn.

The ranges are below those that the kernel gives to outgoing calls, so that none takes one between two starts, and above
those that `tests/builders/production.py` moves its own to.
"""

from __future__ import annotations

import os
import random
import socket
from collections import deque
from contextlib import suppress

FIRST, WORKERS, EACH = 25_000, 8, 900


def _own() -> deque[int]:
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % WORKERS
    first = FIRST + number * EACH
    return deque(random.sample(range(first, first + EACH), EACH))


_in_turn = _own()


def free_ports(count: int) -> list[int]:
    """So many on which nobody listens; they come again after all others have."""
    found: list[int] = []
    while len(found) < count:
        port = _in_turn[0]
        _in_turn.rotate(-1)
        with suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            found.append(port)
    return found
