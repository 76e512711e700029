"""Place pools: interchangeable places at one setting, their number by date, and caps that several pools share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

RESOURCE_BASE, SEN_UNIT, HN_UNIT = "resource_base", "sen_unit", "hn_unit"
KINDS = (
    "mainstream",
    RESOURCE_BASE,
    SEN_UNIT,
    HN_UNIT,
    "state_special",
    "non_maintained_special",
    "independent_special",
    "alternative_provision",
    "further_education",
)
WITHIN_A_SETTING = frozenset({RESOURCE_BASE, SEN_UNIT, HN_UNIT})
"""Kinds that are a part of their setting; the others are the setting as a whole."""
MAY_HAVE_NO_FIXED_NUMBER = frozenset({"mainstream", "further_education"})
BASES = ("published", "invented", "estimate", "authority")
NURSERY = -1
"""The lowest year group of a pool. It stands for every child below Reception: two-year-olds go to nursery too."""


class Dated(Protocol):
    """Something that counts from a first day on, once confirmed."""

    @property
    def first_day(self) -> date: ...

    @property
    def confirmed(self) -> bool: ...


DatedT = TypeVar("DatedT", bound=Dated)


@dataclass(frozen=True, slots=True)
class PlacesFrom:
    """The number of places from `first_day` on. `places` None: no fixed number.

    `group_places` is the number that the pool's group has from that day on; None when the pool is in no group.
    """

    first_day: date
    places: int | None
    confirmed: bool = True
    basis: str = "authority"
    group_places: int | None = None


@dataclass(frozen=True, slots=True)
class PlacePool:
    """Interchangeable places at one setting. Year groups are inclusive; `needs` empty means any need.

    `admits_sex` "" means whom its setting admits; `numbers` are ordered by first day and never empty.
    """

    pool_id: str
    urn: int
    kind: str
    needs: tuple[str, ...]
    year_group_low: int
    year_group_high: int
    numbers: tuple[PlacesFrom, ...]
    admits_sex: str = ""
    wheelchair_accessible: bool | None = None
    group_id: str = ""

    def takes_year(self, year_group: int) -> bool:
        """Whether children of this year group are taken; nursery is every year group below Reception."""
        return self.year_group_low <= max(year_group, NURSERY) <= self.year_group_high

    def number_on(self, day: date) -> PlacesFrom | None:
        """The number that counts on a day, or None before the pool's first.

        A confirmed number stands until the next confirmed one: a planned change that is not certain alters nothing.
        Only where nothing is confirmed by then is the planned number given, to be shown and not counted on.
        """
        return latest_on(self.numbers, day)

    def places_on(self, day: date) -> int | None:
        """Places that can be counted on that day; None for no fixed number."""
        number = self.number_on(day)
        return number.places if number and number.confirmed else 0

    def opening_after(self, day: date) -> PlacesFrom | None:
        """The first number after a day, whether confirmed or not; None when there is none."""
        return next((number for number in self.numbers if number.first_day > day), None)

    def is_open_on(self, day: date) -> bool:
        """Whether places are confirmed for a day."""
        number = self.number_on(day)
        return number is not None and number.confirmed


def latest_on(numbers: Iterable[DatedT], day: date) -> DatedT | None:
    """Of those that began by a day the latest confirmed one, else the latest planned one, else None."""
    begun = [number for number in numbers if number.first_day <= day]
    return max(begun, key=lambda number: (number.confirmed, number.first_day), default=None)


def group_places_on(pools: Sequence[PlacePool], day: date) -> int:
    """Places that a group of pools has together on a day: the latest confirmed number that any of them states."""
    number = latest_on((number for pool in pools for number in pool.numbers), day)
    return (number.group_places or 0) if number is not None and number.confirmed else 0
