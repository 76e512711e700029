"""Travel of every pair: the rules and fares of single children, gathered by index.

Children of one year group, age and mobility are judged alike. Their eligibility depends on the walking route alone: on
whether it is unknown, within the walking distance or beyond, and on whether a nearer setting would do. These are twelve
answers, given by the rules themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from services.cost.quotes.columns import Children, Pairs
from services.cost.transport.eligibility import (
    Nearness,
    TravelEligibility,
    Traveller,
    judge,
    walking_distance_metres,
)
from services.cost.transport.fares import Fares

ROUTES = 3
"""Route unknown, within the walking distance, beyond it."""
ANSWERS = ROUTES * len(Nearness)
OPEN, ASKED_FOR = 1, 2
"""Bits of a pair's flags: every rule is met and a place is free; the family asked for the setting."""
FAR = np.iinfo(np.int32).max


@dataclass(frozen=True, eq=False)
class JudgedTravel:
    """Eligibility of every pair: an index (uint8) into `eligibilities`, those that occur, and whether it is paid."""

    index: NDArray[np.uint8]
    eligibilities: Sequence[TravelEligibility]
    paid: NDArray[np.bool_]


def judge_pairs(
    children: Children, pairs: Pairs, walking_metres: NDArray[np.int32], *, post_16_travel_paid: bool
) -> JudgedTravel:
    """Judge every pair by `eligibility.judge`."""
    child_at = pairs.child_at
    facts = list(zip(children.year_group, children.age_years, _cannot_walk(children), strict=True))
    classes = {fact: at for at, fact in enumerate(dict.fromkeys(facts))}
    class_at = np.array([classes[fact] for fact in facts], np.int32)[child_at]
    travellers = [Traveller(*fact) for fact in classes]
    limits = [walking_distance_metres(traveller.age_years) for traveller in travellers]
    said = [found for traveller in travellers for found in _answers(traveller, post_16_travel_paid)]
    beyond = walking_metres > np.array(limits, np.int32)[class_at]
    which = class_at * ANSWERS + (walking_metres >= 0) + beyond
    if pairs.flags is not None:
        which += ROUTES * find_nearness(pairs, pairs.flags, walking_metres, len(facts))
    return _only_those_that_occur(which, said)


@lru_cache(maxsize=4096)
def _answers(traveller: Traveller, post_16_travel_paid: bool) -> tuple[TravelEligibility, ...]:
    """All that is ever said of children who are alike: by nearness, and then by route."""
    limit = walking_distance_metres(traveller.age_years)
    return tuple(
        judge(traveller, route, nearness, post_16_travel_paid=post_16_travel_paid)
        for nearness in Nearness
        for route in (None, limit, limit + 1)
    )


def find_nearness(
    pairs: Pairs, flags: NDArray[np.uint8], walking_metres: NDArray[np.int32], children: int
) -> NDArray[np.int32]:
    """Of every pair, as `Nearness`: whether a setting quoted for its child, open and with a free place, is nearer."""
    nearest = np.full(children, FAR, np.int32)
    would_do = (flags & OPEN > 0) & (walking_metres >= 0)
    np.minimum.at(nearest, pairs.child_at[would_do], walking_metres[would_do])
    further = np.where(flags & ASKED_FOR, Nearness.FAMILY_GOES_FURTHER, Nearness.AUTHORITY_GOES_FURTHER)
    return np.where(nearest[pairs.child_at] < walking_metres, further, Nearness.NEAREST).astype(np.int32)


def _cannot_walk(children: Children) -> Iterator[bool]:
    return map(any, zip(children.wheelchair, children.assistant, children.solo, strict=True))


def _only_those_that_occur(which: NDArray[np.int32], said: Sequence[TravelEligibility]) -> JudgedTravel:
    """`which` points into `said`, which repeats itself; the result does not, and keeps what some pair needs."""
    occurring = np.flatnonzero(np.bincount(which, minlength=len(said))).tolist()
    places = {found: at for at, found in enumerate(dict.fromkeys(said[at] for at in occurring))}
    renumbered = np.array([places.get(found, 0) for found in said], np.uint8)
    paid = np.array([found.travel_paid for found in said], bool)
    return JudgedTravel(renumbered[which], list(places), paid[which])


@dataclass(frozen=True, eq=False)
class FarePositions:
    """Which fare each pair pays: its distance band, and what its child needs in a vehicle."""

    band: NDArray[np.intp]
    solo: NDArray[np.bool_]
    wheelchair: NDArray[np.bool_]
    assistant: NDArray[np.bool_]


def find_fares(
    fares: Fares, children: Children, child_at: NDArray[np.int32], metres: NDArray[np.int32]
) -> FarePositions:
    """The fares of every pair. A journey of unknown length stands in the first band; it is never paid."""
    begins = np.array([band.minimum_metres for band in fares.bands[1:]], np.int32)
    flags = (np.array(flag, bool)[child_at] for flag in (children.solo, children.wheelchair, children.assistant))
    return FarePositions(np.searchsorted(begins, metres, side="right"), *flags)
