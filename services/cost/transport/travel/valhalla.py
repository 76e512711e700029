"""Valhalla's matrix service: `POST /sources_to_targets` (Valhalla, Time-Distance Matrix API)."""

from __future__ import annotations

from dataclasses import dataclass

from services.cost.transport.travel.calls import RouterCalls
from services.cost.transport.travel.router import DRIVING, WALKING, Degrees, NoTable, RouteTable, table_of

PROVIDER = "Valhalla"
COSTING = {DRIVING: "auto", WALKING: "pedestrian"}


@dataclass(frozen=True)
class Valhalla:
    """One Valhalla server, which answers for every mode."""

    calls: RouterCalls
    mode: str

    @property
    def provider(self) -> str:
        """Its name."""
        return PROVIDER

    def fetch(self, starts: Degrees, ends: Degrees) -> RouteTable:
        """The table of at most MOST_AT_ONCE starts and ends. Raises NeighbourDown naming the router."""
        asked = {
            "sources": [{"lon": longitude, "lat": latitude} for longitude, latitude in starts],
            "targets": [{"lon": longitude, "lat": latitude} for longitude, latitude in ends],
            "costing": COSTING[self.mode],
            "units": "kilometers",
        }
        answer = self.calls.post("sources_to_targets", asked)
        try:
            return _table(answer, len(starts), len(ends))
        except NoTable as fault:
            raise self.calls.no_table(fault) from None

    def close(self) -> None:
        """Close its connections."""
        self.calls.close()


def _table(answer: object, starts: int, ends: int) -> RouteTable:
    """Rows of cells, each with a distance in kilometres and a time in seconds; both null where there is no way."""
    rows = answer.get("sources_to_targets") if isinstance(answer, dict) else None
    if not isinstance(rows, list) or any(not isinstance(row, list) for row in rows):
        raise NoTable("it holds no sources_to_targets")
    if any(not isinstance(cell, dict) for row in rows for cell in row):
        raise NoTable("a cell of its table is no pair of distance and time")
    metres = [[_metres(cell.get("distance")) for cell in row] for row in rows]
    return table_of(metres, [[cell.get("time") for cell in row] for row in rows], starts, ends)


def _metres(kilometres: object) -> object:
    is_number = isinstance(kilometres, int | float) and not isinstance(kilometres, bool)
    return kilometres * 1000 if is_number else kilometres  # type: ignore[operator]
