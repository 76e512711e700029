"""Places over a period: a step for each day on which a number changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from services.provision.domain.held import Held, held_on, together
from services.provision.domain.occupancy import Placement, find_seats
from services.provision.domain.offers import Offer
from services.provision.domain.pools import PlacePool
from services.provision.domain.room import Cap, caps_of

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Step:
    """The places of a pool from a day on. `commissioned` and `free` None: no fixed number."""

    pool_id: str
    day: date
    commissioned: int | None
    filled: int
    offered: int
    free: int | None
    over_number: int


@dataclass(frozen=True)
class Period:
    """First and last day, inclusive."""

    first_day: date
    last_day: date

    def holds(self, day: date) -> bool:
        """Whether the day is in it."""
        return self.first_day <= day <= self.last_day


class Site:
    """Pools that must be counted together, because they share settings, with their placements and offers."""

    def __init__(self, pools: Sequence[PlacePool], placements: Iterable[Placement], offers: Iterable[Offer]) -> None:
        self.pools, self.placements, self.offers = tuple(pools), tuple(placements), tuple(offers)
        self._held: dict[date, Mapping[str, Held]] = {}

    def steps(self, pool: PlacePool, period: Period) -> Iterator[Step]:
        """One for the first day, then one for each day on which the pool's numbers change."""
        caps, last = caps_of(pool, self.pools), None
        for day in sorted({period.first_day, *filter(period.holds, self._turning_days(period))}):
            step = self._step(pool, caps, day)
            if last is None or replace(step, day=last.day) != last:
                yield step
                last = step

    def held(self, day: date) -> Mapping[str, Held]:
        """Who holds a place on a day, by pool id."""
        if day not in self._held:
            self._held[day] = held_on(day, find_seats(self.placements, self.pools, day), self.offers)
        return self._held[day]

    def _turning_days(self, period: Period) -> Iterator[date]:
        """Days on which something may begin or end; on the first of September children move up by age."""
        yield from (date(year, 9, 1) for year in range(period.first_day.year, period.last_day.year + 1))
        yield from (number.first_day for pool in self.pools for number in pool.numbers)
        lasting: tuple[Placement | Offer, ...] = (*self.placements, *self.offers)
        yield from (each.first_day for each in lasting if each.first_day)
        yield from (each.last_day + ONE_DAY for each in lasting if each.last_day)

    def _step(self, pool: PlacePool, caps: Sequence[Cap], day: date) -> Step:
        held = self.held(day)
        own = held.get(pool.pool_id, Held())
        left = [_left(cap, held, day) for cap in caps]
        free = None if left[0] is None else min(number for number in left if number is not None)
        commissioned = pool.places_on(day)
        return Step(pool.pool_id, day, commissioned, len(own.filled), len(own.offered), free, own.over_number)


def _left(cap: Cap, held: Mapping[str, Held], day: date) -> int | None:
    places = cap.places_on(day)
    taken = together(held, (pool.pool_id for pool in cap.pools)).everybody
    return None if places is None else max(0, places - len(taken))
