"""The columns of a bids file: schools' expressions of interest in new places."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from services.placement.forecast.money.hn_unit import PLACES as UNIT_PLACES
from services.planning.reading import read_file, refuse
from shared.imports.report import RowProblem, SourceFile
from shared.imports.rows import Pence, RowModel, YesNo, one_of, whole

KINDS = ("resource_base", "sen_unit", "hn_unit", "state_special", "alternative_provision", "further_education")
NEEDS = ("SPLD", "MLD", "SLD", "PMLD", "SEMH", "SLCN", "HI", "VI", "MSI", "PD", "ASD", "DS", "OTH")
BASES = ("authority", "estimate", "published", "invented")
REFERENCE_SHAPE = re.compile(r"[A-Za-z0-9-]{1,40}")
MOST_TEXT = 120
MOST_BIDS = 200


def _reference(cell: Any) -> str:
    reference = str(cell).strip()
    if not REFERENCE_SHAPE.fullmatch(reference):
        raise ValueError("not a reference; use letters, digits and hyphens, at most 40")
    return reference


def _text(cell: Any) -> str:
    text = str(cell).strip()
    if len(text) > MOST_TEXT:
        raise ValueError(f"longer than {MOST_TEXT} characters")
    return text


def _needs(cell: Any) -> tuple[str, ...]:
    words = tuple(dict.fromkeys(word.strip().upper() for word in str(cell).split(";") if word.strip()))
    if words == ("ALL",):
        return ()
    if not words or any(word not in NEEDS for word in words):
        raise ValueError(f"write ALL alone, or SEN2 codes separated by semicolons: {' '.join(NEEDS)}")
    return words


def _percent(cell: Any) -> float:
    text = str(cell).strip().removesuffix("%").strip()
    if not re.fullmatch(r"\d{1,3}(\.\d{1,4})?", text, re.ASCII) or float(text) > 100:
        raise ValueError("not a percentage from 0 to 100")
    return float(text) / 100


YearGroup = Annotated[int, whole(-1, 20)]


class BidRow(RowModel):
    """One bid. Money is pounds, not below 0; years are academic years by the year in which they start."""

    bid_ref: Annotated[str, BeforeValidator(_reference)] = Field(
        description="The authority's own reference: letters, digits and hyphens, at most 40"
    )
    setting: Annotated[str, BeforeValidator(_text)] = Field(description="Name of the setting")
    kind: Annotated[str, one_of(*KINDS)] = Field(description=f"Kind of place: {', '.join(KINDS)}")
    needs: Annotated[tuple[str, ...], BeforeValidator(_needs)] = Field(
        description="Needs catered for: SEN2 codes separated by semicolons, or ALL"
    )
    year_group_low: YearGroup = Field(description="Lowest year group taken; Reception is 0, nursery -1")
    year_group_high: YearGroup = Field(description="Highest year group taken; at most 20")
    places: Annotated[int, whole(1, 1_000)] = Field(description="New places; 4 to 6 for hn_unit")
    capital: Pence = Field(description="Capital in pounds; 0 for places that exist already")
    running_a_year: Pence = Field(description="Pounds a year once open, however many children come")
    cost_a_child: Pence = Field(0, description="Pounds a year for each child beyond that, such as a top-up")
    opens_year: Annotated[int, whole(2000, 2100)] = Field(
        description="Academic year in which it opens at the earliest, such as 2026 for September 2026"
    )
    chance_of_slipping: Annotated[float, BeforeValidator(_percent)] = Field(
        0.0, description="Chance in per cent that it opens a year later than that"
    )
    area: Annotated[str, BeforeValidator(_text)] = Field(
        "", description="Area as the demand file names it; blank: in reach of all"
    )
    urn: Annotated[int | None, whole(100_000, 999_999)] = Field(None, description="URN of the setting, if it has one")
    exclusive_with: Annotated[str, BeforeValidator(_text)] = Field(
        "", description="A word that bids have in common of which one at most is to be funded"
    )
    exists: YesNo = Field(False, description="yes: free places that exist already; not a bid to decide on")
    basis: Annotated[str, one_of(*BASES)] = Field("estimate", description=f"Source of the money: {', '.join(BASES)}")

    @model_validator(mode="after")
    def _rules(self) -> BidRow:
        for name in ("capital", "running_a_year", "cost_a_child"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} is below 0")
        if self.year_group_low > self.year_group_high:
            raise ValueError("year_group_low is above year_group_high")
        if self.kind == "hn_unit" and not UNIT_PLACES[0] <= self.places <= UNIT_PLACES[1]:
            raise ValueError(f"places: an hn_unit has from {UNIT_PLACES[0]} to {UNIT_PLACES[1]}")
        if self.exists and self.capital:
            raise ValueError("capital must be 0 for places that exist already")
        return self


def read_bids(file: SourceFile) -> list[BidRow]:
    """The bids of a .csv or .xlsx file, in its order. Raises Refused that names each refused row."""
    rows = read_file(file, BidRow)
    first: dict[str, int] = {}
    problems = [
        RowProblem(file.name, number, "bid_ref", row.bid_ref, f"is in row {first[row.bid_ref]} already")
        for number, row in rows
        if first.setdefault(row.bid_ref, number) != number
    ]
    if len(rows) > MOST_BIDS:
        problems.append(RowProblem(file.name, 0, "", "", f"has {len(rows):,} bids; {MOST_BIDS} are read at most"))
    refuse(file, problems)
    return [row for _, row in rows]
