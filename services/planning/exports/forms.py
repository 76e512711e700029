"""The Department's own categories, made from children by phase and kind of placement.

**School capacity survey (SCAP), special provision.** Forecasts of resident pupils with a plan who need a place in
special provision: primary for the next five academic years, secondary for the next seven ("School capacity (SCAP)
survey 2026: guide for local authorities", 30 April 2026, section 1; "Forecasting demand for SEND provision for SCAP",
same day, which adds alternative provision). Special schools, SEN units and resourced provision are told apart as the
survey's capacity is ("School capacity: methodology"). That the upload template has these very columns, and that
independent special schools are counted, is from memory and unverified: compare it with the year's template.

**DSG management plan.** Seven categories of placement in the high needs block of the Department's template (guidance:
"DSG management plan: guidance for local authorities", updated 26 March 2025). The categories' wording is from memory
and unverified: compare it with the template.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from services.placement.model.suppression import Sum
from services.planning.exports.cells import Cell

SCAP, DSG = "scap", "dsg"
SECTORS: Mapping[str, tuple[str, ...]] = {
    "primary": ("KS1", "KS2"),
    "secondary": ("KS3", "KS4"),
    "post-16": ("post_16",),
}
"""Reception is in KS1. Post-16 is told apart: capacity counts it in secondary special provision."""
SECTOR_YEARS = {"primary": 5, "secondary": 7, "post-16": 7}
PROVISION: Mapping[str, tuple[str, ...]] = {
    "special school": ("state_special",),
    "SEN unit": ("sen_unit", "hn_unit"),
    "resourced provision": ("resource_base",),
    "independent or non-maintained special school": ("independent_special", "non_maintained_special"),
    "alternative provision": ("alternative_provision",),
}
CATEGORIES: Mapping[str, tuple[str, ...]] = {
    "Mainstream schools or academies": ("mainstream",),
    "Resourced provision or SEN units": ("resource_base", "sen_unit", "hn_unit"),
    "Maintained special schools or special academies": ("state_special",),
    "Non-maintained special schools or independent schools": ("independent_special", "non_maintained_special"),
    "Hospital schools or alternative provision": ("alternative_provision",),
    "Post-16 and further education": ("further_education",),
    "Other: educated elsewhere, or without a place": ("elsewhere", "unmet"),
}
NOT_OF_A_CATEGORY = "Other spend, of no category of placement"


def form_sums(cells: Sequence[Cell]) -> list[Sum[Cell]]:
    """Every cell of the forms, as the sum of cells of children that it is; those with no such cell are left out."""
    there = set(cells)
    wanted = {
        **{
            Cell("children", phase=sector, kind=provision, form=SCAP): [
                Cell("children", phase=phase, kind=kind) for phase in phases for kind in kinds
            ]
            for sector, phases in SECTORS.items()
            for provision, kinds in PROVISION.items()
        },
        **{
            Cell("children", kind=category, form=DSG): [Cell("children", kind=kind) for kind in kinds]
            for category, kinds in CATEGORIES.items()
        },
    }
    found = {form: tuple(part for part in parts if part in there) for form, parts in wanted.items()}
    return [Sum(form, parts) for form, parts in found.items() if parts]
