"""What a router is to us: something that fills a table of metres and minutes between places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from services.cost.transport.travel.seam import UNKNOWN

DRIVING, WALKING = "driving", "walking"
MOST_AT_ONCE = 50
"""Places on each side of one call: OSRM takes 100 in all unless told otherwise, Valhalla 2,500 pairs."""
Degrees = list[tuple[float, float]]
"""Longitude and latitude of each place."""


@dataclass(frozen=True, eq=False)
class RouteTable:
    """int32[starts, ends], one way: whole metres, and minutes of which a begun one counts. -1: there is no way."""

    metres: NDArray[np.int32]
    minutes: NDArray[np.int32]


class Router(Protocol):
    """A routing service in one mode."""

    @property
    def provider(self) -> str:
        """Example: "OSRM"."""

    def fetch(self, starts: Degrees, ends: Degrees) -> RouteTable:
        """The table of at most MOST_AT_ONCE starts and ends. Raises NeighbourDown naming the router."""

    def close(self) -> None:
        """Close its connections."""


class NoTable(ValueError):
    """What a router sent is no table of the size asked for; the message says why, without a place."""


def table_of(metres: object, seconds: object, starts: int, ends: int) -> RouteTable:
    """Check two tables that a router sent, in metres and seconds. Raises NoTable."""
    far, long = _numbers(metres, starts, ends), _numbers(seconds, starts, ends)
    there = ~(np.isnan(far) | np.isnan(long))
    whole = np.where(there, np.floor(far + 0.5), UNKNOWN), np.where(there, np.ceil(long / 60), UNKNOWN)
    return RouteTable(*(column.astype(np.int32) for column in whole))


def _numbers(rows: object, starts: int, ends: int) -> NDArray[np.float64]:
    """A table of numbers from 0 to 10,000,000; null is NaN."""
    if not isinstance(rows, list) or len(rows) != starts:
        raise NoTable("its table has not a row for each start")
    if any(not isinstance(row, list) or len(row) != ends for row in rows):
        raise NoTable("a row of its table has not a cell for each end")
    if any(not _is_number(cell) for row in rows for cell in row):
        raise NoTable("a cell of its table is neither null nor a number from 0 to 10,000,000")
    return np.array([[np.nan if cell is None else cell for cell in row] for row in rows], np.float64)


def _is_number(cell: object) -> bool:
    if cell is None:
        return True
    return isinstance(cell, int | float) and not isinstance(cell, bool) and 0 <= cell <= 10_000_000
