"""Who holds which place on a first day: the placements that caseload knows, seated in the pools on file.

A placement that a decision named holds a place in the pool named, from its first day to its last. Any other holds one
in the pool of its setting and part that takes the child's year group, whatever the pool's needs say: the child is
there. It leaves when it has ended by the first day, or when the child has outgrown every pool of that setting and part.
Nobody else is taken out of a place: children are not moved to save money.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from math import inf

from services.provision.domain.pools import HN_UNIT, RESOURCE_BASE, SEN_UNIT, WITHIN_A_SETTING, PlacePool

WHOLE_SETTING = "whole_setting"


@dataclass(frozen=True, slots=True)
class Placement:
    """A case at a setting. `urn` 0: a setting without one. `part` is whole_setting, resource_base or sen_unit.

    The year group in academic year y is y minus `reception_year`. `last_day` None: no end recorded. `first_day` None:
    not recorded. `pool_id` is the pool that a decision named; "" when the return alone says where the child is.
    """

    case_id: str
    urn: int
    part: str
    primary_need: str
    reception_year: int
    last_day: date | None = None
    first_day: date | None = None
    pool_id: str = ""

    def has_begun(self, day: date) -> bool:
        """Whether it has begun by a day, as far as is recorded."""
        return self.first_day is None or self.first_day <= day

    def has_ended(self, day: date) -> bool:
        """Whether it has ended before a day."""
        return self.last_day is not None and self.last_day < day


@dataclass
class Seating:
    """Every placement once: held in a pool, leaving one, outside the pools on file, or at a setting without a URN."""

    held: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """Case ids by pool id."""
    leaving: Counter[str] = field(default_factory=Counter)
    """How many leave, by pool id."""
    unpooled: Counter[tuple[int, str]] = field(default_factory=Counter)
    """How many, by URN and part."""
    without_urn: int = 0
    strays: list[tuple[str, tuple[PlacePool, ...]]] = field(default_factory=list)
    """Children still to be seated whose need no pool lists: case id, and the pools that they may be in."""


def end_where_named(placements: Iterable[Placement]) -> tuple[Placement, ...]:
    """The placements, each ended before the case's next named one begins: a child is in one place at a time."""
    placements = tuple(placements)
    named: dict[str, list[date]] = defaultdict(list)
    for placement in placements:
        if placement.pool_id and placement.first_day:
            named[placement.case_id].append(placement.first_day)
    if not named:
        return placements
    ended = (_end_before(placement, named.get(placement.case_id, ())) for placement in placements)
    return tuple(placement for placement in ended if not _never_was(placement))


def _end_before(placement: Placement, named: Sequence[date]) -> Placement:
    later = [day for day in named if _gives_way(placement, day)]
    if not later:
        return placement
    last_day = min(later) - timedelta(days=1)
    return replace(placement, last_day=min(last_day, placement.last_day or last_day))


def _gives_way(placement: Placement, named_day: date) -> bool:
    """Whether a placement ends where a named one begins: it began before, or on that day and no decision named it."""
    if placement.first_day is None:
        return True
    return placement.first_day < named_day or (placement.first_day == named_day and not placement.pool_id)


def _never_was(placement: Placement) -> bool:
    return placement.first_day is not None and placement.has_ended(placement.first_day)


def seat_placements(placements: Iterable[Placement], pools: Sequence[PlacePool], first_day: date) -> Seating:
    """Seat every placement for `first_day`, as if nothing had been offered."""
    seating = find_seats(placements, pools, first_day)
    taken = {pool_id: len(cases) for pool_id, cases in seating.held.items()}
    for case_id, pool_id in seat_strays(seating.strays, taken, first_day):
        seating.held[pool_id].append(case_id)
    seating.strays.clear()
    return seating


