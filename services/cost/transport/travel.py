"""How far and how long: the seam where better routes come in, and the straight line that stands there now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from shared.errors import InvalidInput

MAX_EASTING, MAX_NORTHING = 700_000, 1_300_000
UNKNOWN = -1


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


@dataclass(frozen=True, eq=False)
class Journeys:
    """One-way journeys, an entry a pair: int32 metres on foot and by road, and minutes by road. -1: not known.

    Walking and driving are different questions: the statute asks the first, a fare the second.
    """

    walking_metres: NDArray[np.int32]
    route_metres: NDArray[np.int32]
    minutes: NDArray[np.int32]


class Travel(Protocol):
    """Whatever can say how far it is."""

    @property
    def method(self) -> str:
        """How it is found, for the screen."""

    def find_journeys(
        self, homes: Points, settings: Points, home_at: NDArray[np.int32], setting_at: NDArray[np.int32]
    ) -> Journeys:
        """Journey i is from homes[home_at[i]] to settings[setting_at[i]]."""


@dataclass(frozen=True)
class StraightLine:
    """A straight line made longer by a stated detour, on foot and by road alike.

    `detour_percent` 130 makes 1,000 m a route of 1,300 m, rounded half up to whole metres. Minutes are `fixed_minutes`
    plus the route at `speed_kmh`, begun minutes counted whole. Square root and product are those of IEEE 754, so that
    every machine finds the same metres.
    """

    detour_percent: int = 130
    speed_kmh: int = 30
    fixed_minutes: int = 5

    @property
    def method(self) -> str:
        """Example: "straight line x 1.30, 30 km/h and 5 minutes"."""
        return (
            f"straight line x {self.detour_percent / 100:.2f}, {self.speed_kmh} km/h and {self.fixed_minutes} minutes"
        )

    def find_journeys(
        self, homes: Points, settings: Points, home_at: NDArray[np.int32], setting_at: NDArray[np.int32]
    ) -> Journeys:
        """Journey i is from homes[home_at[i]] to settings[setting_at[i]]."""
        east = homes.easting[home_at] - settings.easting[setting_at]
        north = homes.northing[home_at] - settings.northing[setting_at]
        known = homes.known[home_at] & settings.known[setting_at]
        squared = (east * east + north * north).astype(np.float64)
        metres = np.floor(np.sqrt(squared) * (self.detour_percent / 100) + 0.5).astype(np.int64)
        an_hour = self.speed_kmh * 1000
        minutes = self.fixed_minutes + (metres * 60 + an_hour - 1) // an_hour
        route = np.where(known, metres, UNKNOWN).astype(np.int32)
        return Journeys(route, route, np.where(known, minutes, UNKNOWN).astype(np.int32))
