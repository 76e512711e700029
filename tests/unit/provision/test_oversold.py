"""When more places are promised than there are: one rule, one sentence. Each pool here has two places."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from services.provision.domain.occupancy import Placement
from services.provision.domain.offers import CONFIRMED, Offer
from services.provision.domain.oversold import Oversold, list_oversold
from services.provision.domain.pools import PlacePool, PlacesFrom
from services.provision.domain.timeline import Site
from tests.builders.provision import FIRST_DAY, LONG_AGO, a_placement, a_pool, an_offer

TODAY = FIRST_DAY - timedelta(days=100)
POOL = a_pool(places=2)


def _oversold(
    *offers: Offer, there: Sequence[Placement] = (), pools: Sequence[PlacePool] = (POOL,), today: date = TODAY
) -> list[Oversold]:
    return list_oversold(Site(pools, there, offers), today)


def test_two_offers_of_two_places_are_sound() -> None:
    assert _oversold(an_offer("case_1"), an_offer("case_2")) == []


def test_a_third_offer_of_two_places_is_one_too_many_whether_or_not_it_is_confirmed() -> None:
    two = an_offer("case_1"), an_offer("case_2", state=CONFIRMED)
    assert _oversold(*two, an_offer("case_3")) == [Oversold("pool_A", 1)]
    assert _oversold(*two, an_offer("case_3", state=CONFIRMED)) == [Oversold("pool_A", 1)]


def test_a_place_named_over_number_is_no_oversale() -> None:
    assert _oversold(an_offer("case_1"), an_offer("case_2"), an_offer("case_3", over_number=True)) == []


def test_children_who_were_there_before_oversell_nothing_alone_but_leave_no_place_to_promise() -> None:
    there = [a_placement(f"case_there_{at}") for at in range(3)]
    assert _oversold(there=there) == []
    assert _oversold(an_offer("case_1"), there=there) == [Oversold("pool_A", 1)]


def test_offers_that_do_not_meet_on_any_day_share_a_place() -> None:
    first = [an_offer(f"case_{at}", last_day=FIRST_DAY + timedelta(days=10)) for at in (1, 2)]
    after = [an_offer(f"case_{at}", first_day=FIRST_DAY + timedelta(days=11)) for at in (3, 4)]
    assert _oversold(*first, *after) == []


def test_places_that_are_to_be_fewer_are_counted_on_the_day_they_are() -> None:
    fewer = a_pool(numbers=(PlacesFrom(LONG_AGO, 2), PlacesFrom(date(2025, 9, 1), 1)))
    assert _oversold(an_offer("case_1"), an_offer("case_2"), pools=[fewer]) == [Oversold("pool_A", 1)]


def test_a_group_is_counted_together() -> None:
    numbers = (PlacesFrom(LONG_AGO, 2, group_places=2),)
    pools = [
        a_pool("pool_A", group_id="group_G", numbers=numbers),
        a_pool("pool_B", group_id="group_G", numbers=numbers),
    ]
    offers = an_offer("case_1"), an_offer("case_2", "pool_B"), an_offer("case_3", "pool_B")
    assert _oversold(*offers, pools=pools) == [Oversold("group_G", 1)]


def test_a_pool_without_a_fixed_number_is_never_oversold() -> None:
    assert _oversold(*(an_offer(f"case_{at}") for at in range(5)), pools=[a_pool(places=None)]) == []


def test_what_is_past_is_not_counted() -> None:
    past = [an_offer(f"case_{at}", last_day=FIRST_DAY + timedelta(days=10)) for at in range(3)]
    assert _oversold(*past, today=FIRST_DAY) == [Oversold("pool_A", 1)]
    assert _oversold(*past, today=FIRST_DAY + timedelta(days=11)) == []
