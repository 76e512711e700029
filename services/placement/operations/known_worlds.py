"""The last worlds that were made for scenarios, so that the next one need not gather what has not changed."""

from __future__ import annotations

import math
import threading
import time
from dataclasses import dataclass
from datetime import date

from services.placement.forecast.simulation.levers import Area
from services.placement.forecast.simulation.world import World as Simulated
from services.placement.surveying import Remembered

KEPT = 2
Key = tuple[date, int, int, tuple[Area, ...]]
"""What a world is made for: today, the first year, years of places, and areas."""


@dataclass(frozen=True)
class World:
    """A world as it is kept: its bytes, their hash, and the day that its facts are of."""

    hash: str
    content: bytes
    as_of: date


@dataclass(frozen=True, eq=False)
class KnownWorld:
    """A world with the neighbours' revisions, which say whether it still stands."""

    revisions: tuple[str, ...]
    simulated: Simulated
    world: World


class KnownWorlds:
    """The last few, and what the next one can be made from. Safe for several threads: who makes one holds `making`.

    `made_at`: when the last one was made, by the monotonic clock.
    """

    def __init__(self) -> None:
        self.remembered = Remembered()
        self.making = threading.Lock()
        self.made_at = -math.inf
        self._known: dict[Key, KnownWorld] = {}
        self._lock = threading.Lock()

    def find(self, key: Key, revisions: tuple[str, ...]) -> KnownWorld | None:
        """The world of these revisions, or None."""
        known = self._known.get(key)
        return known if known and known.revisions == revisions else None

    def keep(self, key: Key, known: KnownWorld) -> KnownWorld:
        """Remember a world, and forget the oldest."""
        with self._lock:
            others = [(other, world) for other, world in self._known.items() if other != key]
            self._known = {**dict(others[1 - KEPT :]), key: known}
            self.made_at = time.monotonic()
        return known