def find_seats(placements: Iterable[Placement], pools: Sequence[PlacePool], first_day: date) -> Seating:
    """Seat every placement for `first_day` but the strays.

    Placements that begin later count already, because their place is given; but one that a decision named counts from
    its own first day, as its offer did.
    """
    seating = Seating()
    parts, by_id = _pools_by_part(pools), {pool.pool_id: pool for pool in pools}
    this_year = academic_year_start(first_day)

    @cache
    def look_up(urn: int, part: str, year_group: int, need: str) -> _Found:
        return _find_pools(parts.get((urn, part), ()), year_group, need, first_day)

    for placement in placements:
        if named := by_id.get(placement.pool_id):
            _seat_named(placement, named, seating, first_day)
            continue
        if not placement.urn:
            seating.without_urn += 1
            continue
        ended = placement.has_ended(first_day)
        year = academic_year_start(placement.last_day) if ended and placement.last_day else this_year
        found = look_up(placement.urn, placement.part, year - placement.reception_year, placement.primary_need)
        if not found.pools:
            seating.unpooled[placement.urn, placement.part] += 1
        elif ended or found.outgrown:
            seating.leaving[found.pools[0].pool_id] += 1
        elif found.for_the_need:
            seating.held[found.pools[0].pool_id].append(placement.case_id)
        else:
            seating.strays.append((placement.case_id, found.pools))
    return seating


def _seat_named(placement: Placement, pool: PlacePool, seating: Seating, first_day: date) -> None:
    """Seat a child in the pool that a decision named, from the placement's own first day on."""
    year_group = academic_year_start(first_day) - placement.reception_year
    if placement.has_ended(first_day) or year_group > pool.year_group_high:
        seating.leaving[pool.pool_id] += 1
    elif placement.has_begun(first_day):
        seating.held[pool.pool_id].append(placement.case_id)


@dataclass(frozen=True)
class _Found:
    """Pools of one setting and part that a child may be in, equally likely, by id; and what is known of the child."""

    pools: tuple[PlacePool, ...]
    for_the_need: bool
    outgrown: bool


def _find_pools(pools: Sequence[PlacePool], year_group: int, need: str, first_day: date) -> _Found:
    """The pools that take the year: open before not yet open, then for the need, for any need, for other needs.

    A child older than every pool takes is looked up in the oldest year that is taken, and has outgrown it.
    """

    def distance(pool: PlacePool) -> tuple[bool, int]:
        return not pool.is_open_on(first_day), 0 if need in pool.needs else 1 if not pool.needs else 2

    oldest = max((pool.year_group_high for pool in pools), default=year_group)
    taking = [pool for pool in pools if pool.takes_year(min(year_group, oldest))]
    nearest = min(map(distance, taking), default=(False, 0))
    likely = sorted((pool for pool in taking if distance(pool) == nearest), key=lambda pool: pool.pool_id)
    return _Found(tuple(likely), for_the_need=nearest[1] < 2, outgrown=year_group > oldest)


def seat_strays(
    strays: Iterable[tuple[str, Sequence[PlacePool]]], held: Mapping[str, int], first_day: date
) -> Iterator[tuple[str, str]]:
    """Case id and pool id of each child whose need no pool lists: where most room is left, so that none counts twice.

    They are in one of the pools, and nothing says which; in case id order, so that the answer is always the same.
    `held` is how many places others hold, by pool id.
    """
    taken = Counter(held)

    def room(pool: PlacePool) -> float:
        places = pool.places_on(first_day)
        return inf if places is None else places - taken[pool.pool_id]

    for case_id, pools in sorted(strays, key=lambda stray: stray[0]):
        pool_id = max(pools, key=room).pool_id
        taken[pool_id] += 1
        yield case_id, pool_id


def academic_year_start(day: date) -> int:
    """2024 for any day from 1 September 2024 to 31 August 2025."""
    return day.year if day.month >= 9 else day.year - 1


def _pools_by_part(pools: Sequence[PlacePool]) -> Mapping[tuple[int, str], Sequence[PlacePool]]:
    """Pools by URN and part. A setting with bases only, or units only, has the children of either part in them.

    Nobody is in a High Needs dependency unit by import: SEN2 has no mark for one.
    """
    parts: dict[tuple[int, str], list[PlacePool]] = defaultdict(list)
    for pool in pools:
        if pool.kind != HN_UNIT:
            parts[pool.urn, pool.kind if pool.kind in WITHIN_A_SETTING else WHOLE_SETTING].append(pool)
    for urn, part in list(parts):
        other = {RESOURCE_BASE: SEN_UNIT, SEN_UNIT: RESOURCE_BASE}.get(part)
        if other and (urn, other) not in parts:
            parts[urn, other] = parts[urn, part]
    return parts
