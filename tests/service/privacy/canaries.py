"""Values that stand for a child and appear nowhere else, and how to find them in what a system wrote."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache

from shared.postcodes import locate, squeezed
from tests.builders import caseload

RARE_NEED = "MSI"
"""Of one child; no place, rate or scenario names it."""
WORDS = "Mortimer Wexcombe of Larkspur Row strikes out when Zephyrine is near."
"""Free text about a child, which every form and field that takes words is given."""
SAID = ("Mortimer", "Wexcombe", "Larkspur", "Zephyrine")
FORENAME = "Xanthippe"
POSTCODES = ("WA8 6BS", "WA8 7QF", "WA8 9LW", "WA7 5TD", "WA7 4QX")
BIRTHS = (date(2012, 11, 29), date(2013, 3, 17), date(2012, 10, 23), date(2013, 5, 27), date(2012, 12, 19))


def children(people: list[caseload.Child]) -> list[caseload.Child]:
    """The same children, each with a name, a birth date and a home of its own; the last with the rare need."""
    named = [
        replace(
            child,
            surname=f"Quillfeather{chr(ord('a') + at)}",
            forename=FORENAME,
            personbirthdate=BIRTHS[at].isoformat(),
            postcode=POSTCODES[at],
        )
        for at, child in enumerate(people)
    ]
    (asked,) = named[-1].requests
    active = replace(asked.active[0], needs=(RARE_NEED,))
    return [*named[:-1], replace(named[-1], requests=(replace(asked, active=(active,)),))]


@cache
def homes() -> frozenset[tuple[int, int]]:
    """Grid references of the children's homes."""
    return frozenset((found.easting, found.northing) for found in locate(POSTCODES).values())


@cache
def written() -> Mapping[str, re.Pattern[str]]:
    """What must be found nowhere outside the system, by kind, in every way that it might be written."""
    days = [
        f"{day:%Y-%m-%d}|{day:%d/%m/%Y}|{day.day} {day:%B %Y}|{day.day} {day:%b %Y}|{day:%d-%b-%Y}" for day in BIRTHS
    ]
    codes = [f"{code}|{squeezed(code)}|{code.replace(' ', '(?:%20|[+])')}" for code in POSTCODES]
    places = [rf"\b{easting}\D{{1,24}}{northing}\b" for easting, northing in homes()]
    kinds = {
        "names": ["Quillfeather", FORENAME],
        "birth dates": days,
        "UPNs": [caseload.upn(1)[:-4]],
        "postcodes": codes,
        "homes": places,
        "free text": list(SAID),
    }
    return {kind: re.compile("|".join(patterns), re.IGNORECASE) for kind, patterns in kinds.items()}


CASE_ID = re.compile(r"case_[0-9a-f]{16}")
RECORD_ID = re.compile(r"\b(?:case|dec|offer|rec|cons|child)_[0-9a-f]{16}\b")
"""An id that leads to one child's record."""


def found_in(text: str) -> dict[str, int]:
    """How often each kind is found: never the value itself, for a test's output is read by anybody."""
    counts = {kind: len(pattern.findall(text)) for kind, pattern in written().items()}
    return {kind: count for kind, count in counts.items() if count}
