"""What a planner may know of a case: a band, a square, a word."""

from __future__ import annotations

import pytest

from services.caseload.domain.ages import reception_year
from services.caseload.domain.planning import PLANNING_LABEL, age_band, placement_word, pseudonym_of, square_of
from services.caseload.domain.pseudonyms import KINDS, Pseudonyms
from shared.days import parse_day


@pytest.mark.parametrize(
    ("born", "band"),
    [
        ("2024-01-05", "0-4"),
        ("2018-09-01", "0-4"),
        ("2018-08-31", "5-10"),
        ("2012-09-01", "5-10"),
        ("2012-08-31", "11-15"),
        ("2007-09-01", "11-15"),
        ("2007-08-31", "16-19"),
        ("2003-08-31", "20-25"),
        ("1997-01-01", "20-25"),
    ],
)
def test_the_band_is_that_of_the_age_on_31_august_before_the_year(born: str, band: str) -> None:
    assert age_band(reception_year(parse_day(born)), 2023) == band


def test_a_square_is_five_kilometres_wide_and_named_by_its_corner() -> None:
    assert square_of(351_234, 384_999) == "350,380"
    assert square_of(354_999, 380_000) == "350,380"
    assert square_of(355_000, 385_000) == "355,385"
    assert square_of(None, None) == ""


@pytest.mark.parametrize(
    ("urn", "part", "word"),
    [
        (None, None, "none"),
        (0, "whole_setting", "other"),
        (0, "sen_unit", "other"),
        (900001, "whole_setting", "whole_setting"),
        (900001, "sen_unit", "resource_base_or_unit"),
        (900001, "resource_base", "resource_base_or_unit"),
    ],
)
def test_a_placement_is_told_as_far_as_the_return_says(urn: int | None, part: str | None, word: str) -> None:
    assert placement_word(urn, part) == word


def test_a_pseudonym_is_made_under_a_label_of_its_own() -> None:
    assert PLANNING_LABEL not in KINDS
    pseudonyms = Pseudonyms(b"a key")
    assert pseudonym_of(pseudonyms.digest(PLANNING_LABEL, "case_1")) != pseudonym_of(pseudonyms.digest("upn", "case_1"))
