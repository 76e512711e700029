"""A fleet: the vehicle types of one authority that can be hired from a day. Versions are kept, never changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class VehicleType:
    """Vehicles of one kind, as many as are wanted.

    `seats` are for passengers, a passenger assistant among them; `wheelchair_places` come besides. `pence_per_day` is
    the vehicle with its driver, both ways; `pence_per_km` a kilometre with children aboard.
    """

    name: str
    seats: int
    wheelchair_places: int
    pence_per_day: int
    pence_per_km: int
    basis: str
    source: str


@dataclass(frozen=True)
class FleetHeading:
    """A fleet without its vehicle types. `version` is 1 for the first import of its name."""

    name: str
    version: int
    first_day: date
    content_hash: str

    @property
    def fleet_id(self) -> str:
        """Example: "fleet_demonstration-2024_1"."""
        return f"fleet_{self.name}_{self.version}"


@dataclass(frozen=True)
class Fleet:
    """A fleet with its vehicle types in the file's order."""

    heading: FleetHeading
    vehicle_types: tuple[VehicleType, ...]


def build_fleet(name: str, version: int, first_day: date, vehicle_types: Iterable[VehicleType]) -> Fleet:
    """A fleet with its content hash."""
    kept = tuple(vehicle_types)
    return Fleet(FleetHeading(name, version, first_day, content_hash(name, first_day, kept)), kept)


def content_hash(name: str, first_day: date, vehicle_types: Iterable[VehicleType]) -> str:
    """SHA-256, hexadecimal, of what a fleet says; the order of its rows does not matter."""
    rows = [astuple(vehicle) for vehicle in sorted(vehicle_types, key=lambda vehicle: vehicle.name)]
    canonical = json.dumps([name, first_day.isoformat(), rows], ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
