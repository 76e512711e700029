"""The columns of a place pools file."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from services.provision.domain.pools import BASES, KINDS
from services.provision.domain.settings import NEEDS
from shared.imports.rows import Day, RowModel, YesNo, one_of, whole

MOST_PLACES = 10_000
REFERENCE_SHAPE = re.compile(r"[A-Za-z0-9-]{1,40}")


def _reference(cell: Any) -> str:
    reference = str(cell).strip()
    if not REFERENCE_SHAPE.fullmatch(reference):
        raise ValueError("not a reference; use letters, digits and hyphens, at most 40")
    return reference


def _need_or_all(word: str) -> str:
    code = word.upper()
    if code not in (*NEEDS, "ALL"):
        raise ValueError(f"not a need; write ALL, or SEN2 codes separated by semicolons: {' '.join(NEEDS)}")
    return code


def _needs(cell: Any) -> tuple[str, ...]:
    words = [word.strip() for word in str(cell).split(";") if word.strip()]
    codes = tuple(dict.fromkeys(_need_or_all(word) for word in words))
    if not codes or ("ALL" in codes and len(codes) > 1):
        raise ValueError("write ALL alone, or SEN2 codes separated by semicolons")
    return () if codes == ("ALL",) else codes


Reference = Annotated[str, BeforeValidator(_reference)]
YearGroup = Annotated[int, whole(-1, 20)]
Places = Annotated[int | None, whole(0, MOST_PLACES)]


class PoolRow(RowModel):
    """The number of places of one pool from a first day on. Several rows of one pool differ in first day and number."""

    pool_ref: Reference = Field(
        description="The authority's own reference: letters, digits and hyphens, at most 40. "
        "A pool without a row stays as it is on file"
    )
    urn: Annotated[int, whole(100_000, 999_999)] = Field(description="URN of the setting that the places are in")
    kind: Annotated[str, one_of(*KINDS)] = Field(description=f"Kind of place: {', '.join(KINDS)}")
    needs: Annotated[tuple[str, ...], BeforeValidator(_needs)] = Field(
        description="Needs catered for: SEN2 codes separated by semicolons, or ALL"
    )
    year_group_low: YearGroup = Field(description="Lowest year group taken; Reception is 0, nursery -1")
    year_group_high: YearGroup = Field(description="Highest year group taken; at most 20")
    first_day: Day = Field(description="First day on which this number of places counts, such as 2024-09-02")
    confirmed: YesNo = Field(description="yes: certain; no: planned, and no place is counted on")
    sex: Annotated[str, one_of("mixed", "girls", "boys")] = Field("", description="Blank: as the setting admits")
    places_commissioned: Places = Field(
        None, description="Number of places; blank for no fixed number (mainstream and further_education only)"
    )
    group_ref: Annotated[str, BeforeValidator(_reference)] = Field(
        "", description="Reference that pools sharing a total have in common; blank for none"
    )
    group_places: Places = Field(None, description="Places that the whole group has together from this first day")
    wheelchair_accessible: YesNo | None = Field(None, description="yes or no; blank: not known")
    basis: Annotated[str, one_of(*BASES)] = Field("authority", description=f"Source of the number: {', '.join(BASES)}")
