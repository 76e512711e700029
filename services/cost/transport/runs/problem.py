"""What runs are planned from: vehicle types, children, settings and the legs between them. Checked when built.

A problem is one group of settings near each other (`grouping.py`) with the children who travel to them. Money is whole
pence a school day, both ways; a year is that times the days of transport. Only the morning is planned: the afternoon
is taken to be the same run backwards, in the same minutes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

LARGEST_PENCE = 10**7
LARGEST_SEATS = 100
LARGEST_METRES = 2_000_000
DAY_MINUTES = 1_440


@dataclass(frozen=True)
class VehicleType:
    """Vehicles of one kind that can be hired, as many as are wanted.

    Parameters
    ----------
    name
        The authority's name for it.
    seats
        For passengers, a passenger assistant among them; 1 to 100.
    wheelchair_places
        Besides the seats; 0 to 100.
    pence_per_day
        The vehicle with its driver, both ways, its way to the first child included.
    pence_per_km
        A kilometre with children aboard.
    """

    name: str
    seats: int
    wheelchair_places: int
    pence_per_day: int
    pence_per_km: int

    def __post_init__(self) -> None:
        _expect(1 <= self.seats <= LARGEST_SEATS, "seats: must be from 1 to 100.")
        _expect(0 <= self.wheelchair_places <= LARGEST_SEATS, "wheelchair_places: must be from 0 to 100.")
        for name in ("pence_per_day", "pence_per_km"):
            _expect(0 <= getattr(self, name) <= LARGEST_PENCE, f"{name}: must be from 0 to {LARGEST_PENCE:,}.")


@dataclass(frozen=True)
class Fleet:
    """The vehicle types that may be hired, and what a passenger assistant costs a school day, both ways."""

    vehicle_types: tuple[VehicleType, ...]
    assistant_pence_per_day: int

    def __post_init__(self) -> None:
        names = [vehicle.name for vehicle in self.vehicle_types]
        _expect(bool(names), "vehicle_types: at least one is needed.")
        _expect(len(set(names)) == len(names), "vehicle_types: a name may appear only once.")
        _expect(
            0 <= self.assistant_pence_per_day <= LARGEST_PENCE,
            f"assistant_pence_per_day: must be from 0 to {LARGEST_PENCE:,}.",
        )


@dataclass(frozen=True, eq=False)
class Travellers:
    """N children and what their travel asks for.

    Parameters
    ----------
    ids
        N ids, all different. They decide between runs that are otherwise level, and nothing else.
    wheelchair, assistant, solo
        bool[N]: travels in a wheelchair (and takes no seat), needs a passenger assistant, cannot share a vehicle.
    guide_minutes
        int64[N]: how long a ride ought to be at most, 1 or more. Where the direct drive alone is longer, that is the
        limit instead.
    boarding_minutes
        int64[N]: how long the vehicle stands at the child's home, 0 or more.
    """

    ids: tuple[str, ...]
    wheelchair: BoolArray
    assistant: BoolArray
    solo: BoolArray
    guide_minutes: IntArray
    boarding_minutes: IntArray

    def __post_init__(self) -> None:
        _expect(len(set(self.ids)) == len(self.ids), "ids: an id may appear only once.")
        for name in ("wheelchair", "assistant", "solo", "guide_minutes", "boarding_minutes"):
            check_shape(name, getattr(self, name), (len(self.ids),))
        check_range("guide_minutes", self.guide_minutes, 1, DAY_MINUTES)
        check_range("boarding_minutes", self.boarding_minutes, 0, 60)

    @property
    def count(self) -> int:
        """N."""
        return len(self.ids)

    def at(self, rows: IntArray | Sequence[int]) -> Travellers:
        """These of them, in this order."""
        index = np.asarray(rows, dtype=np.int64)
        return Travellers(
            tuple(self.ids[row] for row in index.tolist()),
            self.wheelchair[index],
            self.assistant[index],
            self.solo[index],
            self.guide_minutes[index],
            self.boarding_minutes[index],
        )


@dataclass(frozen=True, eq=False)
class Legs:
    """int64[A, B] each: metres by road, and minutes of driving, from every one of A points to every one of B.

    Every leg is known: 0 to 2,000,000 metres, 0 to 1,440 minutes. Minutes are for a leg between two stops, without any
    allowance for getting ready: a run adds legs up.
    """

    metres: IntArray
    minutes: IntArray

    def __post_init__(self) -> None:
        check_shape("minutes", self.minutes, self.metres.shape)
        check_range("metres", self.metres, 0, LARGEST_METRES)
        check_range("minutes", self.minutes, 0, DAY_MINUTES)


@dataclass(frozen=True, eq=False)
class RunsProblem:
    """D settings near each other and the N children who travel to them.

    Parameters
    ----------
    fleet
        What may be hired.
    destination_ids
        D ids of settings (URN), all different; 1 to 3 of them.
    bell_minutes
        int64[D]: when each setting's day begins, minutes after midnight. Nobody is set down later.
    travellers
        The children.
    destination
        int64[N] in 0 to D - 1: where each child goes.
    legs
        [D + N, D + N] in the morning's direction: the settings first, then each child's home.
    apart
        Pairs of traveller ids who cannot share a vehicle; ids that do not travel here are ignored.
    set_down_early_minutes
        How long before its bell a child may be set down; 0 to 120.
    """

    fleet: Fleet
    destination_ids: tuple[int, ...]
    bell_minutes: IntArray
    travellers: Travellers
    destination: IntArray
    legs: Legs
    apart: frozenset[tuple[str, str]] = frozenset()
    set_down_early_minutes: int = 10

    def __post_init__(self) -> None:
        settings, children = self.setting_count, self.travellers.count
        _expect(1 <= settings <= MOST_SETTINGS, f"destination_ids: a group has 1 to {MOST_SETTINGS} settings.")
        _expect(len(set(self.destination_ids)) == settings, "destination_ids: an id may appear only once.")
        check_shape("bell_minutes", self.bell_minutes, (settings,))
        check_range("bell_minutes", self.bell_minutes, 0, DAY_MINUTES - 1)
        check_shape("destination", self.destination, (children,))
        check_range("destination", self.destination, 0, settings - 1)
        check_shape("legs", self.legs.metres, (settings + children, settings + children))
        _expect(all(one != other for one, other in self.apart), "apart: a child cannot be apart from itself.")
        _expect(0 <= self.set_down_early_minutes <= 120, "set_down_early_minutes: must be from 0 to 120.")

    @property
    def setting_count(self) -> int:
        """D."""
        return len(self.destination_ids)

    @cached_property
    def home(self) -> IntArray:
        """int64[N]: each child's row in `legs`."""
        return self.setting_count + np.arange(self.travellers.count)

    @cached_property
    def direct_minutes(self) -> IntArray:
        """int64[N]: the drive from home to the setting with nobody else aboard."""
        found: IntArray = self.legs.minutes[self.home, self.destination]
        return found

    @cached_property
    def limit_minutes(self) -> IntArray:
        """int64[N]: the most that a ride may be: the guide, or the direct drive where that alone is longer."""
        found: IntArray = np.maximum(self.travellers.guide_minutes, self.direct_minutes)
        return found


MOST_SETTINGS = 3
"""Settings that one group may have: all of them may then be on one run."""


def check_shape(name: str, array: npt.NDArray[np.generic], shape: tuple[int, ...]) -> None:
    """Raises ValueError unless the array has this shape."""
    _expect(array.shape == shape, f"{name}: has the shape {array.shape}; {shape} is needed.")


def check_range(name: str, array: IntArray, low: int, high: int) -> None:
    """Raises ValueError unless every number is from `low` to `high`."""
    inside = not array.size or (int(array.min()) >= low and int(array.max()) <= high)
    _expect(inside, f"{name}: must be from {low:,} to {high:,}.")


def _expect(holds: bool, rule: str) -> None:
    if not holds:
        raise ValueError(rule)
