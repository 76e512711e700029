"""Places in every pool on 1 September of each year, in one replicate: the facts, the levers, and what goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache

import numpy as np

from services.placement.forecast.simulation.categories import PLACE_KINDS
from services.placement.forecast.simulation.draws import Draws
from services.placement.forecast.simulation.opening import DelayPool, ExtendPool, OpenPool
from services.placement.forecast.simulation.prepare import Prepared
from services.placement.forecast.simulation.world import NO_FIXED_NUMBER, BoolArray, IntArray
from services.placement.model.lots import seeds_of

NEVER = date.max
MAINSTREAM = PLACE_KINDS.index("mainstream")


@dataclass(frozen=True, eq=False)
class PlaceNumbers:
    """Places of one replicate, over Y years.

    Parameters
    ----------
    places
        int64[N, Y], on 1 September, or NO_FIXED_NUMBER; probes have 0.
    group_places
        int64[G, Y].
    closed
        bool[N, Y], whether a lever has closed the pool by then.
    early
        (year index, pool, places, share): places that open within a year and are there for the next year's decisions:
        the share of that year's days for which they are paid.
    """

    places: IntArray
    group_places: IntArray
    closed: BoolArray
    early: tuple[tuple[int, int, int, Fraction], ...]


def place_numbers(prepared: Prepared, draws: Draws) -> PlaceNumbers:
    """Return the places of one replicate."""
    definition = prepared.definition
    years = definition.years
    places, group_places = (certain.copy() for certain in _certain(prepared))
    closed = np.zeros(places.shape, dtype=np.bool_)
    early: list[tuple[int, int, int, Fraction]] = []
    for pool, opens, count in _coming(prepared, draws):
        at = _first_decisions(opens) - definition.first_year
        _add(places[pool, max(at, 0) :], count)
        for group in _groups_around(prepared, pool):
            _add(group_places[group, max(at, 0) :], count)
        share = _share_of_year(opens)
        if 1 <= at <= years and share:
            early.append((at - 1, pool, count, share))
    for one in definition.levers.close:
        pool = prepared.pools.ids.index(one.pool)
        at = max(_first_decisions(one.closes) - definition.first_year, 0)
        places[pool, at:], closed[pool, at:] = 0, True
    return PlaceNumbers(places, group_places, closed, tuple(early))


@lru_cache(maxsize=4)
def _certain(prepared: Prepared) -> tuple[IntArray, IntArray]:
    """What is the same in every replicate: places and those of groups, grown and delayed."""
    years = prepared.definition.years
    places = _over_years(prepared.pools.places, years)
    group_places = _over_years(prepared.pools.group_places, years)
    _grow_mainstream(prepared, places, group_places)
    _delay(prepared, places)
    return places, group_places


def _add(numbers: IntArray, count: int) -> None:
    """Add places to the years that have a fixed number."""
    numbers[numbers != NO_FIXED_NUMBER] += count


def _over_years(places: IntArray, years: int) -> IntArray:
    """int64[n, Y]: what is on file, and after the last year on file its number again."""
    horizon = places.shape[1]
    if not places.shape[0]:
        return np.zeros((0, years), dtype=np.int64)
    return places[:, np.minimum(np.arange(years), horizon - 1)].astype(np.int64)


def _grow_mainstream(prepared: Prepared, places: IntArray, group_places: IntArray) -> None:
    """Mainstream schools take more children with plans as there are more, by the definition's rate."""
    growth = (1 + prepared.definition.mainstream_growth) ** np.arange(places.shape[1])
    for pool in np.flatnonzero(prepared.pools.kind == MAINSTREAM).tolist():
        more = np.where(places[pool] > 0, np.floor(places[pool] * growth).astype(np.int64) - places[pool], 0)
        places[pool] += more
        for group in _groups_around(prepared, pool):
            group_places[group] += np.where(group_places[group] > 0, more, 0)


def _delay(prepared: Prepared, places: IntArray) -> None:
    """Bring the places that a pool on file is to gain, from year to year, so much later; begun years count whole."""
    for one in prepared.definition.levers.delay:
        if one.pool.startswith("lever:"):
            continue
        pool, later = prepared.pools.ids.index(one.pool), -(-one.months // 12)
        numbers = places[pool].copy()
        if (numbers == NO_FIXED_NUMBER).any():
            continue
        gains = np.maximum(np.diff(numbers), 0)
        losses = np.minimum(np.diff(numbers), 0)
        moved = np.zeros_like(gains)
        moved[later:] = gains[: max(gains.size - later, 0)]
        places[pool, 1:] = np.maximum(numbers[0] + np.cumsum(moved + losses), 0)


def _coming(prepared: Prepared, draws: Draws) -> Iterator[tuple[int, date, int]]:
    """Pool, day and number of the places that levers bring, as it turns out in this replicate."""
    levers, units = prepared.definition.levers, prepared.definition.levers.hn_units
    named: list[tuple[OpenPool | ExtendPool, str, str]] = [
        *((one, f"lever:{one.name}", f"open {one.name}") for one in levers.open),
        *((one, one.pool, f"extend {one.pool} {at}") for at, one in enumerate(levers.extend)),
    ]
    for one, pool_id, key in named:
        pool = prepared.pools.ids.index(pool_id)
        opens, places = _drawn(prepared, draws, one, key)
        if opens == NEVER:
            continue
        if isinstance(one, OpenPool):
            opens = _delayed(opens, pool_id, levers.delay)
            if one.kind == "hn_unit":
                places = min(places, max(units.min_pupils, round(places * units.take_up)))
        yield pool, opens, places


def _drawn(prepared: Prepared, draws: Draws, one: OpenPool | ExtendPool, key: str) -> tuple[date, int]:
    """When it opens and with how many places, by chance; NEVER if it does not."""
    risks, seed = prepared.definition.levers.risks, seeds_of([key])

    def falls(purpose: str) -> float:
        return float(draws.uniform_of(purpose, 0, seed)[0])

    if falls("opens") >= one.chance or falls("secured") < risks.not_secured_chance:
        return NEVER, 0
    opens, places = one.opens, one.places
    if falls("late") < risks.late_chance:
        opens = _months_later(opens, risks.late_months[int(falls("months") * len(risks.late_months))])
    if falls("take_up") < risks.low_take_up_chance:
        places = round(places * risks.low_take_up_share)
    return opens, places


def _delayed(opens: date, pool_id: str, delays: tuple[DelayPool, ...]) -> date:
    for one in delays:
        if one.pool == pool_id:
            opens = _months_later(opens, one.months)
    return opens


def _months_later(day: date, months: int) -> date:
    """The same day of a later month; the first of the month after where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    try:
        return date(year, month + 1, day.day)
    except ValueError:
        return _months_later(day.replace(day=1), months + 1)


def _first_decisions(day: date) -> int:
    """The academic year of the first 1 September on or after a day."""
    return day.year if day <= date(day.year, 9, 1) else day.year + 1


def _share_of_year(day: date) -> Fraction:
    """The share of its academic year's days from a day to 31 August; 0 on 1 September itself."""
    following = date(_first_decisions(day), 9, 1)
    begun = date(following.year - 1, 9, 1)
    return Fraction((following - day).days, (following - begun).days)


def _groups_around(prepared: Prepared, pool: int) -> Iterator[int]:
    group = int(prepared.pools.group[pool])
    while group >= 0:
        yield group
        group = int(prepared.pools.group_parent[group])
