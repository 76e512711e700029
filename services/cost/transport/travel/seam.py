"""The seam: points in, journeys out, each with who says how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from shared.errors import InvalidInput

MAX_EASTING, MAX_NORTHING = 700_000, 1_300_000
UNKNOWN = -1
NO_SOURCE = 255
"""A journey of which nothing is known."""


@dataclass(frozen=True, eq=False)
class Points:
    """Points on the National Grid in whole metres; `known` false where there is none (the coordinates are then 0)."""

    easting: NDArray[np.int64]
    northing: NDArray[np.int64]
    known: NDArray[np.bool_]

    def check(self, field: str) -> None:
        """Raises InvalidInput naming the first point that is off the grid."""
        wrong = (self.easting < 0) | (self.easting > MAX_EASTING) | (self.northing < 0) | (self.northing > MAX_NORTHING)
        if wrong.any():
            where = f"{field}[{int(wrong.argmax())}]"
            raise InvalidInput(where, "is off the National Grid; easting is 0 to 700,000 and northing 0 to 1,300,000")


@dataclass(frozen=True, slots=True)
class TravelSource:
    """Who says how far it is. `as_of_day`: the day of its file or of its answer; None where it has none."""

    method: str
    as_of_day: date | None = None


@dataclass(frozen=True, eq=False)
class Journeys:
    """One-way journeys, an entry a pair: int32 metres on foot and by road, and minutes by road. -1: not known.

    `source_at` (uint8) points into `sources`, 255 where nothing is known; None: the first source says all.
    """

    walking_metres: NDArray[np.int32]
    route_metres: NDArray[np.int32]
    minutes: NDArray[np.int32]
    sources: tuple[TravelSource, ...] = ()
    source_at: NDArray[np.uint8] | None = None

    def list_source_places(self) -> NDArray[np.uint8]:
        """The place in `sources` of every pair."""
        if self.source_at is not None:
            return self.source_at
        return np.where(self.route_metres >= 0, 0 if self.sources else NO_SOURCE, NO_SOURCE).astype(np.uint8)


class Travel(Protocol):
    """Whatever can say how far it is."""

    @property
    def method(self) -> str:
        """How it is found, for the screen."""

    def find_journeys(
        self, homes: Points, settings: Points, home_at: NDArray[np.int32], setting_at: NDArray[np.int32]
    ) -> Journeys:
        """Journey i is from homes[home_at[i]] to settings[setting_at[i]]; both may be any points, homes on both sides.

        Raises NeighbourDown naming a router that does not answer.
        """
