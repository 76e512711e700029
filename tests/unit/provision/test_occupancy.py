"""Who holds which place. The table is the authority of the whole file; the other tests are its finer points."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from services.provision.domain.occupancy import Placement, seat_placements
from services.provision.domain.pools import PlacesFrom
from tests.builders.provision import FIRST_DAY, a_placement, a_pool

PRIMARY, SPECIAL, SPLIT = 100001, 100002, 100003
POOLS = [
    a_pool("pool_main", urn=PRIMARY, kind="mainstream", year_group_low=0, year_group_high=6),
    a_pool("pool_base-asd", urn=PRIMARY, kind="resource_base", needs=("ASD",), year_group_low=0, year_group_high=6),
    a_pool("pool_base-any", urn=PRIMARY, kind="resource_base", year_group_low=0, year_group_high=6),
    a_pool("pool_hn", urn=PRIMARY, kind="hn_unit", needs=("SEMH",), year_group_low=1, year_group_high=6),
    a_pool("pool_special", urn=SPECIAL, needs=("SLD", "PMLD"), year_group_low=-1, year_group_high=14),
    a_pool("pool_ks3", urn=SPLIT, year_group_low=7, year_group_high=9),
    a_pool("pool_ks4", urn=SPLIT, year_group_low=10, year_group_high=11),
]
BASE, UNIT, WHOLE = "resource_base", "sen_unit", "whole_setting"

# Year group on the first day, 2 September 2024.
TABLE = [
    # urn, part, year, need, last day            -> where
    (PRIMARY, WHOLE, 3, "ASD", None, "held pool_main"),  # a mainstream place, whatever the need
    (PRIMARY, WHOLE, 6, "MLD", None, "held pool_main"),  # the top year is still in
    (PRIMARY, WHOLE, 7, "MLD", None, "leaving pool_main"),  # outgrew Year 6 in the summer
    (PRIMARY, WHOLE, 9, "MLD", None, "leaving pool_main"),  # should have left long ago; holds no place in September
    (PRIMARY, WHOLE, -2, "MLD", None, "unpooled"),  # no nursery here, and too young to have outgrown anything
    (PRIMARY, BASE, 2, "ASD", None, "held pool_base-asd"),  # the pool for the need comes first
    (PRIMARY, BASE, 2, "SLCN", None, "held pool_base-any"),  # then the one for any need
    (PRIMARY, BASE, 7, "ASD", None, "leaving pool_base-asd"),  # outgrew the base
    (PRIMARY, UNIT, 2, "ASD", None, "held pool_base-asd"),  # marked as a unit; the school has bases only
    (PRIMARY, BASE, 2, "SEMH", None, "held pool_base-any"),  # never in the HN unit by import
    (SPECIAL, WHOLE, 14, "SLD", None, "held pool_special"),  # all-through: nobody outgrows Year 11
    (SPECIAL, WHOLE, 15, "SLD", None, "leaving pool_special"),
    (SPECIAL, WHOLE, -3, "PMLD", None, "held pool_special"),  # a two-year-old in the nursery
    (SPECIAL, WHOLE, 5, "SEMH", None, "held pool_special"),  # not a need the pool lists, but the child is there
    (SPECIAL, BASE, 5, "SLD", None, "unpooled"),  # no base or unit on file at this school
    (SPLIT, WHOLE, 9, "ASD", None, "held pool_ks3"),
    (SPLIT, WHOLE, 10, "ASD", None, "held pool_ks4"),  # moves up inside the school
    (SPLIT, WHOLE, 12, "ASD", None, "leaving pool_ks4"),
    (SPLIT, WHOLE, 6, "ASD", None, "unpooled"),  # below every pool
    (SPLIT, WHOLE, 10, "ASD", date(2024, 8, 31), "leaving pool_ks3"),  # ended in Year 9
    (SPLIT, WHOLE, 10, "ASD", FIRST_DAY, "held pool_ks4"),  # ends on the first day itself: still there
    (SPLIT, WHOLE, 10, "ASD", date(2025, 7, 20), "held pool_ks4"),  # ends later
    (900009, WHOLE, 8, "SEMH", None, "unpooled"),  # a school that has no pools
    (0, WHOLE, 8, "SEMH", None, "no urn"),  # educated otherwise: holds no place anywhere
]


def _where(placement: Placement) -> str:
    seating = seat_placements([placement], POOLS, FIRST_DAY)
    if seating.without_urn:
        return "no urn"
    for pool_id, cases in seating.held.items():
        assert cases == [placement.case_id]
        return f"held {pool_id}"
    for pool_id in seating.leaving:
        return f"leaving {pool_id}"
    assert seating.unpooled == {(placement.urn, placement.part): 1}
    return "unpooled"


@pytest.mark.parametrize(("urn", "part", "year", "need", "last_day", "where"), TABLE)
def test_each_placement_counts_where_the_table_says(
    urn: int, part: str, year: int, need: str, last_day: date | None, where: str
) -> None:
    placement = a_placement(year_group=year, urn=urn, part=part, primary_need=need, last_day=last_day)
    assert _where(placement) == where


def test_children_of_a_base_fall_to_the_units_of_a_setting_that_has_units_only() -> None:
    units = [a_pool("pool_unit", kind="sen_unit")]
    seating = seat_placements([a_placement(part=BASE), a_placement("case_2", part=UNIT)], units, FIRST_DAY)
    assert seating.held == {"pool_unit": ["case_1", "case_2"]}


def test_base_and_unit_stay_apart_where_a_setting_has_both() -> None:
    both = [a_pool("pool_base", kind="resource_base"), a_pool("pool_unit", kind="sen_unit")]
    seating = seat_placements([a_placement(part=BASE), a_placement("case_2", part=UNIT)], both, FIRST_DAY)
    assert seating.held == {"pool_base": ["case_1"], "pool_unit": ["case_2"]}


def test_of_equal_pools_the_lowest_id_has_the_child() -> None:
    pools = [a_pool("pool_B"), a_pool("pool_A")]
    assert seat_placements([a_placement()], pools, FIRST_DAY).held == {"pool_A": ["case_1"]}


def test_children_whose_need_no_pool_lists_are_in_the_pool_with_most_room() -> None:
    pools = [a_pool("pool_A", 2, needs=("ASD",)), a_pool("pool_B", 3, needs=("SLCN",))]
    asd = [a_placement(f"case_{at}", primary_need="ASD") for at in (1, 2)]
    strays = [a_placement(f"case_{at}", primary_need="SEMH") for at in (3, 4, 5)]
    seating = seat_placements([*strays, *asd], pools, FIRST_DAY)
    assert seating.held == {"pool_A": ["case_1", "case_2"], "pool_B": ["case_3", "case_4", "case_5"]}


def test_a_pool_that_is_open_comes_before_one_that_opens_later() -> None:
    later = a_pool("pool_A", numbers=(PlacesFrom(date(2025, 9, 1), 8),))
    assert seat_placements([a_placement()], [later, a_pool("pool_B")], FIRST_DAY).held == {"pool_B": ["case_1"]}


def test_year_groups_are_those_of_the_academic_year_that_the_day_falls_in() -> None:
    in_summer, in_autumn = (
        seat_placements([a_placement(year_group=12)], [a_pool()], day) for day in (date(2024, 8, 31), FIRST_DAY)
    )
    assert in_summer.held == {"pool_A": ["case_1"]}
    assert in_autumn.leaving == {"pool_A": 1}


def test_the_order_of_pools_and_placements_does_not_matter() -> None:
    placements = [
        a_placement(f"case_{at:02}", year_group=row[2], urn=row[0], part=row[1], primary_need=row[3], last_day=row[4])
        for at, row in enumerate(TABLE)
    ]
    one = seat_placements(placements, POOLS, FIRST_DAY)
    other = seat_placements(placements[::-1], [replace(pool) for pool in reversed(POOLS)], FIRST_DAY)
    assert {pool: sorted(cases) for pool, cases in one.held.items()} == {
        pool: sorted(cases) for pool, cases in other.held.items()
    }
    assert (one.leaving, one.unpooled) == (other.leaving, other.unpooled)
