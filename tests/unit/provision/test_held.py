"""Who holds the places on a day: one rule, one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from services.provision.domain.held import Held, held_on, together
from services.provision.domain.occupancy import Placement, end_where_named, find_seats
from services.provision.domain.offers import CONFIRMED, Offer
from services.provision.domain.pools import PlacePool
from tests.builders.provision import FIRST_DAY, LONG_AGO, a_placement, a_pool, an_offer

HERE, THERE = a_pool("pool_A"), a_pool("pool_B", urn=100002)
DAY_BEFORE = FIRST_DAY - timedelta(days=1)
LATER = date(2025, 3, 3)


def _held(
    placements: Sequence[Placement] = (),
    offers: Sequence[Offer] = (),
    day: date = FIRST_DAY,
    pools: Sequence[PlacePool] = (HERE, THERE),
) -> dict[str, tuple[set[str], set[str]]]:
    """Filled and offered by pool, without the pools where nobody is."""
    found = held_on(day, find_seats(end_where_named(placements), pools, day), offers)
    return {pool: (set(held.filled), set(held.offered)) for pool, held in found.items() if held.everybody}


def test_an_offer_holds_a_place_from_its_first_day_to_its_last() -> None:
    offer = an_offer(last_day=LATER)
    assert _held(offers=[offer], day=DAY_BEFORE) == {}
    assert _held(offers=[offer]) == _held(offers=[offer], day=LATER) == {"pool_A": (set(), {"case_1"})}
    assert _held(offers=[offer], day=LATER + timedelta(days=1)) == {}


def test_a_confirmed_place_is_filled() -> None:
    assert _held(offers=[an_offer(state=CONFIRMED)]) == {"pool_A": ({"case_1"}, set())}


def test_an_offer_alone_leaves_the_present_place_counted() -> None:
    found = _held([a_placement()], [an_offer(pool_id="pool_B")])
    assert found == {"pool_A": ({"case_1"}, set()), "pool_B": (set(), {"case_1"})}


def test_a_phase_transfers_offer_gives_the_present_place_up_from_its_first_day() -> None:
    offer = an_offer(pool_id="pool_B", gives_up_place=True)
    assert _held([a_placement()], [offer]) == {"pool_B": (set(), {"case_1"})}
    assert _held([a_placement()], [offer], DAY_BEFORE) == {"pool_A": ({"case_1"}, set())}


def test_a_case_with_a_confirmed_place_counts_nowhere_else_from_its_first_day() -> None:
    offer = an_offer(pool_id="pool_B", state=CONFIRMED, last_day=LATER)
    assert _held([a_placement()], [offer], DAY_BEFORE) == {"pool_A": ({"case_1"}, set())}
    assert _held([a_placement()], [offer]) == {"pool_B": ({"case_1"}, set())}
    assert _held([a_placement()], [offer], LATER + timedelta(days=1)) == {}


def test_a_case_that_is_offered_the_place_it_holds_is_counted_once() -> None:
    assert _held([a_placement()], [an_offer()]) == {"pool_A": ({"case_1"}, set())}
    assert _held([a_placement()], [an_offer(state=CONFIRMED)]) == {"pool_A": ({"case_1"}, set())}


def test_a_placement_that_a_decision_named_is_in_its_pool_from_its_first_day() -> None:
    named = a_placement(urn=100002, pool_id="pool_B", first_day=FIRST_DAY)
    assert _held([named], day=DAY_BEFORE) == {}
    assert _held([named]) == {"pool_B": ({"case_1"}, set())}


def test_a_named_placement_ends_the_one_before_it() -> None:
    both = [a_placement(), a_placement(urn=100002, pool_id="pool_B", first_day=FIRST_DAY)]
    assert _held(both, day=DAY_BEFORE) == {"pool_A": ({"case_1"}, set())}
    assert _held(both) == {"pool_B": ({"case_1"}, set())}


def test_of_two_named_placements_the_later_counts_from_its_day() -> None:
    first = a_placement(pool_id="pool_A", first_day=LONG_AGO)
    both = [a_placement(urn=100002, pool_id="pool_B", first_day=FIRST_DAY), first]
    assert _held(both, day=DAY_BEFORE) == {"pool_A": ({"case_1"}, set())}
    assert _held(both) == {"pool_B": ({"case_1"}, set())}


def test_the_returns_own_row_of_a_named_placement_counts_once() -> None:
    both = [a_placement(first_day=FIRST_DAY), a_placement(pool_id="pool_A", first_day=FIRST_DAY)]
    assert end_where_named(both) == (both[1],)


def test_a_named_placement_whose_pool_is_outgrown_or_over_has_been_left() -> None:
    for gone in (a_placement(year_group=12, pool_id="pool_A"), a_placement(pool_id="pool_A", last_day=DAY_BEFORE)):
        seating = find_seats([gone], [HERE], FIRST_DAY)
        assert (dict(seating.held), seating.leaving["pool_A"]) == ({}, 1)


def test_a_named_high_needs_unit_holds_its_child() -> None:
    unit = a_pool("pool_HN", kind="hn_unit")
    assert _held([a_placement(pool_id="pool_HN")], pools=[unit]) == {"pool_HN": ({"case_1"}, set())}


def test_a_child_of_whom_nobody_knows_the_pool_makes_room_for_those_who_are_offered_one() -> None:
    pools = [a_pool("pool_A", 1, needs=("ASD",)), a_pool("pool_B", 1, needs=("SLCN",))]
    for offered, other in (("pool_A", "pool_B"), ("pool_B", "pool_A")):
        found = _held([a_placement("case_stray")], [an_offer("case_2", offered)], pools=pools)
        assert found == {offered: (set(), {"case_2"}), other: ({"case_stray"}, set())}


def test_places_over_number_stay_marked_while_caseload_counts_them() -> None:
    def marked(*placements: Placement, **facts: Any) -> int:
        offer = an_offer(over_number=True, **facts)
        return held_on(FIRST_DAY, find_seats(placements, [HERE], FIRST_DAY), [offer]).get("pool_A", Held()).over_number

    named = a_placement(pool_id="pool_A", first_day=FIRST_DAY)
    assert marked() == marked(state=CONFIRMED) == marked(named, state=CONFIRMED, handed_over=1) == 1
    assert marked(state=CONFIRMED, handed_over=1) == 0


def test_pools_counted_together_have_each_case_once() -> None:
    one = Held(frozenset({"case_1", "case_2"}), frozenset({"case_3"}), over_number=1)
    other = Held(frozenset({"case_3"}), frozenset({"case_4"}), gone=2)
    both = together({"pool_A": one, "pool_B": other}, ["pool_A", "pool_B", "pool_C"])
    assert (len(both.filled), set(both.offered), both.over_number, both.gone) == (3, {"case_4"}, 1, 2)
