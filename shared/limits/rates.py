"""How often somebody may do something within a minute, counted in this process's memory."""

from __future__ import annotations

import math
import threading
import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

MINUTE = 60


class Rate:
    """At most `a_minute` of each key's in any minute; 0: as many as they like.

    The window slides, so that nobody has twice the rate around the turn of a minute. For any thread: the library's
    store in memory is for one at a time.
    """

    def __init__(self, a_minute: int) -> None:
        self.a_minute = a_minute
        self._allowed = RateLimitItemPerMinute(a_minute) if a_minute else None
        self._counted = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._lock = threading.Lock()

    def seconds_to_wait(self, key: str) -> int:
        """0 when one more is allowed, which is then counted; else whole seconds after which to try again."""
        if self._allowed is None:
            return 0
        with self._lock:
            if self._counted.hit(self._allowed, key):
                return 0
            until = self._counted.get_window_stats(self._allowed, key).reset_time
        return min(MINUTE, max(1, math.ceil(until - time.time())))
