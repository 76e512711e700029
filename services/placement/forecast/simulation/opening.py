"""Levers on places: pools that open, grow, come late or close, and the risks of a programme that opens them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from services.placement.forecast.rates.rates import NEEDS
from services.placement.forecast.simulation.categories import PLACE_KINDS
from services.placement.forecast.simulation.reading import SHARE, day, list_of, one_of, ruled, text, whole

UNIT_PLACES_MOST = 6
MONTHS_MOST = 60


def years_of(value: Any) -> tuple[int, int]:
    """First and last year group, from a list of two; Reception is 0, Nursery -1."""
    years = list_of(whole(-1, 21), 2)(value)
    if len(years) != 2 or years[0] > years[1]:
        raise ValueError(f"{value!r} is not a first and a last year group, such as [7, 11].")
    return years[0], years[1]


@dataclass(frozen=True)
class OpenPool:
    """A pool that is not there yet.

    Parameters
    ----------
    name
        Unique in the definition; the pool's id in results is "lever:" and the name.
    kind, needs, years, places
        Needs: SEN2 codes, none for any. A High Needs unit has at most 6 places and is for SEMH.
    opens
        Its places are there for the decisions of the first 1 September on or after this day; money runs from the day.
    urn, area
        The setting at which it opens, which must have a pool on file already; or, without a `urn`, the mainstream
        setting nearest the middle of an area's pools.
    like
        A pool on file whose prices it copies; "" takes the pool of its kind that shares most needs.
    chance
        That it opens at all. Late completion, low take-up and the grant are `Risks`.
    suitable_share
        Of the children whose best settled place would be a special school or INMSS and whom it could admit, the share
        for whom the advice would name it too; an illustrative default.
    yearly_block_pence
        For a High Needs unit: its whole yearly cost, GBP 140,000 by default (the seed says 120,000 to 160,000).
    """

    name: str = ruled(text(60))
    kind: str = ruled(one_of(PLACE_KINDS))
    places: int = ruled(whole(1, 200))
    opens: date = ruled(day)
    needs: tuple[str, ...] = ruled(list_of(one_of(NEEDS[:-1]), len(NEEDS)), ())
    years: tuple[int, int] = ruled(years_of, (0, 11))
    urn: int = ruled(whole(1, 9_999_999), 0)
    area: str = ruled(text(60), "")
    like: str = ruled(text(100), "")
    chance: float = ruled(SHARE, 1.0)
    suitable_share: float = ruled(SHARE, 0.5)
    yearly_block_pence: int = ruled(whole(0, 10**10), 14_000_000)
    why: str = ruled(text(), "")
    who: str = ruled(text(), "")

    def __post_init__(self) -> None:
        if not self.name:
            raise ValueError("name: a pool that opens needs a name.")
        if not self.urn and not self.area:
            raise ValueError("say where it opens: a urn, or an area.")
        if self.kind == "hn_unit" and self.places > UNIT_PLACES_MOST:
            raise ValueError(f"places: {self.places} is more than the {UNIT_PLACES_MOST} of a High Needs unit.")
        if self.kind == "hn_unit" and self.needs not in ((), ("SEMH",)):
            raise ValueError("needs: a High Needs unit is for SEMH.")


@dataclass(frozen=True)
class ExtendPool:
    """More places in a pool on file, and in the groups around it."""

    pool: str = ruled(text(100))
    places: int = ruled(whole(1, 200))
    opens: date = ruled(day)
    chance: float = ruled(SHARE, 1.0)
    why: str = ruled(text(), "")
    who: str = ruled(text(), "")


@dataclass(frozen=True)
class DelayPool:
    """A pool on file whose coming places come later, or one that opens by a lever ("lever:" and its name)."""

    pool: str = ruled(text(100))
    months: int = ruled(whole(1, MONTHS_MOST))
    why: str = ruled(text(), "")
    who: str = ruled(text(), "")


@dataclass(frozen=True)
class ClosePool:
    """A pool with no places from a day on. Its children's placements become decisions that are due."""

    pool: str = ruled(text(100))
    closes: date = ruled(day)
    why: str = ruled(text(), "")
    who: str = ruled(text(), "")


@dataclass(frozen=True)
class Risks:
    """What may go wrong with each pool that opens or grows by a lever, drawn for each anew in every replicate.

    Late completion: so many months later, each number in `late_months` equally likely. Low take-up by settings: only
    `low_take_up_share` of the places are offered. Grant not secured: it does not open.
    """

    late_chance: float = ruled(SHARE, 0.0)
    late_months: tuple[int, ...] = ruled(list_of(whole(1, MONTHS_MOST), 60), (6, 12))
    low_take_up_chance: float = ruled(SHARE, 0.0)
    low_take_up_share: float = ruled(SHARE, 0.5)
    not_secured_chance: float = ruled(SHARE, 0.0)
    why: str = ruled(text(), "")
    who: str = ruled(text(), "")

    def __post_init__(self) -> None:
        if self.late_chance > 0 and not self.late_months:
            raise ValueError("late_months: say by how many months it may be late.")
