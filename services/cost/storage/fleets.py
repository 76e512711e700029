"""Queries of fleets and bell times, each by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from services.cost.domain.fleet import Fleet, FleetHeading, VehicleType
from services.cost.storage.tables import bell_times, fleets, revisions, vehicle_types
from shared.database import change_revision

_FIELDS = [field.name for field in fields(VehicleType)]


def find_newest_fleet(connection: Connection, name: str) -> Fleet | None:
    """The newest version of a fleet, or None when there is none of that name."""
    chosen = select(fleets).where(fleets.c.name == name).order_by(fleets.c.version.desc()).limit(1)
    return _fleet(connection, connection.execute(chosen).first())


def find_fleet(connection: Connection, fleet_id: str) -> Fleet | None:
    """One fleet, or None."""
    return _fleet(connection, connection.execute(select(fleets).filter_by(fleet_id=fleet_id)).first())


def find_fleet_in_force(connection: Connection, day: date) -> Fleet | None:
    """The fleet in force on a day, or None before the first; chosen as a rate card is."""
    chosen = (
        select(fleets)
        .where(fleets.c.first_day <= day)
        .order_by(fleets.c.first_day.desc(), fleets.c.import_order.desc())
        .limit(1)
    )
    return _fleet(connection, connection.execute(chosen).first())


def add_fleet(connection: Connection, fleet: Fleet) -> None:
    """Write a new version and change the revision. The caller holds `repository.lock_for_import`."""
    heading = fleet.heading
    last = connection.execute(select(func.coalesce(func.max(fleets.c.import_order), 0))).scalar_one()
    named = {"fleet_id": heading.fleet_id, **asdict(heading)}
    connection.execute(insert(fleets).values(**named, import_order=last + 1))
    rows = [
        {"fleet_id": heading.fleet_id, "position": at, **asdict(vehicle)}
        for at, vehicle in enumerate(fleet.vehicle_types)
    ]
    connection.execute(insert(vehicle_types), rows)
    change_revision(connection, revisions)


def list_bell_times(connection: Connection) -> dict[int, int]:
    """Minutes after midnight by URN, ordered by URN."""
    rows = connection.execute(select(bell_times).order_by(bell_times.c.urn))
    return {row.urn: row.bell_minutes for row in rows}


def change_bell_times(connection: Connection, changed: Mapping[int, int]) -> None:
    """Write these over what is on file, and change the revision. The caller holds `repository.lock_for_import`."""
    connection.execute(bell_times.delete().where(bell_times.c.urn.in_(list(changed))))
    connection.execute(insert(bell_times), [{"urn": urn, "bell_minutes": at} for urn, at in changed.items()])
    change_revision(connection, revisions)


def _fleet(connection: Connection, row: Row[Any] | None) -> Fleet | None:
    if row is None:
        return None
    chosen = select(*(vehicle_types.c[name] for name in _FIELDS)).filter_by(fleet_id=row.fleet_id)
    found = connection.execute(chosen.order_by(vehicle_types.c.position))
    heading = FleetHeading(row.name, row.version, row.first_day, row.content_hash)
    return Fleet(heading, tuple(VehicleType(**vehicle._mapping) for vehicle in found))
