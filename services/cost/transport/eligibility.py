"""Who is owed free travel to school: one sentence and one function a rule, tried in this order.

1. not_known        Where the home or the setting is unknown, nothing can be priced and a person must decide.
2. under_age        A child below Reception and under five is under compulsory school age; nothing is owed by statute.
3. post_16_policy   After Year 11 the authority's own policy decides; assumed to pay where it would for a younger child.
4. parental_choice  Where the family asked for the setting and a nearer suitable one has a free place, travel that would
                    be owed may be left to the family by naming the setting on that condition; a person must decide.
5. beyond_distance  Beyond two miles under eight, or three miles from eight on, travel is free.
6. special_needs    Inside that distance, travel is free where needs or mobility make walking unreasonable.
7. within_distance  Inside that distance otherwise, nothing is owed.

Basis: Education Act 1996 s.508B and Sch 35B para 6 (rule 5) and para 2 (rule 6), s.444(5) for the distances, s.8
(rule 2), s.509AA (rule 3); for rule 4 also Children and Families Act 2014 s.39 and S v Dudley MBC [2012] EWCA Civ 346.
What the service does not know and so leaves to people: low income (Sch 35B paras 9-13), unsafe routes (para 4), and
children who reach five during Reception (here owed from its start). Distances, and which setting is nearer, are of the
shortest walking route. 1 mile is 1,609.344 metres. Decision 35 says which of this was read and which is from memory.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

METRES_PER_MILE = 1609.344
MILES_UNDER_EIGHT, MILES_FROM_EIGHT = 2, 3


SCHEDULE = "Education Act 1996 Sch 35B"


class Nearness(IntEnum):
    """What the quote knows of nearer settings that meet every rule and have a free place; distances are on foot."""

    NOT_KNOWN = 0
    """Nobody said which settings those are."""
    NEAREST = 1
    """None of them is nearer."""
    AUTHORITY_GOES_FURTHER = 2
    """One is nearer, and the family did not ask for this one."""
    FAMILY_GOES_FURTHER = 3
    """One is nearer, and the family asked for this one."""


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
    """What a rule says: its code, whether the quote pays, whether a person must decide, why, and by which law."""

    code: str
    travel_paid: bool
    needs_judgement: bool
    reason: str
    legal_basis: str


def judge(
    traveller: Traveller,
    walking_metres: int | None,
    nearness: Nearness = Nearness.NOT_KNOWN,
    *,
    post_16_travel_paid: bool,
) -> TravelEligibility:
    """What the first rule that applies says. `walking_metres` None: home or setting unknown."""
    rules: tuple[Callable[[], TravelEligibility | None], ...] = (
        lambda: not_known(walking_metres),
        lambda: under_age(traveller),
        lambda: post_16_policy(traveller, walking_metres or 0, post_16_travel_paid),
        lambda: parental_choice(traveller, walking_metres or 0, nearness),
        lambda: beyond_distance(traveller, walking_metres or 0, nearness),
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
    return TravelEligibility("not_known", False, True, reason, "Education Act 1996 s.508B")


def under_age(traveller: Traveller) -> TravelEligibility | None:
    """A child below Reception and under five is under compulsory school age; nothing is owed by statute (s.8)."""
    if traveller.age_years >= 5 or traveller.year_group >= 0:
        return None
    reason = "Under compulsory school age, so no travel is owed by statute; the authority may choose to pay."
    return TravelEligibility("under_age", False, True, reason, f"Education Act 1996 s.8; {SCHEDULE}")


def post_16_policy(traveller: Traveller, walking_metres: int, paid: bool) -> TravelEligibility | None:
    """After Year 11 the authority's own policy decides (s.509AA); assumed to pay where it would for a younger child."""
    if traveller.year_group <= 11:
        return None
    owed = _would_be_owed(traveller, walking_metres)
    assumed = "paid for" if paid and owed else "not paid for"
    near = ", as for a younger child within the walking distance" if paid and not owed else ""
    reason = f"After Year 11 the authority's own travel policy decides; travel is assumed to be {assumed}{near}."
    return TravelEligibility("post_16_policy", paid and owed, True, reason, "Education Act 1996 s.509AA")


def parental_choice(traveller: Traveller, walking_metres: int, nearness: Nearness) -> TravelEligibility | None:
    """Where the family asked and a nearer suitable setting has a free place, travel may be left to the family (s.39).

    It may be only where both settings are suitable and the nearer would take the child; whether paying for travel would
    then be incompatible with the efficient use of resources is for the panel (S v Dudley). So the quote pays, and says
    what it would come to if not.
    """
    if nearness != Nearness.FAMILY_GOES_FURTHER or not _would_be_owed(traveller, walking_metres):
        return None
    reason = (
        "The family asked for this setting and a nearer one that meets every rule has a free place, so the panel may "
        "name this one on the condition that the family sees to travel; this quote assumes that the authority pays, "
        "and without travel it is less by the transport lines."
    )
    basis = f"{SCHEDULE} paras 2(c) and 6; Children and Families Act 2014 s.39; S v Dudley MBC [2012] EWCA Civ 346"
    return TravelEligibility("parental_choice", True, True, reason, basis)


def beyond_distance(
    traveller: Traveller, walking_metres: int, nearness: Nearness = Nearness.NOT_KNOWN
) -> TravelEligibility | None:
    """Beyond two miles under eight, or three miles from eight on, travel is free (Sch 35B para 6, s.444(5))."""
    if walking_metres <= walking_distance_metres(traveller.age_years):
        return None
    reason = f"The route is longer than {_walk(traveller)}, {_OWED_BEYOND[nearness]}."
    return TravelEligibility("beyond_distance", True, False, reason, f"{SCHEDULE} para 6; s.444(5)")


_OWED_BEYOND = {
    Nearness.NOT_KNOWN: "so travel is owed unless a nearer suitable setting has a place",
    Nearness.NEAREST: "and no nearer setting that meets every rule has a free place, so travel is owed",
    Nearness.AUTHORITY_GOES_FURTHER: "and the family did not choose it over a nearer one, so travel is owed",
    Nearness.FAMILY_GOES_FURTHER: "so travel is owed unless a nearer suitable setting has a place",
}


def special_needs(traveller: Traveller) -> TravelEligibility | None:
    """Inside that distance, travel is free where needs or mobility make walking unreasonable (Sch 35B para 2)."""
    if not traveller.cannot_walk:
        return None
    reason = (
        f"The route is within {_walk(traveller)}, but needs or mobility make walking unreasonable, so travel is owed."
    )
    return TravelEligibility("special_needs", True, False, reason, f"{SCHEDULE} para 2")


def within_distance(traveller: Traveller) -> TravelEligibility:
    """Inside that distance otherwise, nothing is owed."""
    reason = f"The route is within {_walk(traveller)} and nothing recorded makes walking it unreasonable."
    return TravelEligibility("within_distance", False, False, reason, f"{SCHEDULE}; s.444(5)")


def _would_be_owed(traveller: Traveller, walking_metres: int) -> bool:
    """Whether a child of compulsory school age would travel free to the nearest suitable setting."""
    return traveller.cannot_walk or walking_metres > walking_distance_metres(traveller.age_years)


def _walk(traveller: Traveller) -> str:
    young = traveller.age_years < 8
    return "2 miles, the walking distance under age 8" if young else "3 miles, the walking distance from age 8"
