"""Settings of the demonstration, from facts looked up or from invention, told apart."""

import csv
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from services.cli.demo.facts import FACTS

FIRST_ACADEMY_URN = 136000
"""Schools that became academies took a new URN, in these years above this number."""
OLDEST = 25
"""A plan may last to the end of the year in which a young person turns 25."""
COLUMN_OF_TYPE = {
    "maintained special": "special_la_maintained",
    "academy special": "special_academy_free",
    "PRU": "ap_pru_la_maintained",
    "non-maintained special": "special_non_maintained",
    "independent special": "special_independent",
    "FE college": "general_fe_tertiary_colleges",
}
SPECIALIST_COLLEGES = frozenset({"152040"})
"""FE colleges of the settings file that are special post-16 institutions."""

Blanks = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Setting:
    """A school, college or other institution.

    `column` is the published placement column of its own children. Ages are those of the
    statutory range in years. `needs` are the needs it caters for, `extra_needs` those it is
    invented to take as well. `invented` names the facts that are not looked up.
    """

    urn: str
    name: str
    column: str
    town: str
    postcode: str
    easting: int
    northing: int
    la_code: str
    la_name: str
    low_age: int
    high_age: int
    sex: str
    needs: tuple[str, ...]
    extra_needs: tuple[str, ...]
    section_41: bool
    places: int | None
    roll: int | None
    invented: tuple[str, ...]

    @property
    def year_group_low(self) -> int:
        """The first year group: -1 (nursery) at the earliest."""
        return max(self.low_age - 4, -1)

    @property
    def year_group_high(self) -> int:
        """The last year group: 20 (age 24 on 31 August) at the latest."""
        return min(self.high_age, OLDEST) - 5

    @property
    def is_mainstream(self) -> bool:
        """Whether its own children are in mainstream classes."""
        return self.column.startswith("mainstream")


def read_settings(folder: Path = FACTS) -> list[Setting]:
    """The settings of the reference authority that have a URN, in the order of the file."""
    areas = {row["area"]: row for row in _rows(folder / "authorities.csv")}
    blanks: dict[str, dict[str, str]] = defaultdict(dict)
    for row in _rows(folder / "halton-blanks.csv"):
        blanks[row["urn"]][row["column"]] = row["value"]
    return [
        _setting(row, areas[row["local_authority"]], blanks[row["urn"]])
        for row in _rows(folder / "halton-settings.csv")
        if row["urn"]
    ]


def _setting(row: Mapping[str, str], area: Mapping[str, str], filled: Mapping[str, str]) -> Setting:
    fact = {**row, **{column: value for column, value in filled.items() if column in row}}
    extra = filled.get("extra_needs", "")
    return Setting(
        urn=row["urn"],
        name=row["name"],
        column=filled.get("column") or _column(row),
        town=row["town"],
        postcode=row["postcode"],
        easting=int(row["easting"]),
        northing=int(row["northing"]),
        la_code=area["la_code"],
        la_name=area["la_name"],
        low_age=int(fact["statutory_low_age"]),
        high_age=int(fact["statutory_high_age"]),
        sex=row["gender"].lower(),
        needs=tuple(need for need in fact["designation_needs"].split(";") if need),
        extra_needs=tuple(need for need in extra.split(";") if need),
        section_41="section_41" in filled,
        places=int(row["total_places_or_capacity"]) if row["total_places_or_capacity"] else None,
        roll=int(row["roll_january_2019"]) if row["roll_january_2019"] else None,
        invented=tuple(filled),
    )


def _column(row: Mapping[str, str]) -> str:
    if row["urn"] in SPECIALIST_COLLEGES:
        return "specialist_post_16_institutions"
    if row["type"] in COLUMN_OF_TYPE:
        return COLUMN_OF_TYPE[row["type"]]
    is_academy = int(row["urn"]) >= FIRST_ACADEMY_URN
    return "mainstream_academy" if is_academy else "mainstream_la_maintained"


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
