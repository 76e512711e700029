"""The last few computed answers, kept in memory by revision. A revision names one set of facts, so none goes stale."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from services.provision.domain.places import PlacesOnDay, Seats

AnswerT = TypeVar("AnswerT")


class KeptAnswers(Generic[AnswerT]):
    """At most `most` answers; the one unused for longest goes first. Safe for several threads."""

    def __init__(self, most: int = 8) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._answers: OrderedDict[Hashable, AnswerT] = OrderedDict()

    def find(self, revision: Hashable) -> AnswerT | None:
        """The answer at a revision, or None."""
        with self._lock:
            if revision in self._answers:
                self._answers.move_to_end(revision)
            return self._answers.get(revision)

    def keep(self, revision: Hashable, answer: AnswerT) -> None:
        """Keep an answer."""
        with self._lock:
            self._answers[revision] = answer
            while len(self._answers) > self._most:
                self._answers.popitem(last=False)


@dataclass(frozen=True)
class Kept:
    """Counts by the revision of everything; and the last seats, the costly part, by that of pools and the day."""

    places: KeptAnswers[PlacesOnDay] = field(default_factory=KeptAnswers)
    seats: KeptAnswers[Seats] = field(default_factory=KeptAnswers)
