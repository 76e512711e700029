"""The measures that a council watches, counted by quarter from the history of plans."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

MEASURES = (
    "requests_for_assessment",
    "requests_for_assessment_semh",
    "placements_mss_semh",
    "placements_inmss_semh",
    "placements_hn_unit",
    "elective_home_education",
)
"""In order. A placement is counted when it begins; only the present one of a child is on file."""
INMSS_KINDS = ("independent_special", "non_maintained_special")
MOST_QUARTERS = 20


@dataclass(frozen=True, order=True)
class Quarter:
    """Three months of a calendar year, `number` 1 to 4; written "2024Q1"."""

    year: int
    number: int

    @classmethod
    def read(cls, text: str) -> Quarter:
        """The quarter that a text names. Raises ValueError that states the rule."""
        if not re.fullmatch(r"(19|20)\d\d[Qq][1-4]", text, re.ASCII):
            raise ValueError("not a quarter such as 2024Q1")
        return cls(int(text[:4]), int(text[5]))

    @classmethod
    def of(cls, day: date) -> Quarter:
        """The quarter that a day is in."""
        return cls(day.year, (day.month + 2) // 3)

    @property
    def before(self) -> Quarter:
        """The quarter before this one."""
        return Quarter(self.year, self.number - 1) if self.number > 1 else Quarter(self.year - 1, 4)

    @property
    def last_day(self) -> date:
        """Its last day."""
        after = date(self.year + 1, 1, 1) if self.number == 4 else date(self.year, 3 * self.number + 1, 1)
        return after - timedelta(days=1)

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"


def quarters_up_to(last: Quarter, count: int) -> list[Quarter]:
    """So many quarters, the last of them `last`, in order."""
    found = [last]
    while len(found) < count:
        found.append(found[-1].before)
    return found[::-1]


@dataclass(frozen=True)
class PlanRow:
    """What is known of one plan. `kind` is that of the present placement, "" where there is none or it is not known."""

    need: str
    request_received: date | None
    placement_began: date | None
    kind: str
    sen_setting: str


def count_by_quarter(rows: Iterable[PlanRow], quarters: Iterable[Quarter]) -> dict[tuple[str, Quarter], int]:
    """Children by measure and quarter, every pair, zeros too."""
    found = {(measure, quarter): 0 for measure in MEASURES for quarter in quarters}
    for row in rows:
        for measure, day in _counted(row):
            if day is not None and (key := (measure, Quarter.of(day))) in found:
                found[key] += 1
    return found


def _counted(row: PlanRow) -> Iterable[tuple[str, date | None]]:
    semh = row.need == "SEMH"
    yield "requests_for_assessment", row.request_received
    if semh:
        yield "requests_for_assessment_semh", row.request_received
    if semh and row.kind == "state_special":
        yield "placements_mss_semh", row.placement_began
    if semh and row.kind in INMSS_KINDS:
        yield "placements_inmss_semh", row.placement_began
    if row.kind == "hn_unit":
        yield "placements_hn_unit", row.placement_began
    if row.sen_setting == "EHE":
        yield "elective_home_education", row.placement_began


def kind_at(pools: Mapping[tuple[int, str], set[str]], urn: int, part: str) -> str:
    """The kind of a placement at a setting's part, by the kinds of the pools there; "" if they do not say which.

    `part` is "whole", "base" or "unit"; `pools` holds the kinds of the pools at each setting and part.
    """
    kinds = pools.get((urn, part), set())
    return next(iter(kinds)) if len(kinds) == 1 else ""


PART_OF_KIND = {"resource_base": "base", "sen_unit": "unit", "hn_unit": "unit"}
"""The part of a setting in which a kind of place is; the others are the whole setting."""
