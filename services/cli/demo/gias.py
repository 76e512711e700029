"""The settings as Get Information About Schools would export them."""

from collections.abc import Sequence
from pathlib import Path

from services.cli.demo.days import EXPORT_DAY
from services.cli.demo.pools import PlacePool
from services.cli.demo.settings import Setting
from services.cli.demo.tables import write_table

NEED_NAMES = {
    "SPLD": "SpLD - Specific Learning Difficulty",
    "MLD": "MLD - Moderate Learning Difficulty",
    "SLD": "SLD - Severe Learning Difficulty",
    "PMLD": "PMLD - Profound and Multiple Learning Difficulty",
    "SEMH": "SEMH - Social, Emotional and Mental Health",
    "SLCN": "SLCN - Speech, language and Communication",
    "HI": "HI - Hearing Impairment",
    "VI": "VI - Visual Impairment",
    "MSI": "MSI - Multi-Sensory Impairment",
    "PD": "PD - Physical Disability",
    "ASD": "ASD - Autistic Spectrum Disorder",
    "OTH": "OTH - Other Difficulty/Disability",
}
TYPES = {
    "mainstream_la_maintained": (1, "Community school"),
    "mainstream_academy": (34, "Academy converter"),
    "mainstream_free_school": (35, "Free schools"),
    "mainstream_independent": (11, "Other independent school"),
    "special_la_maintained": (7, "Community special school"),
    "special_academy_free": (44, "Academy special converter"),
    "special_independent": (10, "Other independent special school"),
    "special_non_maintained": (8, "Non-maintained special school"),
    "ap_pru_academy": (42, "Academy alternative provision converter"),
    "ap_pru_free_school": (38, "Free schools alternative provision"),
    "ap_pru_la_maintained": (14, "Pupil referral unit"),
    "general_fe_tertiary_colleges": (18, "Further education"),
    "specialist_post_16_institutions": (32, "Special post 16 institution"),
}
SEN_COLUMNS = tuple(f"SEN{i} (name)" for i in range(1, 14))
COLUMNS = (
    "URN",
    "LA (code)",
    "LA (name)",
    "EstablishmentNumber",
    "EstablishmentName",
    "TypeOfEstablishment (code)",
    "TypeOfEstablishment (name)",
    "EstablishmentStatus (name)",
    "PhaseOfEducation (name)",
    "StatutoryLowAge",
    "StatutoryHighAge",
    "Gender (name)",
    "SchoolCapacity",
    "NumberOfPupils",
    "UKPRN",
    "LastChangedDate",
    "Town",
    "Postcode",
    "Section41Approved (name)",
    *SEN_COLUMNS,
    "TypeOfResourcedProvision (name)",
    "ResourcedProvisionOnRoll",
    "ResourcedProvisionCapacity",
    "SenUnitOnRoll",
    "SenUnitCapacity",
    "Easting",
    "Northing",
    "LSOA (code)",
    "invented",
)
GIAS_NAME_OF_FACT = {
    "statutory_low_age": "StatutoryLowAge",
    "statutory_high_age": "StatutoryHighAge",
    "section_41": "Section41Approved (name)",
    "designation_needs": "SEN1 (name)",
}
DEDUCED = ("TypeOfEstablishment (code)", "TypeOfEstablishment (name)", "LastChangedDate")
"""Known only in outline (special, academy, independent), or made up with the file."""
CAPACITY_COLUMNS = {
    "resource_base": "ResourcedProvisionCapacity",
    "sen_unit": "SenUnitCapacity",
}
BASE_TYPES = {
    (True, True): "Resourced provision and SEN unit",
    (True, False): "Resourced provision",
    (False, True): "SEN unit",
    (False, False): "Not applicable",
}


def write_gias(path: Path, settings: Sequence[Setting], by_setting: dict[str, list[PlacePool]]) -> int:
    """Write the establishment file in the Windows code page that GIAS uses."""
    rows = (_row(setting, by_setting.get(setting.urn, [])) for setting in settings)
    return write_table(path, COLUMNS, rows, encoding="cp1252")


def _row(setting: Setting, pools: Sequence[PlacePool]) -> dict[str, object]:
    code, type_name = TYPES[setting.column]
    names = [NEED_NAMES[need] for need in setting.needs]
    has_base = any(pool.kind == "resource_base" for pool in pools)
    has_unit = any(pool.kind == "sen_unit" for pool in pools)
    return {
        "URN": setting.urn,
        "LA (code)": setting.la_code,
        "LA (name)": setting.la_name,
        "EstablishmentName": setting.name,
        "TypeOfEstablishment (code)": code,
        "TypeOfEstablishment (name)": type_name,
        "EstablishmentStatus (name)": "Open",
        "PhaseOfEducation (name)": _phase(setting),
        "StatutoryLowAge": setting.low_age,
        "StatutoryHighAge": setting.high_age,
        "Gender (name)": setting.sex.capitalize(),
        "SchoolCapacity": setting.places or "",
        "NumberOfPupils": setting.roll or "",
        "LastChangedDate": EXPORT_DAY.strftime("%d-%m-%Y"),
        "Town": setting.town,
        "Postcode": setting.postcode,
        "Section41Approved (name)": _section_41(setting),
        **dict(zip(SEN_COLUMNS, names or ["Not Applicable"], strict=False)),
        "TypeOfResourcedProvision (name)": BASE_TYPES[has_base, has_unit],
        **_base_capacities(pools),
        "Easting": setting.easting,
        "Northing": setting.northing,
        "invented": ";".join(_invented(setting, pools)),
    }


def _invented(setting: Setting, pools: Sequence[PlacePool]) -> list[str]:
    """The columns of a setting's row that nobody looked up."""
    if "everything" in setting.invented:
        return ["everything"]
    facts = [GIAS_NAME_OF_FACT[fact] for fact in setting.invented if fact in GIAS_NAME_OF_FACT]
    bases = [
        column
        for kind, column in CAPACITY_COLUMNS.items()
        if any(pool.kind == kind and number.basis == "invented" for pool in pools for number in pool.numbers)
    ]
    return [*DEDUCED, *facts, *bases]


def _base_capacities(pools: Sequence[PlacePool]) -> dict[str, object]:
    """Places of bases and units that are open when the file is said to be made."""
    return {
        column: sum(pool.places_on(EXPORT_DAY) or 0 for pool in pools if pool.kind == kind) or ""
        for kind, column in CAPACITY_COLUMNS.items()
    }


def _section_41(setting: Setting) -> str:
    if setting.column in ("special_independent", "specialist_post_16_institutions"):
        return "Approved" if setting.section_41 else "Not approved"
    return "Not applicable"


def _phase(setting: Setting) -> str:
    if not setting.is_mainstream:
        return "16 plus" if setting.low_age >= 16 else "Not applicable"
    if setting.high_age <= 11:
        return "Primary"
    return "Secondary" if setting.low_age >= 11 else "All-through"
