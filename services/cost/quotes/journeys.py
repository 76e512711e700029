"""Travel of every pair: the rules and fares of single children, gathered by index.

Each child belongs to one of a few classes of travellers. For a class, eligibility depends on the walking route alone,
and only on whether it is unknown, within the walking distance or beyond: three answers, given by the rules themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.cost.quotes.columns import Children
from services.cost.transport.eligibility import TravelEligibility, Traveller, judge, walking_distance_metres
from services.cost.transport.fares import Fares


@dataclass(frozen=True, eq=False)
class JudgedTravel:
    """Eligibility of every pair: an index (uint8) into `eligibilities`, those that occur, and whether it is paid."""

    index: NDArray[np.uint8]
    eligibilities: Sequence[TravelEligibility]
    paid: NDArray[np.bool_]


def judge_pairs(
    children: Children, child_at: NDArray[np.int32], walking_metres: NDArray[np.int32], *, post_16_travel_paid: bool
) -> JudgedTravel:
    """Judge every pair by `eligibility.judge`."""
    walks = map(_cannot_walk, children.wheelchair, children.assistant, children.solo)
    travellers = list(map(Traveller, map(_year_class, children.year_group), map(_age_class, children.age_years), walks))
    classes = {traveller: at for at, traveller in enumerate(dict.fromkeys(travellers))}
    class_of_child = np.array([classes[traveller] for traveller in travellers], np.int32)
    limits = np.array([walking_distance_metres(traveller.age_years) for traveller in classes], np.int32)
    said: dict[TravelEligibility, int] = {}
    table = np.array(
        [
            [said.setdefault(judge(t, metres, post_16_travel_paid=post_16_travel_paid), len(said)) for metres in cases]
            for t in classes
            for cases in [(None, walking_distance_metres(t.age_years), walking_distance_metres(t.age_years) + 1)]
        ],
        np.uint8,
    ).reshape(-1)
    class_at = class_of_child[child_at]
    route = (walking_metres >= 0).astype(np.int32) + (walking_metres > limits[class_at])
    return _only_those_that_occur(table[class_at * 3 + route], list(said))


def _cannot_walk(wheelchair: bool, assistant: bool, solo: bool) -> bool:
    return wheelchair or assistant or solo


def _year_class(year_group: int) -> int:
    """A year group for which the rules say the same: nursery -1, school 0, after Year 11 12."""
    return -1 if year_group < 0 else 0 if year_group <= 11 else 12


def _age_class(age_years: int) -> int:
    """An age for which the rules say the same: 4, 7 or 8."""
    return 4 if age_years < 5 else 7 if age_years < 8 else 8


def _only_those_that_occur(index: NDArray[np.uint8], eligibilities: Sequence[TravelEligibility]) -> JudgedTravel:
    occurring = np.flatnonzero(np.bincount(index, minlength=len(eligibilities))).tolist()
    renumbered = np.zeros(len(eligibilities), np.uint8)
    renumbered[occurring] = np.arange(len(occurring))
    paid = np.array([found.travel_paid for found in eligibilities], bool)
    return JudgedTravel(renumbered[index], [eligibilities[at] for at in occurring], paid[index])


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
