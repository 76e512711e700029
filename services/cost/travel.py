"""Put together who says how far it is: the imported matrix, else the router that the settings name, else a line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from sqlalchemy import Engine

from services.cost.settings import Settings
from services.cost.storage.travel import RoutedPairs, StoredMatrix, note_method
from services.cost.transport.travel import StraightLine, Travel, osrm, valhalla
from services.cost.transport.travel.calls import RouterAddress, RouterCalls
from services.cost.transport.travel.matrix import MatrixFirst
from services.cost.transport.travel.routed import AskedPairs, Routed
from services.cost.transport.travel.router import DRIVING, WALKING, Router
from shared.clock import today
from shared.errors import InvalidInput

ROUTERS: dict[str, tuple[str, Callable[[RouterCalls, str], Router]]] = {
    "osrm": (osrm.PROVIDER, osrm.Osrm),
    "valhalla": (valhalla.PROVIDER, valhalla.Valhalla),
}


@dataclass(frozen=True)
class Travels:
    """How far it is for a quote, and for the legs of a run, whose stops have minutes of their own."""

    journeys: Travel
    legs: Travel
    routed: Routed | None = None

    def close(self) -> None:
        """Close the routers' connections."""
        if self.routed:
            self.routed.close()


def build_travels(engine: Engine, settings: Settings) -> Travels:
    """What the settings ask for. Raises InvalidInput naming a router's address that is missing or no address."""
    line = StraightLine(settings.detour_percent, settings.speed_kmh, settings.fixed_minutes)
    routed = _routed(engine, settings, line) if settings.travel_provider in ROUTERS else None
    without_minutes = replace(line, fixed_minutes=0)
    under_legs = replace(routed, below=without_minutes) if routed else without_minutes
    note_method(engine, (routed or line).method)
    matrix = StoredMatrix(engine)
    return Travels(MatrixFirst(routed or line, matrix.now), MatrixFirst(under_legs, matrix.now), routed)


def _routed(engine: Engine, settings: Settings, line: StraightLine) -> Routed:
    driving = _asked(engine, settings, DRIVING, settings.travel_driving_url)
    on_foot = settings.travel_walking_url
    if not on_foot and settings.travel_provider == "valhalla":
        on_foot = settings.travel_driving_url
    return Routed(line, driving, _asked(engine, settings, WALKING, on_foot) if on_foot else None)


def _asked(engine: Engine, settings: Settings, mode: str, url: str) -> AskedPairs:
    variable = f"INBOROUGH_COST_TRAVEL_{mode.upper()}_URL"
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query:
        raise InvalidInput(variable, "is not an address such as http://127.0.0.1:5000; set it to the council's router")
    provider, kind = ROUTERS[settings.travel_provider]
    address = RouterAddress(
        provider=provider,
        mode=mode,
        url=url,
        variable=variable,
        seconds=settings.travel_seconds,
        authority=settings.travel_authority,
        public_http=settings.travel_public_http == "accepted",
    )
    store = RoutedPairs(engine, provider, mode)
    return AskedPairs(kind(RouterCalls(address), mode), store, settings.travel_keep_days, today)
