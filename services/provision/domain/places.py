"""The places as they will stand on a day: commissioned, filled, offered, leaving and free, pool by pool."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from services.provision.domain.held import Held, held_on, together
from services.provision.domain.occupancy import Placement, Seating, find_seats, seat_again
from services.provision.domain.offers import Offer
from services.provision.domain.pools import PlacePool, group_places_on
from services.provision.domain.settings import Setting

FEW = 500
"""So many placements that changed are seated one by one; beyond that all are."""


@dataclass(frozen=True, slots=True)
class PoolOnDay:
    """A pool on the first day. `commissioned` and `free` None: no fixed number.

    `over_number` of those filled and offered were named beyond the number. `confirmed` False: the places are planned
    but not certain, and none is free. `opens_on`: the day on which a pool without places by then gets its first.
    """

    pool: PlacePool
    setting: Setting
    commissioned: int | None
    filled: int
    offered: int
    over_number: int
    leaving: int
    free: int | None
    confirmed: bool
    basis: str
    opens_on: date | None
    held_by: tuple[str, ...]
    offered_to: tuple[str, ...]

    @property
    def admits_sex(self) -> str:
        """Whom it admits: as the pool says, else its setting, else both."""
        return self.pool.admits_sex or self.setting.admits_sex or "mixed"


@dataclass(frozen=True, slots=True)
class GroupOnDay:
    """A cap shared by several pools on the first day."""

    group_id: str
    commissioned: int
    filled: int
    offered: int
    pool_ids: tuple[str, ...]

    @property
    def free(self) -> int:
        """Never below 0."""
        return max(0, self.commissioned - self.filled - self.offered)


@dataclass(frozen=True, slots=True)
class Unpooled:
    """How many placements at one part of one setting fit no pool on file."""

    urn: int
    part: str
    placements: int


@dataclass(frozen=True, slots=True)
class PlacesOnDay:
    """Everything on the first day: pools by pool id, groups by group id, unpooled placements by URN and part."""

    pools: tuple[PoolOnDay, ...]
    groups: tuple[GroupOnDay, ...]
    unpooled: tuple[Unpooled, ...]


@dataclass(frozen=True, slots=True)
class Seats:
    """Pools on file, the settings that they are at by URN, and the placements seated in them for a day."""

    pools: tuple[PlacePool, ...]
    settings: Mapping[int, Setting]
    placements: tuple[Placement, ...]
    seating: Seating
    day: date

    def after(self, placements: tuple[Placement, ...]) -> Seats:
        """The seats of other placements, of which most are the same objects as those seated."""
        were, are = set(map(id, self.placements)), set(map(id, placements))
        gone = [placement for placement in self.placements if id(placement) not in are]
        new = [placement for placement in placements if id(placement) not in were]
        if len(gone) + len(new) > FEW:
            return seat(self.pools, self.settings, placements, self.day)
        seating = seat_again(self.seating, gone, new, self.pools, self.day)
        return Seats(self.pools, self.settings, placements, seating, self.day)


def seat(
    pools: Sequence[PlacePool], settings: Mapping[int, Setting], placements: Iterable[Placement], day: date
) -> Seats:
    """Seat the placements for a day. `settings` has every pool's URN."""
    seated = tuple(placements)
    return Seats(tuple(pools), settings, seated, find_seats(seated, pools, day), day)


def count_places(seats: Seats, offers: Sequence[Offer]) -> PlacesOnDay:
    """Count every pool's and group's places on the day of the seats. `offers` are those that count: see `held_on`."""
    day, seating = seats.day, seats.seating
    held = held_on(day, seating, offers)
    on_day = [
        _pool_on_day(pool, seats.settings[pool.urn], held.get(pool.pool_id, Held()), seating, day)
        for pool in seats.pools
    ]
    on_day.sort(key=lambda found: found.pool.pool_id)
    unpooled = [Unpooled(urn, part, count) for (urn, part), count in sorted(seating.unpooled.items())]
    return PlacesOnDay(tuple(on_day), _groups_on_day(on_day, held, day), tuple(unpooled))


def _pool_on_day(pool: PlacePool, setting: Setting, held: Held, seating: Seating, first_day: date) -> PoolOnDay:
    number = pool.number_on(first_day)
    opening = None if number else pool.opening_after(first_day)
    shown = number or opening or pool.numbers[0]
    commissioned = number.places if number else 0
    return PoolOnDay(
        pool=pool,
        setting=setting,
        commissioned=commissioned,
        filled=len(held.filled),
        offered=len(held.offered),
        over_number=held.over_number,
        leaving=seating.leaving[pool.pool_id] + held.gone,
        free=_free(commissioned, len(held.everybody)) if shown.confirmed else 0,
        confirmed=shown.confirmed,
        basis=shown.basis,
        opens_on=opening.first_day if opening else None,
        held_by=tuple(sorted(held.filled)),
        offered_to=tuple(sorted(held.offered)),
    )


def _free(commissioned: int | None, held: int) -> int | None:
    return None if commissioned is None else max(0, commissioned - held)


def _groups_on_day(pools: Sequence[PoolOnDay], held: Mapping[str, Held], first_day: date) -> tuple[GroupOnDay, ...]:
    members: dict[str, list[PlacePool]] = defaultdict(list)
    for found in pools:
        if found.pool.group_id:
            members[found.pool.group_id].append(found.pool)
    return tuple(_group_on_day(group_id, group, held, first_day) for group_id, group in sorted(members.items()))


def _group_on_day(group_id: str, pools: Sequence[PlacePool], held: Mapping[str, Held], first_day: date) -> GroupOnDay:
    pool_ids = tuple(pool.pool_id for pool in pools)
    of_all = together(held, pool_ids)
    return GroupOnDay(group_id, group_places_on(pools, first_day), len(of_all.filled), len(of_all.offered), pool_ids)
