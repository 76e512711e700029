"""Fleets and bell times as messages."""

from __future__ import annotations

from dataclasses import asdict

from inborough.cost.v1 import transport_pb2
from services.cost.domain.ride_limits import RIDE_LIMITS
from services.cost.operations.fleets import FleetInForce


def fleet_to_wire(found: FleetInForce, usual_bell_minutes: int) -> transport_pb2.GetFleetResponse:
    """A fleet with bell times and ride limits."""
    return transport_pb2.GetFleetResponse(
        fleet_id=found.fleet.heading.fleet_id,
        vehicle_types=[transport_pb2.VehicleType(**asdict(vehicle)) for vehicle in found.fleet.vehicle_types],
        bell_times=[transport_pb2.BellTime(urn=urn, bell_minutes=at) for urn, at in found.bell_minutes.items()],
        usual_bell_minutes=usual_bell_minutes,
        ride_limits=[transport_pb2.RideLimit(**asdict(limit)) for limit in RIDE_LIMITS],
    )
