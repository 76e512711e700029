"""The list of letters that says which files of the postcode directory an area needs."""

from __future__ import annotations

import csv
from collections import defaultdict
from string import ascii_uppercase

from shared import postcodes


def test_every_area_has_the_letters_that_its_postcodes_begin_with() -> None:
    listed = {row["area"]: set(row["letters"]) for row in _rows()}
    found: dict[str, set[str]] = defaultdict(set)
    for letter in ascii_uppercase:
        columns = postcodes._columns(letter)
        for area, easting, northing in zip(columns["laua"], columns["oseast1m"], columns["osnrth1m"], strict=True):
            if easting > 0 and northing > 0:
                found[area].add(letter)
    assert listed == {area: letters for area, letters in found.items() if area}


def test_an_area_that_is_not_listed_is_looked_for_under_every_letter() -> None:
    assert postcodes._letters_of(frozenset({"E06000006"})) == "LW"
    assert postcodes._letters_of(frozenset({"E06000006", "E06999999"})) == ascii_uppercase


def _rows() -> list[dict[str, str]]:
    with postcodes.LETTERS.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
