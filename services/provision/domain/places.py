"""The places as they will stand on a first day: commissioned, filled, leaving and free, pool by pool."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from services.provision.domain.occupancy import Placement, Seating, seat_placements
from services.provision.domain.pools import PlacePool, group_places_on
from services.provision.domain.settings import Setting


@dataclass(frozen=True, slots=True)
class PoolOnDay:
    """A pool on the first day. `commissioned` and `free` None: no fixed number.

    `confirmed` False: the places are planned but not certain, and none is free. `opens_on`: the day on which a pool
    without places by then gets its first.
    """

    pool: PlacePool
    setting: Setting
    commissioned: int | None
    filled: int
    leaving: int
    free: int | None
    confirmed: bool
    basis: str
    opens_on: date | None
    held_by: tuple[str, ...]

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
    pool_ids: tuple[str, ...]

    @property
    def free(self) -> int:
        """Never below 0."""
        return max(0, self.commissioned - self.filled)


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


def count_places(
    pools: Sequence[PlacePool], settings: Mapping[int, Setting], placements: Iterable[Placement], first_day: date
) -> PlacesOnDay:
    """Seat the placements and count every pool's and group's places. `settings` has every pool's URN."""
    seating = seat_placements(placements, pools, first_day)
    on_day = [_pool_on_day(pool, settings[pool.urn], seating, first_day) for pool in pools]
    on_day.sort(key=lambda found: found.pool.pool_id)
    unpooled = [Unpooled(urn, part, count) for (urn, part), count in sorted(seating.unpooled.items())]
    return PlacesOnDay(tuple(on_day), _groups_on_day(on_day, first_day), tuple(unpooled))


def _pool_on_day(pool: PlacePool, setting: Setting, seating: Seating, first_day: date) -> PoolOnDay:
    number, held_by = pool.number_on(first_day), tuple(sorted(seating.held.get(pool.pool_id, ())))
    opening = None if number else pool.opening_after(first_day)
    shown = number or opening or pool.numbers[0]
    commissioned = number.places if number else 0
    return PoolOnDay(
        pool=pool,
        setting=setting,
        commissioned=commissioned,
        filled=len(held_by),
        leaving=seating.leaving[pool.pool_id],
        free=_free(commissioned, len(held_by)) if shown.confirmed else 0,
        confirmed=shown.confirmed,
        basis=shown.basis,
        opens_on=opening.first_day if opening else None,
        held_by=held_by,
    )


def _free(commissioned: int | None, filled: int) -> int | None:
    return None if commissioned is None else max(0, commissioned - filled)


def _groups_on_day(pools: Sequence[PoolOnDay], first_day: date) -> tuple[GroupOnDay, ...]:
    members: dict[str, list[PoolOnDay]] = defaultdict(list)
    for found in pools:
        if found.pool.group_id:
            members[found.pool.group_id].append(found)
    return tuple(
        GroupOnDay(
            group_id,
            commissioned=group_places_on([found.pool for found in group], first_day),
            filled=sum(found.filled for found in group),
            pool_ids=tuple(found.pool.pool_id for found in group),
        )
        for group_id, group in sorted(members.items())
    )
