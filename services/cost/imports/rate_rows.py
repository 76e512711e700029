"""The columns of a rate card file, as `inborough template rates` prints them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated

from pydantic import BeforeValidator, Field

from services.cost.domain.rates import Rate
from services.cost.domain.words import BANDS, BASES, ITEMS, KINDS, NEEDS
from services.cost.imports.cells import price, source_words, version_name
from shared.imports.rows import Day, RowModel, one_of, whole

UNITS = {
    "gbp_per_year": "pence_per_year",
    "gbp_per_day": "pence_per_day",
    "gbp_per_mile": "pence_per_mile",
    "days": "days",
}


def _code(allowed: Sequence[str]) -> BeforeValidator:
    def check(cell: object) -> str:
        code = str(cell).strip().upper()
        if code not in allowed:
            raise ValueError(f"not one of {', '.join(allowed)}")
        return code

    return BeforeValidator(check)


class RateRow(RowModel):
    """One price. A blank kind, need, band or URN means any; the most specific price wins."""

    card: Annotated[str, BeforeValidator(partial(version_name, "card"))] = Field(
        description="The authority's name for the card, the same in every row. Example: demonstration-2024."
    )
    first_day: Day = Field(description="First day on which the card is in force, the same in every row: 2024-04-01.")
    item: Annotated[str, one_of(*ITEMS)] = Field(description=f"What is priced: {', '.join(ITEMS)}.")
    kind: Annotated[str, one_of(*KINDS)] = Field("", description=f"Kind of place: {', '.join(KINDS)}. Blank: any.")
    need: Annotated[str, _code(NEEDS)] = Field("", description="SEN2 need code, such as SEMH. Blank: any.")
    band: Annotated[str, _code(BANDS)] = Field("", description="Top-up band, A to E. Blank: any.")
    urn: Annotated[int, whole(100_000, 9_999_999)] = Field(0, description="URN that the price is for. Blank: any.")
    minimum_metres: Annotated[int, whole(0, 1_000_000)] = Field(
        0,
        description="transport, transport_solo, personal_travel_budget: shortest one-way route in metres it is for.",
    )
    amount: Annotated[int, BeforeValidator(price)] = Field(
        description="Pounds (1234.56), or whole days for transport_days."
    )
    unit: Annotated[str, one_of(*UNITS)] = Field(description=f"{', '.join(UNITS)}: what the item is priced in.")
    basis: Annotated[str, one_of(*BASES)] = Field(description=f"How firm the figure is: {', '.join(BASES)}.")
    source: Annotated[str, BeforeValidator(source_words)] = Field(
        "", description="Where the figure comes from, up to 200 characters."
    )

    def to_rate(self) -> Rate:
        """The rate that the row spells. Raises ValueError for days that are not whole."""
        if self.unit == "days" and self.amount % 100:
            raise ValueError("not a whole number of days")
        return Rate(
            item=self.item,
            amount=self.amount // 100 if self.unit == "days" else self.amount,
            unit=UNITS[self.unit],
            basis=self.basis,
            source=self.source,
            kind=self.kind,
            need=self.need,
            band=self.band,
            urn=self.urn,
            minimum_metres=self.minimum_metres,
        )
