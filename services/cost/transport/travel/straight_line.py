"""The straight line: what stands wherever nobody knows better."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.cost.transport.travel.seam import UNKNOWN, Journeys, Points, TravelSource


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
        fixed = f" and {self.fixed_minutes} minutes" if self.fixed_minutes else ""
        return f"straight line x {self.detour_percent / 100:.2f}, {self.speed_kmh} km/h{fixed}"

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
        return Journeys(route, route, np.where(known, minutes, UNKNOWN).astype(np.int32), (TravelSource(self.method),))
