"""Commissioned, filled, leaving, free."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.provision.domain import places
from services.provision.domain.occupancy import Placement, seat_placements
from services.provision.domain.offers import Offer
from services.provision.domain.places import PlacesOnDay, PoolOnDay, count_places, seat
from services.provision.domain.pools import PlacePool, PlacesFrom
from tests.builders.provision import FIRST_DAY, LONG_AGO, a_placement, a_pool, a_setting


def _counted(*pools: PlacePool, placements: Sequence[Placement] = (), offers: Sequence[Offer] = ()) -> PlacesOnDay:
    return count_places(seat(pools, {pool.urn: a_setting(pool.urn) for pool in pools}, placements, FIRST_DAY), offers)


def _only(pool: PlacePool, placements: Sequence[Placement] = (), offers: Sequence[Offer] = ()) -> PoolOnDay:
    [found] = _counted(pool, placements=placements, offers=offers).pools
    return found


def _children(count: int, year_group: int = 8) -> list[Placement]:
    return [a_placement(f"case_{at}", year_group) for at in range(count)]


def test_free_is_commissioned_less_filled() -> None:
    found = _only(a_pool(places=10), _children(4))
    assert (found.commissioned, found.filled, found.free) == (10, 4, 6)


def test_a_pool_over_its_number_has_no_place_free_and_not_fewer_than_none() -> None:
    found = _only(a_pool(places=3), _children(4))
    assert (found.filled, found.free) == (4, 0)


def test_those_who_leave_are_counted_and_free_their_place() -> None:
    found = _only(a_pool(places=10), [*_children(4), a_placement("case_old", 12)])
    assert (found.filled, found.leaving, found.free) == (4, 1, 6)


def test_a_pool_without_a_fixed_number_has_neither_number_nor_free_places() -> None:
    found = _only(a_pool(places=None, kind="further_education"), _children(2))
    assert (found.commissioned, found.filled, found.free) == (None, 2, None)


def test_places_opening_later_are_none_yet_and_say_when() -> None:
    found = _only(a_pool(numbers=(PlacesFrom(date(2025, 9, 1), 8),)))
    assert (found.commissioned, found.free, found.opens_on) == (0, 0, date(2025, 9, 1))


def test_planned_places_are_shown_and_none_is_free() -> None:
    found = _only(a_pool(numbers=(PlacesFrom(LONG_AGO, 16, confirmed=False),)))
    assert (found.commissioned, found.free, found.confirmed) == (16, 0, False)


def test_who_holds_a_place_is_listed_in_order() -> None:
    found = _only(a_pool(), [a_placement("case_b"), a_placement("case_a")])
    assert found.held_by == ("case_a", "case_b")


def test_a_pool_admits_whom_it_says_else_whom_its_setting_admits() -> None:
    girls = a_setting(admits_sex="girls")
    [own], [of_setting], [silent] = (
        count_places(seat([pool], {100001: setting}, [], FIRST_DAY), []).pools
        for pool, setting in [
            (a_pool(admits_sex="boys"), girls),
            (a_pool(), girls),
            (a_pool(), replace(girls, admits_sex="")),
        ]
    )
    assert (own.admits_sex, of_setting.admits_sex, silent.admits_sex) == ("boys", "girls", "mixed")


def test_a_group_counts_its_pools_together() -> None:
    lower = a_pool("pool_KS3", 8, year_group_high=9, numbers=(PlacesFrom(LONG_AGO, 8, group_places=10),))
    upper = a_pool("pool_KS4", 8, year_group_low=10, numbers=(PlacesFrom(LONG_AGO, 8, group_places=10),))
    grouped = [replace(pool, group_id="group_G") for pool in (lower, upper)]
    [group] = _counted(*grouped, placements=[*_children(5), a_placement("case_up", 10)]).groups
    assert (group.commissioned, group.filled, group.free) == (10, 6, 4)
    assert group.pool_ids == ("pool_KS3", "pool_KS4")


def test_everything_comes_in_order() -> None:
    places = _counted(
        a_pool("pool_b"),
        a_pool("pool_a"),
        placements=[a_placement(urn=900002), a_placement(urn=900001, part="sen_unit"), a_placement(urn=900001)],
    )
    assert [found.pool.pool_id for found in places.pools] == ["pool_a", "pool_b"]
    assert [(found.urn, found.part) for found in places.unpooled] == [
        (900001, "sen_unit"),
        (900001, "whole_setting"),
        (900002, "whole_setting"),
    ]


KINDS = st.sampled_from(["mainstream", "resource_base", "sen_unit", "hn_unit", "state_special"])
NEEDS = st.sampled_from(["ASD", "SEMH", "SLD"])
URNS = st.integers(100001, 100003)
DAYS = st.dates(date(2022, 1, 1), date(2027, 1, 1))
NUMBERS = st.lists(
    st.builds(PlacesFrom, DAYS, st.integers(0, 5), st.booleans()),
    min_size=1,
    max_size=3,
    unique_by=lambda n: n.first_day,
).map(lambda numbers: tuple(sorted(numbers, key=lambda number: number.first_day)))


@st.composite
def _pools(draw: st.DrawFn) -> list[PlacePool]:
    pools = []
    for at in range(draw(st.integers(0, 6))):
        low, high = sorted(draw(st.tuples(st.integers(-1, 14), st.integers(-1, 14))))
        needs = tuple(sorted(draw(st.sets(NEEDS, max_size=2))))
        pools.append(PlacePool(f"pool_{at}", draw(URNS), draw(KINDS), needs, low, high, draw(NUMBERS)))
    return pools


PLACEMENTS = st.lists(
    st.builds(
        Placement,
        case_id=st.uuids().map(lambda found: f"case_{found.hex[:16]}"),
        urn=st.sampled_from([0, 100001, 100002, 100003, 900001]),
        part=st.sampled_from(["whole_setting", "resource_base", "sen_unit"]),
        primary_need=NEEDS,
        reception_year=st.integers(2005, 2028),
        last_day=st.none() | DAYS,
    ),
    max_size=25,
)


@given(_pools(), PLACEMENTS, DAYS)
def test_every_placement_is_held_or_leaving_or_unpooled_or_without_urn_and_never_two_of_them(
    pools: list[PlacePool], placements: list[Placement], day: date
) -> None:
    seating = seat_placements(placements, pools, day)
    held = sum(len(cases) for cases in seating.held.values())
    assert held + seating.leaving.total() + seating.unpooled.total() + seating.without_urn == len(placements)
    assert set(seating.held) | set(seating.leaving) <= {pool.pool_id for pool in pools}


@given(_pools(), PLACEMENTS, DAYS)
def test_no_count_is_negative_and_free_and_filled_make_up_the_number_unless_over_it(
    pools: list[PlacePool], placements: list[Placement], day: date
) -> None:
    settings = {urn: a_setting(urn) for urn in range(100001, 100004)}
    for found in count_places(seat(pools, settings, placements, day), []).pools:
        assert found.commissioned is not None
        assert found.free is not None
        assert min(found.commissioned, found.filled, found.leaving, found.free) >= 0
        if found.confirmed and not found.opens_on:
            assert found.free == max(found.commissioned - found.filled, 0)
        else:
            assert found.free == 0


@given(st.integers(0, 12), st.integers(0, 12))
def test_one_more_place_commissioned_is_one_more_free_unless_the_pool_is_full_beyond_it(
    places: int, children: int
) -> None:
    before, after = (_only(a_pool(places=number), _children(children)).free for number in (places, places + 1))
    assert before is not None
    assert after == before + (0 if children > places else 1)


@given(_pools(), PLACEMENTS, DAYS)
def test_one_more_child_never_frees_a_place(pools: list[PlacePool], placements: list[Placement], day: date) -> None:
    settings = {urn: a_setting(urn) for urn in range(100001, 100004)}
    fewer, more = (count_places(seat(pools, settings, of, day), []).pools for of in (placements[1:], placements))
    for one, other in zip(fewer, more, strict=True):
        assert one.free is not None
        assert other.free is not None
        assert other.free <= one.free


@given(_pools(), PLACEMENTS, PLACEMENTS, DAYS, st.data())
def test_seating_only_who_changed_counts_what_seating_everybody_counts(
    pools: list[PlacePool], placements: list[Placement], new: list[Placement], day: date, data: st.DataObject
) -> None:
    settings = {urn: a_setting(urn) for urn in range(100001, 100004)}
    before = tuple(placements)
    now = (*(one for one in before if data.draw(st.booleans())), *new)
    seats = seat(pools, settings, before, day)
    again, anew = seats.after(now), seat(pools, settings, now, day)
    assert count_places(again, []) == count_places(anew, [])
    assert again.placements is now
    assert count_places(again.after(before), []) == count_places(seats, [])


def test_when_many_placements_changed_everybody_is_seated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "FEW", 1)
    before, now = (tuple(_children(count)) for count in (3, 4))
    seats = seat([a_pool(places=10)], {100001: a_setting(100001)}, before, FIRST_DAY)
    assert [found.filled for found in count_places(seats.after(now), []).pools] == [4]
