"""A rate counts for any thread: the library's store would start one timer twice when two threads ask together."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from limits.storage import MemoryStorage

from shared.limits.rates import Rate

THREADS, TIMES = 4, 10


def test_threads_that_ask_together_are_all_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    def put(storage: MemoryStorage, timer: threading.Timer) -> None:
        vars(storage)["in place"] = timer
        time.sleep(0.005)  # so that another thread puts its own in place before this one is started

    slow = property(lambda storage: vars(storage)["in place"], put)
    monkeypatch.setattr(MemoryStorage, "timer", slow, raising=False)
    rate = Rate(THREADS * TIMES)
    time.sleep(0.1)  # the first timer has ended
    with ThreadPoolExecutor(THREADS) as together:
        waits = list(together.map(lambda _: rate.seconds_to_wait("ada"), range(THREADS * TIMES)))
    assert waits == [0] * THREADS * TIMES
    assert any(rate.seconds_to_wait("ada") for _ in range(3)), "the first of them only may fall into the next minute"
    assert rate.seconds_to_wait("bob") == 0
