"""The caseload without a person in it, for planning places: what a planner may know of a case."""

from __future__ import annotations

from services.caseload.domain.case import PlacementPart

AGE_BANDS = ((4, "0-4"), (10, "5-10"), (15, "11-15"), (19, "16-19"), (25, "20-25"))
"""Oldest age of each band, and its name, as in the Department's tables."""
SQUARE_METRES = 5000
PLANNING_LABEL = "planning"
"""What a planner's pseudonym is made under: never what a case id is made under, so neither leads to the other."""


def age_band(reception_year: int, academic_year: int) -> str:
    """The band of the age on the 31 August before an academic year; who is older than 25 is in the last."""
    age = 4 + academic_year - reception_year
    return next((name for oldest, name in AGE_BANDS if age <= oldest), AGE_BANDS[-1][1])


def square_of(easting: int | None, northing: int | None) -> str:
    """The 5 km square of the National Grid that a place lies in, by its corner in km; "" for none."""
    if easting is None or northing is None:
        return ""
    corner = (metres // SQUARE_METRES * SQUARE_METRES // 1000 for metres in (easting, northing))
    return ",".join(map(str, corner))


def placement_word(urn: int | None, part: str | None) -> str:
    """Kind of placement as far as the return says: it does not say of a whole setting whether it is special."""
    if urn is None:
        return "none"
    if urn == 0:
        return "other"
    if part in (PlacementPart.RESOURCE_BASE, PlacementPart.SEN_UNIT):
        return "resource_base_or_unit"
    return "whole_setting"


def pseudonym_of(digest: str) -> str:
    """What a planner sees instead of a case id."""
    return f"child_{digest[:16]}"
