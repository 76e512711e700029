"""The columns of a fleet file, as `inborough template fleet` prints them."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from pydantic import BeforeValidator, Field

from services.cost.domain.fleet import VehicleType
from services.cost.domain.words import BASES
from services.cost.imports.cells import price, source_words, version_name
from shared.imports.rows import Day, RowModel, one_of, whole

MOST_NAME = 40
MOST_PENCE = 1_000_000


def _vehicle_name(cell: object) -> str:
    name = " ".join(str(cell).split())
    if len(name) > MOST_NAME:
        raise ValueError(f"longer than {MOST_NAME} characters; shorten it")
    return name


def _hire(cell: object) -> int:
    pence = price(cell)
    if pence > MOST_PENCE:
        raise ValueError("more than 10,000 pounds; check the figure")
    return pence


class FleetRow(RowModel):
    """One vehicle type that can be hired."""

    fleet: Annotated[str, BeforeValidator(partial(version_name, "fleet"))] = Field(
        description="The authority's name for the fleet, the same in every row. Example: demonstration-2024."
    )
    first_day: Day = Field(description="First day on which it can be hired, the same in every row: 2024-04-01.")
    vehicle_type: Annotated[str, BeforeValidator(_vehicle_name)] = Field(
        description="The authority's name for the vehicle type, up to 40 characters. Example: minibus."
    )
    seats: Annotated[int, whole(1, 100)] = Field(
        description="Seats for passengers, a passenger assistant's among them, without the driver's."
    )
    wheelchair_places: Annotated[int, whole(0, 100)] = Field(
        0, description="Places for a wheelchair, besides the seats. Blank: none."
    )
    gbp_per_day: Annotated[int, BeforeValidator(_hire)] = Field(
        description="Pounds a school day for the vehicle with its driver, both ways, and its way to the first child."
    )
    gbp_per_km: Annotated[int, BeforeValidator(_hire)] = Field(
        description="Pounds a kilometre with children aboard, both ways."
    )
    basis: Annotated[str, one_of(*BASES)] = Field(description=f"How firm the figures are: {', '.join(BASES)}.")
    source: Annotated[str, BeforeValidator(source_words)] = Field(
        "", description="Where the figures come from, up to 200 characters."
    )

    def to_vehicle_type(self) -> VehicleType:
        """The vehicle type that the row spells."""
        return VehicleType(
            self.vehicle_type,
            self.seats,
            self.wheelchair_places,
            self.gbp_per_day,
            self.gbp_per_km,
            self.basis,
            self.source,
        )
