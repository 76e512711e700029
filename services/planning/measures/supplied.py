"""The columns of the file of measures that the council supplies, since nothing on file has them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from services.planning.reading import read_file, refuse
from shared.imports.report import RowProblem, SourceFile
from shared.imports.rows import RowModel, one_of

SUPPLIED: Mapping[str, tuple[str, str]] = {
    "exclusions_semh": ("children", "Permanent exclusions, children with SEMH"),
    "attendance_percent": ("per cent", "Attendance, children with a plan"),
    "inmss_unit_cost": ("pounds", "INMSS unit cost, a child and year"),
    "send_transport_spend": ("pounds", "SEND transport spend in the quarter"),
}
"""Measure -> unit and words."""
AMOUNT = re.compile(r"£?\d{1,3}(,\d{3})*(\.\d{1,2})?|£?\d{1,12}(\.\d{1,2})?", re.ASCII)


def _quarter(cell: Any) -> str:
    text = str(cell).strip().upper()
    if not re.fullmatch(r"(19|20)\d\dQ[1-4]", text, re.ASCII):
        raise ValueError("not a quarter such as 2024Q1")
    return text


def _value(cell: Any) -> Decimal:
    text = str(cell).strip()
    if not AMOUNT.fullmatch(text):
        raise ValueError("not a number from 0, with two decimals at most")
    return Decimal(text.removeprefix("£").replace(",", ""))


class SuppliedRow(RowModel):
    """One measure in one quarter."""

    quarter: Annotated[str, BeforeValidator(_quarter)] = Field(
        description="By calendar year, such as 2024Q1 for January to March 2024"
    )
    measure: Annotated[str, one_of(*SUPPLIED)] = Field(
        description="; ".join(f"{name} ({unit})" for name, (unit, _) in SUPPLIED.items())
    )
    value: Annotated[Decimal, BeforeValidator(_value)] = Field(description="The number, in the measure's unit")
    source: Annotated[str, BeforeValidator(lambda cell: str(cell).strip()[:200])] = Field(
        "", description="Where it is from"
    )

    @model_validator(mode="after")
    def _rules(self) -> SuppliedRow:
        if self.measure == "attendance_percent" and self.value > 100:
            raise ValueError("value: attendance is at most 100 per cent")
        if SUPPLIED[self.measure][0] == "children" and self.value != self.value.to_integral_value():
            raise ValueError("value: children are counted in whole numbers")
        return self


def read_supplied(file: SourceFile) -> dict[tuple[str, str], Decimal]:
    """Values by measure and quarter. Raises Refused that names each refused row."""
    rows = read_file(file, SuppliedRow)
    first: dict[tuple[str, str], int] = {}
    refuse(
        file,
        [
            RowProblem(file.name, number, "measure", row.measure, f"{row.quarter} is in row {seen} already")
            for number, row in rows
            if (seen := first.setdefault((row.measure, row.quarter), number)) != number
        ],
    )
    return {(row.measure, row.quarter): row.value for _, row in rows}
