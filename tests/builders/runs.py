"""A fleet, bell times, children and settings for tests of runs: two schools a kilometre apart, and one far away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from inborough.common.v1 import common_pb2
from inborough.cost.v1 import transport_pb2 as pb
from shared.days import to_wire
from tests.builders.cost import FIRST_DAY, HOME, Cells, to_csv

FLEET_COLUMNS = "fleet first_day vehicle_type seats wheelchair_places gbp_per_day gbp_per_km basis source".split()
BELL_COLUMNS = ["urn", "bell_time"]
ASH, BIRCH, FAR = 100_001, 100_002, 100_003
PLACES = {ASH: (0, 0), BIRCH: (1_000, 0), FAR: (0, 30_000)}
"""Metres east and north of tests.builders.cost.HOME, where its pools are too."""


def vehicle(name: str, seats: int, per_day: object, per_km: object, wheelchair_places: int = 0, **cells: str) -> Cells:
    """One row of a fleet file."""
    usual = {"fleet": "test", "first_day": "2024-04-01", "basis": "rate_card", "source": "invented"}
    numbers = {"seats": str(seats), "wheelchair_places": str(wheelchair_places)}
    prices = {"gbp_per_day": str(per_day), "gbp_per_km": str(per_km)}
    return {**usual, "vehicle_type": name, **numbers, **prices, **cells}


def fleet_rows(*more: Cells) -> list[Cells]:
    """A taxi of 4 at 50 pounds a day, a minibus of 8 at 90, and one with 2 wheelchair places at 110."""
    return [
        vehicle("taxi", 4, 50, "0.50"),
        vehicle("minibus", 8, 90, "0.80"),
        vehicle("accessible minibus", 6, 110, "0.90", wheelchair_places=2),
        *more,
    ]


def bell_rows(**bells: str) -> list[Cells]:
    """Ash begins at 08:40."""
    return [{"urn": str(ASH), "bell_time": "08:40"}]


def fleet_file(rows: Iterable[Mapping[str, str]] | None = None, columns: Sequence[str] = FLEET_COLUMNS) -> bytes:
    """A fleet file as CSV."""
    return to_csv(fleet_rows() if rows is None else rows, columns)


def bell_file(rows: Iterable[Mapping[str, str]] | None = None) -> bytes:
    """A bell times file as CSV."""
    return to_csv(bell_rows() if rows is None else rows, BELL_COLUMNS)


def place(east: int, north: int) -> common_pb2.GridReference:
    """A point so many metres from HOME."""
    return common_pb2.GridReference(easting=HOME.easting + east, northing=HOME.northing + north)


def traveller(name: str, urn: int = ASH, *, east: int = 8_000, north: int = 0, **facts: Any) -> pb.Traveller:
    """A twelve-year-old in Year 8 who lives so many metres from HOME; `home` None: unknown."""
    usual: dict[str, Any] = {"home": place(east, north), "year_group": 8, "age_years": 12}
    return pb.Traveller(case_id=f"case_{name}", urn=urn, **{**usual, **facts})


def destinations(*urns: int) -> list[pb.Destination]:
    """The settings, or some of them."""
    return [pb.Destination(urn=urn, location=place(*PLACES[urn])) for urn in (urns or PLACES)]


def street(count: int, urn: int = ASH, *, east: int = 8_000, prefix: str = "s") -> list[pb.Traveller]:
    """Neighbours, a hundred metres from door to door."""
    return [traveller(f"{prefix}{at}", urn, east=east, north=100 * at) for at in range(count)]


def plan_request(
    travellers: Sequence[pb.Traveller], settings: Sequence[pb.Destination] | None = None, first_day: date = FIRST_DAY
) -> pb.PlanRunsRequest:
    """A request for runs to all settings, or those given."""
    places = destinations() if settings is None else settings
    return pb.PlanRunsRequest(first_day=to_wire(first_day), travellers=travellers, destinations=places)


def price_request(
    travellers: Sequence[pb.Traveller], candidates: Sequence[tuple[int, int]] = (), first_day: date = FIRST_DAY
) -> pb.PriceRunsRequest:
    """A request for prices; candidates as (place among the travellers, URN)."""
    settings = destinations()
    place_of = {setting.urn: at for at, setting in enumerate(settings)}
    return pb.PriceRunsRequest(
        first_day=to_wire(first_day),
        travellers=travellers,
        destinations=settings,
        candidate_traveller=np.array([who for who, _ in candidates], "<i4").tobytes(),
        candidate_destination=np.array([place_of[urn] for _, urn in candidates], "<i4").tobytes(),
    )
