"""Who holds which place on a first day: the placements that caseload knows, seated in the pools on file.

A placement holds a place in the pool of its setting and part that takes the child's year group, whatever the pool's
needs say: the child is there. It leaves when it has ended by the first day, or when the child has outgrown every pool
of that setting and part. Nobody else is taken out of a place: children are not moved to save money.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from math import inf

from services.provision.domain.pools import HN_UNIT, RESOURCE_BASE, SEN_UNIT, WITHIN_A_SETTING, PlacePool

WHOLE_SETTING = "whole_setting"


@dataclass(frozen=True, slots=True)
class Placement:
    """A case at a setting. `urn` 0: a setting without one. `part` is whole_setting, resource_base or sen_unit.

    The year group in academic year y is y minus `reception_year`. `last_day` None: no end recorded.
    """

    case_id: str
    urn: int
    part: str
    primary_need: str
    reception_year: int
    last_day: date | None = None


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


def seat_placements(placements: Iterable[Placement], pools: Sequence[PlacePool], first_day: date) -> Seating:
    """Seat every placement for `first_day`. Placements that begin later count already: their place is given."""
    seating, strays = Seating(), []
    parts = _pools_by_part(pools)
    this_year = academic_year_start(first_day)

    @cache
    def look_up(urn: int, part: str, year_group: int, need: str) -> _Found:
        return _find_pools(parts.get((urn, part), ()), year_group, need, first_day)

    for placement in placements:
        if not placement.urn:
            seating.without_urn += 1
            continue
        ended = placement.last_day is not None and placement.last_day < first_day
        year = academic_year_start(placement.last_day) if ended and placement.last_day else this_year
        found = look_up(placement.urn, placement.part, year - placement.reception_year, placement.primary_need)
        if not found.pools:
            seating.unpooled[placement.urn, placement.part] += 1
        elif ended or found.outgrown:
            seating.leaving[found.pools[0].pool_id] += 1
        elif found.for_the_need:
            seating.held[found.pools[0].pool_id].append(placement.case_id)
        else:
            strays.append((placement.case_id, found.pools))
    _seat_strays(strays, seating, first_day)
    return seating


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


def _seat_strays(strays: Sequence[tuple[str, Sequence[PlacePool]]], seating: Seating, first_day: date) -> None:
    """Seat children whose need no pool lists, each in the pool with most room left, so that no room is counted twice.

    They are in one of the pools, and nothing says which; in case id order, so that the answer is always the same.
    """

    def room(pool: PlacePool) -> float:
        number = pool.number_on(first_day)
        places = number.places if number and number.confirmed else 0
        return inf if places is None else places - len(seating.held.get(pool.pool_id, ()))

    for case_id, pools in sorted(strays, key=lambda stray: stray[0]):
        seating.held[max(pools, key=room).pool_id].append(case_id)


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
