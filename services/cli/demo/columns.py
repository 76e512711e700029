"""The columns of the Department's caseload table, and what each is in the product's words.

Source of the column names: Department for Education, *Education, health and care plans*,
data set "caseload", 2023/24 release.
"""

from dataclasses import dataclass

BASE_SUFFIX = "_resourced_provision"
UNIT_SUFFIX = "_senunit"


@dataclass(frozen=True, slots=True)
class PlacementColumn:
    """One published kind of placement.

    `kind` is a kind of place pool, or blank for children educated elsewhere.
    `share_label` is the row of the need-shares table that describes these children.
    `sensetting` is the SEN2 code that stands for a URN, or blank.
    """

    name: str
    kind: str
    share_label: str
    sensetting: str = ""


def _mainstream(name: str, label: str) -> tuple[PlacementColumn, ...]:
    return (
        PlacementColumn(name, "mainstream", label),
        PlacementColumn(name + BASE_SUFFIX, "resource_base", f"{label} (resourced provision)"),
        PlacementColumn(name + UNIT_SUFFIX, "sen_unit", f"{label} (SEN unit)"),
    )


def _elsewhere(name: str, label: str, sensetting: str) -> PlacementColumn:
    return PlacementColumn(name, "", f"Educated elsewhere - {label}", sensetting)


COLUMNS: tuple[PlacementColumn, ...] = (
    *_mainstream("mainstream_la_maintained", "Mainstream - LA maintained"),
    *_mainstream("mainstream_academy", "Mainstream - academy"),
    *_mainstream("mainstream_free_school", "Mainstream - free school"),
    PlacementColumn("mainstream_independent", "mainstream", "Mainstream - independent"),
    PlacementColumn("special_la_maintained", "state_special", "Special - LA maintained"),
    PlacementColumn("special_academy_free", "state_special", "Special - Academy/free schools"),
    PlacementColumn("special_independent", "independent_special", "Special - independent"),
    PlacementColumn("special_non_maintained", "non_maintained_special", "Special - non-maintained"),
    PlacementColumn("ap_pru_academy", "alternative_provision", "AP/PRU - academy"),
    PlacementColumn("ap_pru_free_school", "alternative_provision", "AP/PRU - free school"),
    PlacementColumn("ap_pru_la_maintained", "alternative_provision", "AP/PRU - LA maintained"),
    PlacementColumn(
        "general_fe_tertiary_colleges",
        "further_education",
        "FE - general FE and tertiary colleges",
    ),
    PlacementColumn(
        "specialist_post_16_institutions",
        "further_education",
        "FE - specialist post-16 institutions",
    ),
    PlacementColumn("ukrlp_provider", "further_education", "FE - UKRLP provider"),
    _elsewhere("elective_home_education", "elective home education", "EHE"),
    _elsewhere("other_arrangements_la", "other arrangements by LA", "OLA"),
    _elsewhere("other_arrangements_parents", "other arrangements by parents", "OPA"),
    _elsewhere("other_placement_settings", "other placement settings", "OTH"),
    _elsewhere("neet", "NEET", "NEET"),
    _elsewhere("neet_ntci", "NEET", "NIEC"),
    _elsewhere("neet_other", "NEET", "NIEO"),
    _elsewhere("neet_other_csa", "NEET", "NIEO"),
    PlacementColumn("nm_early_years", "", "Non-maintained early years", "EYP"),
    PlacementColumn("placement_unknown", "", "Placement not recorded"),
)
BY_NAME = {column.name: column for column in COLUMNS}

NEEDS = ("ASD", "HI", "MLD", "MSI", "OTH", "PD", "PMLD", "SEMH", "SLCN", "SLD", "SPLD", "VI")
"""SEN2 need codes for which the Department publishes shares (Down syndrome is not yet one)."""
