"""Homes from postcodes, offline."""

from __future__ import annotations

import pytest

from services.caseload.imports.homes import find_homes


@pytest.mark.parametrize("written", ["WA8 6BS", "wa86bs", " WA8  6BS "])
def test_a_postcode_is_found_however_it_is_spaced(written: str) -> None:
    (home,) = find_homes([written]).values()
    assert home.authority == "E06000006"
    assert 340_000 < home.easting < 360_000
    assert 380_000 < home.northing < 395_000


@pytest.mark.parametrize("written", ["", "   ", "ZZ99 9ZZ", "W", "é", "🏠", "../../etc/passwd", "0A1 1AA"])
def test_what_is_no_postcode_is_left_out(written: str) -> None:
    assert find_homes([written]) == {}


def test_postcodes_of_several_letters_are_found_together() -> None:
    assert len(find_homes(["WA8 6BS", "L1 8JQ", "WA7 1AA", "nonsense"])) >= 2
