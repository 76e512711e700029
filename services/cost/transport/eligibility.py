"""Who is owed free travel to school: one sentence and one function a rule, tried in this order.

1. not_known        Where the home or the setting is unknown, nothing can be priced and a person must decide.
2. under_age        A child below Reception and under five is under compulsory school age; nothing is owed by statute.
3. post_16_policy   After Year 11 the authority's own policy decides; assumed to pay where it would for a younger child.
4. beyond_distance  Beyond two miles under eight, or three miles from eight on, travel is free.
5. special_needs    Inside that distance, travel is free where needs or mobility make walking unreasonable.
6. within_distance  Inside that distance otherwise, nothing is owed.

Basis: Education Act 1996 s.508B and Sch 35B para 6 (rule 4) and para 2 (rule 5), s.444(5) for the distances, s.8
(rule 2), s.509AA (rule 3). What the service does not know and so leaves to people: low income (Sch 35B paras 9-13),
unsafe routes (para 4), nearer suitable schools, and children who reach five during Reception (here owed from its
start). Distances are of the shortest walking route. 1 mile is 1,609.344 metres.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

METRES_PER_MILE = 1609.344
MILES_UNDER_EIGHT, MILES_FROM_EIGHT = 2, 3


@dataclass(frozen=True, slots=True)
class Traveller:
    """What the rules ask of a child: year group and age on the first day, and whether walking is unreasonable.

    `cannot_walk`: the child travels in a wheelchair, needs a passenger assistant or cannot share a vehicle.
    """

    year_group: int
    age_years: int
    cannot_walk: bool


@dataclass(frozen=True, slots=True)
class TravelEligibility:
    """What a rule says: its code, whether the quote pays, whether a person must decide, and one plain sentence."""

    code: str
    travel_paid: bool
    needs_judgement: bool
    reason: str


def judge(traveller: Traveller, walking_metres: int | None, *, post_16_travel_paid: bool) -> TravelEligibility:
    """What the first rule that applies says. `walking_metres` None: home or setting unknown."""
    rules: tuple[Callable[[], TravelEligibility | None], ...] = (
        lambda: not_known(walking_metres),
        lambda: under_age(traveller),
        lambda: post_16_policy(traveller, walking_metres or 0, post_16_travel_paid),
        lambda: beyond_distance(traveller, walking_metres or 0),
        lambda: special_needs(traveller),
    )
    return next((said for rule in rules if (said := rule()) is not None), within_distance(traveller))


def walking_distance_metres(age_years: int) -> int:
    """The longest route in whole metres that a child is expected to walk: 3,218 under eight, 4,828 from eight on."""
    miles = MILES_UNDER_EIGHT if age_years < 8 else MILES_FROM_EIGHT
    return int(miles * METRES_PER_MILE)


def not_known(walking_metres: int | None) -> TravelEligibility | None:
    """Where the home or the setting is unknown, nothing can be priced and a person must decide."""
    if walking_metres is not None:
        return None
    reason = "The home's or the setting's place is not known, so travel is neither judged nor priced."
    return TravelEligibility("not_known", travel_paid=False, needs_judgement=True, reason=reason)


def under_age(traveller: Traveller) -> TravelEligibility | None:
    """A child below Reception and under five is under compulsory school age; nothing is owed by statute (s.8)."""
    if traveller.age_years >= 5 or traveller.year_group >= 0:
        return None
    reason = "Under compulsory school age, so no travel is owed by statute; the authority may choose to pay."
    return TravelEligibility("under_age", travel_paid=False, needs_judgement=True, reason=reason)


def post_16_policy(traveller: Traveller, walking_metres: int, paid: bool) -> TravelEligibility | None:
    """After Year 11 the authority's own policy decides (s.509AA); assumed to pay where it would for a younger child."""
    if traveller.year_group <= 11:
        return None
    owed = traveller.cannot_walk or walking_metres > walking_distance_metres(traveller.age_years)
    assumed = "paid for" if paid and owed else "not paid for"
    reason = f"After Year 11 the authority's own travel policy decides; this quote assumes that travel is {assumed}."
    return TravelEligibility("post_16_policy", travel_paid=paid and owed, needs_judgement=True, reason=reason)


def beyond_distance(traveller: Traveller, walking_metres: int) -> TravelEligibility | None:
    """Beyond two miles under eight, or three miles from eight on, travel is free (Sch 35B para 6, s.444(5))."""
    if walking_metres <= walking_distance_metres(traveller.age_years):
        return None
    reason = (
        f"The route is longer than {_walk(traveller)}, so travel is owed unless a nearer suitable setting has a place."
    )
    return TravelEligibility("beyond_distance", travel_paid=True, needs_judgement=False, reason=reason)


def special_needs(traveller: Traveller) -> TravelEligibility | None:
    """Inside that distance, travel is free where needs or mobility make walking unreasonable (Sch 35B para 2)."""
    if not traveller.cannot_walk:
        return None
    reason = (
        f"The route is within {_walk(traveller)}, but needs or mobility make walking unreasonable, so travel is owed."
    )
    return TravelEligibility("special_needs", travel_paid=True, needs_judgement=False, reason=reason)


def within_distance(traveller: Traveller) -> TravelEligibility:
    """Inside that distance otherwise, nothing is owed."""
    reason = f"The route is within {_walk(traveller)} and nothing recorded makes walking it unreasonable."
    return TravelEligibility("within_distance", travel_paid=False, needs_judgement=False, reason=reason)


def _walk(traveller: Traveller) -> str:
    young = traveller.age_years < 8
    return "2 miles, the walking distance under age 8" if young else "3 miles, the walking distance from age 8"
