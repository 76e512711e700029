"""OSRM's table service: `GET /table/v1/{profile}/{lon,lat;…}` (Project OSRM, HTTP API v1)."""

from __future__ import annotations

from dataclasses import dataclass

from services.cost.transport.travel.calls import RouterCalls
from services.cost.transport.travel.router import DRIVING, WALKING, Degrees, NoTable, RouteTable, table_of

PROVIDER = "OSRM"
PROFILES = {DRIVING: "car", WALKING: "foot"}
"""Words for the address alone: a server answers with the one profile that its roads were prepared for."""


@dataclass(frozen=True)
class Osrm:
    """One OSRM server, prepared for one mode."""

    calls: RouterCalls
    mode: str

    @property
    def provider(self) -> str:
        """Its name."""
        return PROVIDER

    def fetch(self, starts: Degrees, ends: Degrees) -> RouteTable:
        """The table of at most MOST_AT_ONCE starts and ends. Raises NeighbourDown naming the router."""
        places = ";".join(f"{longitude:.6f},{latitude:.6f}" for longitude, latitude in (*starts, *ends))
        sources = ";".join(map(str, range(len(starts))))
        destinations = ";".join(map(str, range(len(starts), len(starts) + len(ends))))
        asked = f"sources={sources}&destinations={destinations}&annotations=duration,distance"
        answer = self.calls.get(f"table/v1/{PROFILES[self.mode]}/{places}?{asked}")
        try:
            return _table(answer, len(starts), len(ends))
        except NoTable as fault:
            raise self.calls.no_table(fault) from None

    def close(self) -> None:
        """Close its connections."""
        self.calls.close()


def _table(answer: object, starts: int, ends: int) -> RouteTable:
    if not isinstance(answer, dict) or answer.get("code") != "Ok":
        raise NoTable("its code is not Ok")
    return table_of(answer.get("distances"), answer.get("durations"), starts, ends)
