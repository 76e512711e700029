"""The columns of a travel matrix file, as `inborough template travel-matrix` prints them."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from shared.imports.rows import Day, RowModel, whole
from shared.postcodes import squeezed

Postcode = Annotated[str, BeforeValidator(lambda cell: squeezed(str(cell)))]
Urn = Annotated[int, whole(100_000, 9_999_999)]


class TravelRow(RowModel):
    """One way between two places. The way back is another row."""

    from_postcode: Postcode = Field("", description="Where it begins: a postcode, looked up and not kept. Or from_urn.")
    from_urn: Urn = Field(0, description="Where it begins: a setting's URN. Give this or from_postcode.")
    to_postcode: Postcode = Field("", description="Where it ends: a postcode, looked up and not kept. Or to_urn.")
    to_urn: Urn = Field(0, description="Where it ends: a setting's URN. Give this or to_postcode.")
    walking_metres: Annotated[int, whole(0, 1_000_000)] | None = Field(
        None, description="Shortest walking route in metres. Blank: found as if the file lacked it."
    )
    driving_metres: Annotated[int, whole(0, 2_000_000)] = Field(description="Route by road in metres.")
    driving_minutes: Annotated[int, whole(0, 1_440)] = Field(
        description="Minutes by road, at the time of a school run."
    )
    as_of: Day = Field(description="Day of the roads or of the measuring: 2026-09-01.")
