"""The last few computed answers, kept in memory by revision. A revision names one set of facts, so none goes stale."""

from __future__ import annotations

import threading
from collections import OrderedDict

from services.provision.domain.places import PlacesOnDay


class KeptAnswers:
    """At most `most` answers; the one unused for longest goes first. Safe for several threads."""

    def __init__(self, most: int = 8) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._answers: OrderedDict[str, PlacesOnDay] = OrderedDict()

    def find(self, revision: str) -> PlacesOnDay | None:
        """The answer at a revision, or None."""
        with self._lock:
            if revision in self._answers:
                self._answers.move_to_end(revision)
            return self._answers.get(revision)

    def keep(self, revision: str, places: PlacesOnDay) -> None:
        """Keep an answer."""
        with self._lock:
            self._answers[revision] = places
            while len(self._answers) > self._most:
                self._answers.popitem(last=False)
