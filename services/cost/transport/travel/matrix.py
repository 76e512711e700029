"""Distances and minutes that the council imported: they stand wherever the file has the pair."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.cost.transport.travel.known_pairs import KnownPairs, codes_of
from services.cost.transport.travel.overlay import overlay
from services.cost.transport.travel.seam import Journeys, Points, Travel

METHOD = "imported travel matrix"
LACKING = f"not in the {METHOD}"
Point = tuple[int, int]
"""Easting and northing, in whole metres."""
Way = tuple[Point, Point]
"""Start and end."""


class MatrixPair(NamedTuple):
    """What a file says of one way: metres on foot (None: not said) and by road, and minutes by road, as of a day."""

    start: Point
    end: Point
    walking_metres: int | None
    driving_metres: int
    driving_minutes: int
    as_of_day: date

    @property
    def way(self) -> Way:
        """Its two places, which tell it from the others."""
        return self.start, self.end


@dataclass(frozen=True, eq=False)
class Matrix:
    """The imported pairs, by road and on foot; the file may leave the walk out."""

    driving: KnownPairs
    walking: KnownPairs


@dataclass(frozen=True)
class MatrixFirst:
    """What the imported matrix says, and `below` for all that it lacks. `read` gives the matrix as it stands."""

    below: Travel
    read: Callable[[], Matrix | None]

    @property
    def method(self) -> str:
        """Example: "imported travel matrix, else straight line x 1.30, 30 km/h and 5 minutes"."""
        return f"{METHOD}, else {self.below.method}" if self.read() else self.below.method

    def find_journeys(
        self, homes: Points, settings: Points, home_at: NDArray[np.int32], setting_at: NDArray[np.int32]
    ) -> Journeys:
        """Journey i is from homes[home_at[i]] to settings[setting_at[i]]."""
        below = self.below.find_journeys(homes, settings, home_at, setting_at)
        matrix = self.read()
        if matrix is None:
            return below
        pairs = codes_of(homes), codes_of(settings), home_at, setting_at
        return overlay(below, matrix.driving.say(*pairs), matrix.walking.say(*pairs), METHOD, LACKING)
