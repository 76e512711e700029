"""A school, college or other institution, and what its GIAS type means in law."""

from __future__ import annotations

from dataclasses import dataclass

NEEDS = ("SPLD", "MLD", "SLD", "PMLD", "SEMH", "SLCN", "HI", "VI", "MSI", "PD", "ASD", "DS", "OTH")
"""SEN2 `sentype` codes."""
OPEN_STATUSES = ("Open", "Open, but proposed to close")
STATUSES = (*OPEN_STATUSES, "Closed", "Proposed to open")

INDEPENDENT_SPECIAL = 10
OTHER_INDEPENDENT = 11
SPECIAL_POST_16 = 32
NOT_S38_3_BY_TYPE = frozenset({INDEPENDENT_SPECIAL, OTHER_INDEPENDENT, SPECIAL_POST_16, 25, 26, 27, 29, 30, 37, 49, 56})
"""GIAS types of no s.38(3) kind unless approved under section 41: independent, special post-16, offshore, armed
forces', miscellaneous, higher education, Welsh, overseas, online and other departments' schools."""

SPECIAL_TYPES = frozenset({7, 12, 33, 36, 44})
NON_MAINTAINED_SPECIAL_TYPES = frozenset({8})
ALTERNATIVE_PROVISION_TYPES = frozenset({14, 38, 42, 43})
COLLEGE_TYPES = frozenset({18, 29, SPECIAL_POST_16})
SIXTH_FORM_TYPES = frozenset({31, 39, 45, 46, 57})
IN_MAINSTREAM_SCHOOLS = frozenset({"mainstream", "resource_base", "sen_unit", "hn_unit"})


@dataclass(frozen=True, slots=True)
class GridReference:
    """A point on the Ordnance Survey National Grid, whole metres."""

    easting: int
    northing: int


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting as Get Information About Schools last had it. None and "" mean that GIAS is silent.

    `type_code` is GIAS's establishment type, `la_code` the Department's three-digit authority code, `needs` SEN2 codes
    in GIAS's order (SEN1 to SEN13), `admits_sex` "mixed", "girls", "boys" or "". Ages are in years.
    """

    urn: int
    name: str
    type_code: int
    type_name: str
    la_code: int
    la_name: str
    location: GridReference | None = None
    low_age: int | None = None
    high_age: int | None = None
    admits_sex: str = ""
    status: str = "Open"
    section_41_approved: bool = False
    needs: tuple[str, ...] = ()
    school_capacity: int | None = None
    number_on_roll: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is open today, even if proposed to close."""
        return self.status in OPEN_STATUSES

    @property
    def s38_3(self) -> bool:
        """Whether a request for it is of a kind in s.38(3), Children and Families Act 2014; else wholly independent."""
        return self.section_41_approved or self.type_code not in NOT_S38_3_BY_TYPE

    def is_in(self, la_code: int) -> bool:
        """Whether it lies in the area of the authority with this three-digit code."""
        return self.la_code == la_code

    def usual_kinds(self) -> frozenset[str]:
        """Kinds of place that a setting of this type has as a rule; any other is worth a second look."""
        if self.type_code in SPECIAL_TYPES:
            return frozenset({"state_special"})
        if self.type_code in NON_MAINTAINED_SPECIAL_TYPES:
            return frozenset({"non_maintained_special"})
        if self.type_code == INDEPENDENT_SPECIAL:
            return frozenset({"independent_special"})
        if self.type_code == OTHER_INDEPENDENT:
            return frozenset({"mainstream", "independent_special", "alternative_provision"})
        if self.type_code in ALTERNATIVE_PROVISION_TYPES:
            return frozenset({"alternative_provision", "hn_unit"})
        if self.type_code in COLLEGE_TYPES:
            return frozenset({"further_education"})
        if self.type_code in SIXTH_FORM_TYPES:
            return frozenset({"mainstream", "further_education"})
        return IN_MAINSTREAM_SCHOOLS
