"""What a setting's GIAS type means in law, and for the places it may have."""

from __future__ import annotations

import pytest

from tests.builders.provision import a_setting


@pytest.mark.parametrize("type_code", [1, 2, 3, 5, 7, 8, 12, 14, 18, 28, 33, 34, 35, 36, 38, 42, 43, 44])
def test_a_maintained_academy_free_college_or_non_maintained_special_setting_may_be_requested(type_code: int) -> None:
    assert a_setting(type_code=type_code).s38_3


@pytest.mark.parametrize("type_code", [10, 11, 32, 29, 37])
def test_an_independent_setting_may_be_requested_only_when_approved_under_section_41(type_code: int) -> None:
    assert not a_setting(type_code=type_code).s38_3
    assert a_setting(type_code=type_code, section_41_approved=True).s38_3


def test_a_setting_is_in_borough_by_the_authority_code() -> None:
    assert a_setting(la_code=876).is_in(876)
    assert not a_setting(la_code=877).is_in(876)


@pytest.mark.parametrize(
    ("status", "is_open"),
    [("Open", True), ("Open, but proposed to close", True), ("Closed", False), ("Proposed to open", False)],
)
def test_a_setting_proposed_to_close_is_still_open(status: str, is_open: bool) -> None:
    assert a_setting(status=status).is_open is is_open


@pytest.mark.parametrize(
    ("type_code", "kind"),
    [
        (7, "state_special"),
        (8, "non_maintained_special"),
        (10, "independent_special"),
        (11, "mainstream"),
        (14, "alternative_provision"),
        (18, "further_education"),
        (32, "further_education"),
        (34, "resource_base"),
        (1, "hn_unit"),
        (31, "further_education"),
    ],
)
def test_each_type_of_setting_has_its_usual_kinds_of_place(type_code: int, kind: str) -> None:
    assert kind in a_setting(type_code=type_code).usual_kinds()


def test_a_special_school_place_is_unusual_at_a_mainstream_primary() -> None:
    assert "state_special" not in a_setting(type_code=1).usual_kinds()
