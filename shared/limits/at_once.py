"""How much somebody, and everybody together, may have under way at the same time."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager


class AtOnce:
    """At most `each` of one key's under way, and `together` of all; 0: as many as they like. For any thread."""

    def __init__(self, each: int, together: int = 0) -> None:
        self.each, self.together = each, together
        self._lock = threading.Lock()
        self._under_way: Counter[str] = Counter()

    @contextmanager
    def one_more(self, key: str) -> Iterator[bool]:
        """Whether one more may begin; if so it is under way within."""
        begun = self._begin(key)
        try:
            yield begun
        finally:
            if begun:
                self._end(key)

    def _begin(self, key: str) -> bool:
        with self._lock:
            too_many = self.each and self._under_way[key] >= self.each
            if too_many or (self.together and self._under_way.total() >= self.together):
                self._forget_none(key)
                return False
            self._under_way[key] += 1
            return True

    def _end(self, key: str) -> None:
        with self._lock:
            self._under_way[key] -= 1
            self._forget_none(key)

    def _forget_none(self, key: str) -> None:
        if not self._under_way[key]:
            del self._under_way[key]
