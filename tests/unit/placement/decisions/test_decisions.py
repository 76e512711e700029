"""Small facts about decisions: grounds as kept, last days, and what each state means."""

from __future__ import annotations

from datetime import date

import pytest

from services.placement.domain.decisions import (
    DECIDED,
    HALF_DONE,
    LIVE,
    WITHDRAWABLE,
    Ground,
    State,
    grounds_as_text,
    grounds_of_text,
    last_day_in_pool,
    part_of_kind,
)


@pytest.mark.parametrize(
    ("first_day", "year_group", "high", "last_day"),
    [
        (date(2024, 9, 2), 7, 11, date(2029, 8, 31)),
        (date(2025, 1, 6), 7, 11, date(2029, 8, 31)),
        (date(2024, 9, 2), 11, 11, date(2025, 8, 31)),
        (date(2024, 8, 31), 11, 11, date(2024, 8, 31)),
        (date(2024, 9, 2), 12, 11, None),
    ],
)
def test_a_place_lasts_until_the_child_outgrows_the_pool(
    first_day: date, year_group: int, high: int, last_day: date | None
) -> None:
    assert last_day_in_pool(first_day, year_group, high) == last_day


def test_grounds_are_read_as_they_were_written() -> None:
    grounds = [Ground(100001, "unsuitable"), Ground(100002, "incompatible_with_others")]
    assert grounds_of_text(grounds_as_text(grounds)) == grounds
    assert grounds_of_text("") == []


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        ("resource_base", "resource_base"),
        ("sen_unit", "sen_unit"),
        ("hn_unit", "sen_unit"),
        ("state_special", "whole_setting"),
        ("mainstream", "whole_setting"),
    ],
)
def test_a_kind_of_place_is_a_part_of_its_setting(kind: str, part: str) -> None:
    assert part_of_kind(kind) == part


def test_what_is_half_done_is_in_hand_and_what_is_named_is_neither_in_hand_nor_taken_back() -> None:
    assert set(HALF_DONE) < set(LIVE)
    assert State.NAMED not in {*LIVE, *WITHDRAWABLE}
    assert State.NAMED in DECIDED
    assert not {State.NOT_OFFERED, State.EXPIRED, State.WITHDRAWN, State.WITHDRAWING} & set(DECIDED)
