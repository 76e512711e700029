"""The number of places by date."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from services.provision.domain.pools import PlacesFrom, group_places_on
from tests.builders.provision import a_pool

SEPTEMBER_2023, SEPTEMBER_2024, SEPTEMBER_2025 = (date(year, 9, 1) for year in (2023, 2024, 2025))
A_DAY = timedelta(days=1)


def test_a_number_counts_from_its_first_day_until_the_next() -> None:
    pool = a_pool(numbers=(PlacesFrom(SEPTEMBER_2023, 8), PlacesFrom(SEPTEMBER_2024, 16)))
    found = [pool.number_on(day) for day in (SEPTEMBER_2024 - A_DAY, SEPTEMBER_2024, SEPTEMBER_2025)]
    assert [number and number.places for number in found] == [8, 16, 16]


def test_before_its_first_number_a_pool_has_none_and_says_when_it_opens() -> None:
    pool = a_pool(numbers=(PlacesFrom(SEPTEMBER_2024, 8), PlacesFrom(SEPTEMBER_2025, 16)))
    assert pool.number_on(SEPTEMBER_2024 - A_DAY) is None
    assert pool.opening_after(SEPTEMBER_2023) == PlacesFrom(SEPTEMBER_2024, 8)
    assert pool.opening_after(SEPTEMBER_2025) is None


def test_a_planned_extension_that_is_not_certain_leaves_the_confirmed_number_standing() -> None:
    pool = a_pool(numbers=(PlacesFrom(SEPTEMBER_2023, 67), PlacesFrom(SEPTEMBER_2025, 79, confirmed=False)))
    assert pool.number_on(SEPTEMBER_2025) == PlacesFrom(SEPTEMBER_2023, 67)
    assert pool.is_open_on(SEPTEMBER_2025)


def test_a_pool_with_nothing_confirmed_shows_what_is_planned_and_is_not_open() -> None:
    pool = a_pool(numbers=(PlacesFrom(SEPTEMBER_2024, 16, confirmed=False),))
    assert pool.number_on(SEPTEMBER_2025) == PlacesFrom(SEPTEMBER_2024, 16, confirmed=False)
    assert not pool.is_open_on(SEPTEMBER_2025)


@pytest.mark.parametrize(
    ("year_group", "taken"), [(-3, True), (-2, True), (-1, True), (0, True), (2, True), (3, False)]
)
def test_a_nursery_takes_every_child_below_reception(year_group: int, taken: bool) -> None:
    assert a_pool(year_group_low=-1, year_group_high=2).takes_year(year_group) is taken


@pytest.mark.parametrize(("day", "places"), [(SEPTEMBER_2023, 112), (SEPTEMBER_2024, 136), (date(2022, 8, 31), 0)])
def test_a_groups_total_is_the_latest_that_any_of_its_pools_states(day: date, places: int) -> None:
    lower = a_pool("pool_KS3", numbers=(PlacesFrom(date(2022, 9, 1), 60, group_places=112),))
    upper = a_pool(
        "pool_KS4",
        numbers=(
            PlacesFrom(date(2022, 9, 1), 45, group_places=112),
            PlacesFrom(SEPTEMBER_2024, 57, group_places=136),
        ),
    )
    assert group_places_on([lower, upper], day) == places


def test_a_groups_total_does_not_grow_by_a_change_that_is_not_confirmed() -> None:
    pool = a_pool(
        numbers=(
            PlacesFrom(SEPTEMBER_2023, 45, group_places=112),
            PlacesFrom(SEPTEMBER_2024, 57, confirmed=False, group_places=136),
        )
    )
    assert group_places_on([pool], SEPTEMBER_2025) == 112
