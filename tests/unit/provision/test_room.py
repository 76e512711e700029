"""Which days of a period are looked at, and when a place can be held."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.provision.domain.occupancy import Placement
from services.provision.domain.offers import CONFIRMED, OFFERED, Offer, Wish, lowest_free
from services.provision.domain.pools import PlacePool, PlacesFrom
from services.provision.domain.room import Shortage, caps_of, days_to_check, find_shortage
from services.provision.domain.timeline import Period, Site
from tests.builders.provision import FIRST_DAY, LONG_AGO, a_placement, a_pool, a_wish, an_offer

NEXT_YEAR = date(2025, 9, 1)


def _shortage(
    wish: Wish, pools: list[PlacePool], offers: list[Offer] | None = None, placements: list[Placement] | None = None
) -> Shortage | None:
    offers, placements = offers or [], placements or []
    caps = caps_of(next(pool for pool in pools if pool.pool_id == wish.pool_id), pools)
    days = days_to_check(wish, caps, offers, placements)
    return find_shortage(wish.case_id, caps, days, Site(pools, placements, offers).held)


def test_the_last_place_can_be_held_and_not_one_more() -> None:
    pool, there = a_pool(places=2), a_placement("case_there")
    assert _shortage(a_wish(), [pool], placements=[there]) is None
    assert _shortage(a_wish(), [pool], [an_offer("case_2")], [there]) == Shortage(FIRST_DAY, 2, 2, "pool_A")


def test_a_case_that_holds_a_place_there_takes_no_more() -> None:
    full = [a_placement(f"case_{at}") for at in range(2)]
    assert _shortage(a_wish("case_1"), [a_pool(places=1)], placements=full) is None


def test_a_case_whose_place_there_ends_takes_one_more_from_the_day_after() -> None:
    own = a_placement("case_1", last_day=date(2024, 12, 20))
    short = _shortage(a_wish("case_1"), [a_pool(places=1)], placements=[own, a_placement("case_2")])
    assert short == Shortage(date(2024, 12, 21), 1, 1, "pool_A")


def test_places_that_will_be_fewer_are_counted_on_the_day_they_are() -> None:
    pool = a_pool(numbers=(PlacesFrom(LONG_AGO, 2), PlacesFrom(NEXT_YEAR, 1)))
    here = [an_offer("case_2")]
    assert _shortage(a_wish(), [pool], here) == Shortage(NEXT_YEAR, 1, 1, "pool_A")
    assert _shortage(a_wish(last_day=NEXT_YEAR - timedelta(days=1)), [pool], here) is None


def test_a_planned_change_that_is_not_certain_takes_no_place_away() -> None:
    pool = a_pool(numbers=(PlacesFrom(LONG_AGO, 1), PlacesFrom(NEXT_YEAR, 0, confirmed=False)))
    assert _shortage(a_wish(), [pool]) is None


def test_an_offer_that_begins_later_keeps_its_place() -> None:
    later = [an_offer("case_2", first_day=NEXT_YEAR)]
    assert _shortage(a_wish(), [a_pool(places=1)], later) == Shortage(NEXT_YEAR, 1, 1, "pool_A")


def test_a_placement_named_from_a_later_day_keeps_its_place() -> None:
    later = [a_placement("case_2", pool_id="pool_A", first_day=NEXT_YEAR)]
    assert _shortage(a_wish(), [a_pool(places=1)], placements=later) == Shortage(NEXT_YEAR, 1, 1, "pool_A")


def test_a_groups_number_binds_each_of_its_pools() -> None:
    numbers = (PlacesFrom(LONG_AGO, 4, group_places=1),)
    low = a_pool("pool_LOW", group_id="group_G", numbers=numbers, year_group_low=0, year_group_high=6)
    high = a_pool("pool_HIGH", group_id="group_G", numbers=numbers)
    short = _shortage(a_wish(pool_id="pool_HIGH"), [low, high], [an_offer("case_2", "pool_LOW")])
    assert short == Shortage(FIRST_DAY, 1, 1, "group_G")


def test_a_pool_without_a_fixed_number_always_has_room() -> None:
    pool = a_pool(places=None, kind="further_education")
    assert _shortage(a_wish(), [pool], [an_offer(f"case_{at}") for at in range(2, 99)]) is None


def test_the_lowest_free_number_fills_gaps() -> None:
    assert [lowest_free(taken) for taken in ([], [1, 2], [2, 3], [1, 3])] == [1, 3, 1, 2]


DAYS = st.integers(0, 40).map(lambda at: FIRST_DAY + timedelta(days=at * 7))
"""All in one academic year, so that nobody moves up by age."""


@st.composite
def _offers(draw: st.DrawFn) -> list[Offer]:
    offers = []
    for at in range(draw(st.integers(0, 6))):
        first_day, length = draw(DAYS), draw(st.none() | st.integers(0, 100))
        last_day = None if length is None else first_day + timedelta(days=length)
        pool_id, state = draw(st.sampled_from(["pool_A", "pool_B"])), draw(st.sampled_from([OFFERED, CONFIRMED]))
        gives_up = draw(st.booleans())
        offers.append(
            an_offer(
                f"case_{at}", pool_id, first_day=first_day, last_day=last_day, state=state, gives_up_place=gives_up
            )
        )
    return offers


PLACEMENTS = st.lists(
    st.builds(
        a_placement,
        case_id=st.integers(0, 8).map("case_{}".format),
        pool_id=st.sampled_from(["", "pool_A", "pool_B"]),
        first_day=DAYS,
        last_day=st.none() | DAYS,
    ),
    max_size=5,
    unique_by=lambda placement: placement.case_id,
)
NUMBERS = st.dictionaries(DAYS, st.integers(0, 4), max_size=3).map(
    lambda later: tuple(
        PlacesFrom(day, places, group_places=5) for day, places in sorted([(LONG_AGO, 3), *later.items()])
    )
)
LENGTHS = st.none() | st.integers(0, 200)


@given(NUMBERS, NUMBERS, _offers(), PLACEMENTS, st.sampled_from(["case_new", "case_7", "case_8"]), DAYS, LENGTHS)
def test_the_days_looked_at_find_whatever_looking_at_every_day_finds(
    own: tuple[PlacesFrom, ...],
    others: tuple[PlacesFrom, ...],
    offers: list[Offer],
    placements: list[Placement],
    case_id: str,
    first_day: date,
    length: int | None,
) -> None:
    pools = [
        a_pool("pool_A", group_id="group_G", numbers=own),
        a_pool("pool_B", group_id="group_G", numbers=others, year_group_low=12, year_group_high=14),
    ]
    last_day = None if length is None else first_day + timedelta(days=length)
    wish, horizon = a_wish(case_id, first_day=first_day, last_day=last_day), first_day + timedelta(days=300)
    site, caps = Site(pools, placements, offers), caps_of(pools[0], pools)
    every_day = [
        first_day + timedelta(days=at) for at in range((min(last_day or horizon, horizon) - first_day).days + 1)
    ]
    every_day = [day for day in every_day if day < NEXT_YEAR]
    looked_at = [day for day in days_to_check(wish, caps, offers, placements) if day < NEXT_YEAR]
    assert find_shortage(case_id, caps, looked_at, site.held) == find_shortage(case_id, caps, every_day, site.held)


@given(NUMBERS, _offers(), PLACEMENTS)
def test_steps_say_of_each_day_what_counting_on_that_day_says(
    numbers: tuple[PlacesFrom, ...], offers: list[Offer], placements: list[Placement]
) -> None:
    pools = [a_pool("pool_A", group_id="group_G", numbers=numbers), a_pool("pool_B", urn=100002)]
    period = Period(FIRST_DAY - timedelta(days=400), FIRST_DAY + timedelta(days=400))
    site = Site(pools, placements, offers)
    steps = list(site.steps(pools[0], period))
    assert [step.day for step in steps] == sorted({step.day for step in steps})
    assert steps[0].day == period.first_day
    for at in range(0, 801, 3):
        day = period.first_day + timedelta(days=at)
        told = [step for step in steps if step.day <= day][-1]
        [counted] = site.steps(pools[0], Period(day, day))
        assert (told.commissioned, told.filled, told.offered, told.free) == (
            counted.commissioned,
            counted.filled,
            counted.offered,
            counted.free,
        )
