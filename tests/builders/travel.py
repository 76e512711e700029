"""Points and pairs for tests of how far it is."""

from __future__ import annotations

from datetime import date
from itertools import product

import numpy as np
from numpy.typing import NDArray

from services.cost.transport.travel import Points
from services.cost.transport.travel.known_pairs import PairRows, code_of

Point = tuple[int, int]
TOWN = (351_000, 385_000)
DAY = date(2026, 9, 1)


def near(east: int, north: int = 0) -> Point:
    """A point so many metres from the middle of the town."""
    return TOWN[0] + east, TOWN[1] + north


def points(*places: Point | None) -> Points:
    """Points in order; None is not known."""
    return Points(
        np.array([place[0] if place else 0 for place in places], np.int64),
        np.array([place[1] if place else 0 for place in places], np.int64),
        np.array([place is not None for place in places], bool),
    )


def every_pair(starts: Points, ends: Points) -> tuple[Points, Points, NDArray[np.int32], NDArray[np.int32]]:
    """Every start with every end, rows by start, as `find_journeys` takes them."""
    pairs = np.array(list(product(range(starts.known.size), range(ends.known.size))), np.int32).reshape(-1, 2)
    return starts, ends, pairs[:, 0], pairs[:, 1]


def rows_of(*said: tuple[Point, Point, int, int], day: date = DAY) -> PairRows:
    """What somebody said: start, end, metres and minutes."""
    starts, ends = (np.array([row[side] for row in said], np.int64).reshape(-1, 2).T for side in (0, 1))
    metres, minutes = (np.array([row[column] for row in said], np.int32) for column in (2, 3))
    return PairRows(code_of(*starts), code_of(*ends), metres, minutes, np.full(len(said), day.toordinal(), np.int32))


class Memory:
    """A pair store that remembers what it was told to do."""

    def __init__(self, kept: PairRows | None = None) -> None:
        self.kept = kept or PairRows.none()
        self.forgotten: list[date] = []

    def load(self) -> PairRows:
        return self.kept

    def add(self, rows: PairRows) -> None:
        self.kept = PairRows.joined([self.kept, rows])

    def forget_before(self, day: date) -> None:
        self.forgotten.append(day)
        self.kept = self.kept.only(self.kept.day >= day.toordinal())
